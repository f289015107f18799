interface PostOptions {
  readonly timeoutMs: number;
  /** Goes on when the visitor leaves the page: not for an answer whose cookie has to come before that of the next page. */
  readonly keepalive: boolean;
}

/**
 * Posts to the Worker.
 *
 * @returns `null` when no answer came in time, or not the Worker's: without it, the site behind answers.
 */
export async function postJson(url: string, body: object, options: PostOptions): Promise<Response | null> {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), options.timeoutMs);
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      keepalive: options.keepalive,
      signal: controller.signal,
    });
    return response.headers.get("content-type")?.startsWith("application/json") === true ? response : null;
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}

/** Whether asking again could be answered differently. */
export function isFinal({ status }: Response): boolean {
  return status === 200 || status === 201 || (status >= 400 && status < 500 && status !== 429);
}
