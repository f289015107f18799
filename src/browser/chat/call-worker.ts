import { config } from "../browser-config.ts";

interface Call {
  readonly method: "POST" | "DELETE";
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

/** An answer of the Worker. */
export interface Answer {
  readonly status: number;
  readonly body: {
    readonly token?: string;
    readonly ticket?: string | null;
    readonly status?: string;
    /** When this report wants to be sent again; `null` or absent: not at all. */
    readonly askAgainSeconds?: number | null;
    readonly error?: string;
  };
  /** How long the page must make no calls, in milliseconds. Source: RFC 9110 §10.2.3. */
  readonly retryAfterMs: number;
}

/**
 * Calls a chat route of the Worker.
 *
 * @returns `null` when no answer came in time, or another server answered, as the site does while the Worker is off.
 */
export async function callWorker(route: string, { method, body, headers, timeoutMs }: Call): Promise<Answer | null> {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), timeoutMs);
  try {
    const response = await fetch(toRouteUrl(route), {
      method,
      ...(body !== undefined && {
        headers: { "content-type": "application/json", ...headers },
        body: JSON.stringify(body),
      }),
      // Only forgetting goes on after its page is closed. Any other call would go on without the lock: its record and
      // cookie could undo those of a later call.
      keepalive: method === "DELETE",
      signal: controller.signal,
    });
    const { status } = response;
    const answer: Answer = {
      status,
      body: status === 204 ? {} : await response.json(),
      retryAfterMs: 1000 * Number(response.headers.get("retry-after")) || 0,
    };
    return isFromWorker(answer) ? answer : null;
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}

/** The address with the origin: a page's `<base>` may name another origin. */
export function toRouteUrl(route: string): string {
  return `${location.origin}${config.path}/${route}`;
}

/** Some sites answer any path with JSON. The Worker never answers its own routes with 404. */
function isFromWorker({ status, body: { error = "", ...body } }: Answer): boolean {
  if (status < 400) return status === 204 || "ticket" in body || "status" in body;
  return status !== 404 && /^[A-Z]+_[A-Z_]+$/.test(error);
}

/**
 * Whether the same call again would get the same answer: not after a slow connection (408) or too many calls (429), and not
 * where the page has seen consent and the Worker has not.
 */
export function isFinal({ status, body }: Answer): boolean {
  return status < 500 && status !== 408 && status !== 429 && body.error !== "NO_CONSENT";
}
