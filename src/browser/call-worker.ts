import { config } from "./browser-config.ts";

interface Call {
  readonly method: "POST" | "DELETE";
  readonly body?: object;
  readonly timeoutMs: number;
  /** Goes on when the visitor leaves the page: not for an answer whose cookie has to come before that of the next page. */
  readonly keepalive: boolean;
}

/**
 * Calls a chat route of the Worker.
 *
 * @returns `null` when no answer came in time, or not the Worker's: without it, the site behind answers.
 */
export async function callWorker(
  route: string,
  { method, body, timeoutMs, keepalive }: Call,
): Promise<Response | null> {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), timeoutMs);
  try {
    const response = await fetch(`${config.path}/${route}`, {
      method,
      ...(body !== undefined && { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
      keepalive,
      signal: controller.signal,
    });
    const isJson = response.headers.get("content-type")?.startsWith("application/json") === true;
    return isJson || response.status === 204 ? response : null;
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}

/** Whether asking again could be answered differently. */
export function isFinal({ ok, status }: Response): boolean {
  return ok || (status >= 400 && status < 500 && status !== 429);
}
