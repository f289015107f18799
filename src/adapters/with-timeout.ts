/**
 * Waits for some work for a limited time.
 *
 * @param timeoutMs How long, in milliseconds. The work itself goes on.
 * @throws {Error} After the time is up, or the error of the work itself.
 */
export async function withTimeout<T>(timeoutMs: number, work: Promise<T>): Promise<T> {
  const { promise: timeout, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`not within ${timeoutMs} ms`)), timeoutMs);
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
