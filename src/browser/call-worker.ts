import { config } from "./browser-config.ts";

interface Call {
  readonly method: "POST" | "DELETE";
  readonly body?: object;
  readonly timeoutMs: number;
}

/**
 * Calls a chat route of the Worker.
 *
 * @returns `null` when no answer came in time, or not the Worker's: without it, the site behind answers.
 */
export async function callWorker(route: string, { method, body, timeoutMs }: Call): Promise<Response | null> {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), timeoutMs);
  try {
    const response = await fetch(`${config.path}/${route}`, {
      method,
      ...(body !== undefined && { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
      // Nothing else goes on when the visitor leaves the page: it would no longer be under the lock, and its record and
      // cookie could undo those of a later call.
      keepalive: method === "DELETE",
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

/** How long the Worker wants not to be called, in milliseconds. Source: RFC 9110 §10.2.3. */
export function retryAfterMs({ headers }: Response): number {
  return 1000 * Number(headers.get("retry-after")) || 0;
}

/** Whether asking again would be answered the same: so not after a slow connection (408), nor after too many calls (429). */
export function isFinal({ ok, status }: Response): boolean {
  return ok || (status >= 400 && status < 500 && status !== 408 && status !== 429);
}
