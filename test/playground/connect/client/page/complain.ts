/** Tells the page's developer what went wrong, without stopping the page. */
export function complain(message: string, cause?: unknown): void {
  // oxlint-disable-next-line no-console -- the real client has no other way either
  console.error(`amazon_connect: ${message}`, ...(cause === undefined ? [] : [cause]));
}
