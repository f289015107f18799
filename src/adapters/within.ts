/**
 * Waits for some work, and not for ever.
 *
 * @param timeoutMs How long, in milliseconds. The work itself goes on.
 * @throws {Error} When it takes longer; else what the work throws.
 */
export async function within<T>(timeoutMs: number, work: Promise<T>): Promise<T> {
  const { promise: timeout, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`not within ${timeoutMs} ms`)), timeoutMs);
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
