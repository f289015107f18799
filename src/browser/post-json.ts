/**
 * Posts to the Worker.
 *
 * @returns `null` when no answer came in time.
 */
export async function postJson(url: string, body: object, timeoutMs: number): Promise<Response | null> {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), timeoutMs);
  try {
    return await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      // Goes on when the visitor leaves the page.
      keepalive: true,
      signal: controller.signal,
    });
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}

/** Whether asking again could be answered differently. */
export function isFinal({ status }: Response): boolean {
  return status < 300 || (status >= 400 && status < 500 && status !== 429);
}
