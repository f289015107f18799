import { config } from "../browser-config.ts";

interface Call {
  readonly method: "POST" | "DELETE";
  readonly body?: object;
  readonly timeoutMs: number;
}

/** What the Worker said. */
export interface Answer {
  readonly status: number;
  readonly body: {
    readonly token?: string;
    readonly ticket?: string | null;
    readonly status?: string;
    readonly error?: string;
  };
  /** How long it wants not to be called, in milliseconds. Source: RFC 9110 §10.2.3. */
  readonly retryAfterMs: number;
}

/**
 * Calls a chat route of the Worker.
 *
 * @returns `null` when no answer came in time, or not the Worker's: without it, the site behind answers.
 */
export async function callWorker(route: string, { method, body, timeoutMs }: Call): Promise<Answer | null> {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), timeoutMs);
  try {
    const response = await fetch(toOwnUrl(route), {
      method,
      ...(body !== undefined && { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
      // Nothing else goes on when the visitor leaves the page: it would no longer be under the lock, and its record and
      // cookie could undo those of a later call.
      keepalive: method === "DELETE",
      signal: controller.signal,
    });
    const { status, headers } = response;
    const answer: Answer = {
      status,
      body: status === 204 ? {} : await response.json(),
      retryAfterMs: 1000 * Number(headers.get("retry-after")) || 0,
    };
    return isOurs(answer) ? answer : null;
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}

/** Of this very origin: without that, a page's `<base>` would name another. */
export function toOwnUrl(route: string): string {
  return `${location.origin}${config.path}/${route}`;
}

/** Some sites answer JSON wherever they are asked; and the Worker always knows its own routes. */
function isOurs({ status, body: { error = "", ...body } }: Answer): boolean {
  if (status < 400) return status === 204 || "ticket" in body || "status" in body;
  return status !== 404 && /^[A-Z]+_[A-Z_]+$/.test(error);
}

/**
 * Whether asking again would be answered the same: so not after a slow connection (408), nor after too many calls (429), nor
 * where the Worker saw no consent that the page has seen.
 */
export function isFinal({ status, body }: Answer): boolean {
  return status < 500 && status !== 408 && status !== 429 && body.error !== "NO_CONSENT";
}
