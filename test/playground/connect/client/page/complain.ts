/** Tells the page's developer what went wrong; the page itself goes on. */
export function complain(message: string, cause?: unknown): void {
  // oxlint-disable-next-line no-console -- the only way the real client has, too
  console.error(`amazon_connect: ${message}`, ...(cause === undefined ? [] : [cause]));
}
