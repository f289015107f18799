import { REPORT_TIMEOUT_MS } from "../../limits.ts";
import { config } from "../browser-config.ts";

/** What an answer of the Worker says. */
interface AnswerBody {
  readonly token?: string;
  readonly ticket?: string | null;
  /** Whether the token names a past chat. */
  readonly history?: boolean;
  readonly status?: string;
  /** When this report wants to be sent again; `null` or absent: not at all. */
  readonly askAgainSeconds?: number | null;
  readonly error?: string;
}

export interface Answer extends AnswerBody {
  /** Whether the same call again would get the same answer. */
  readonly isFinal: boolean;
  /** How long the page must make no calls, in milliseconds. Source: RFC 9110 §10.2.3. */
  readonly retryAfterMs: number;
}

/** No answer came in time, or another server answered, as the site does while the Worker is off. */
export const NO_ANSWER: Answer = { isFinal: false, retryAfterMs: 0 };

/**
 * Calls a chat route of the Worker.
 *
 * @param body What to POST; without it, the call is a DELETE.
 * @param more Gives more headers of the POST. If it throws, no call is made.
 */
export async function callWorker(
  route: string,
  body?: object,
  timeoutMs = REPORT_TIMEOUT_MS,
  more?: false | (() => Readonly<Record<string, string>> | undefined),
): Promise<Answer> {
  const isDelete = !body;
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), timeoutMs);
  try {
    const response = await fetch(toRouteUrl(route), {
      method: isDelete ? "DELETE" : "POST",
      headers: { "content-type": "application/json", ...(more && more()) },
      body: JSON.stringify(body),
      // Only forgetting, and what happened to the chat, go on after their page is closed. Any other call would go on
      // without the lock: its record and cookie could undo those of a later call.
      keepalive: isDelete || route === "outcomes",
      signal: controller.signal,
    });
    const { status, headers } = response;
    const answer: AnswerBody = status === 204 ? { status: "" } : await response.json();
    const code = `${status} ${answer.error}`;
    // Some sites answer any path with JSON. The Worker never answers its own routes with 404.
    const isFromWorker =
      status < 400 ? "ticket" in answer || "status" in answer : /^(?!404)... [A-Z]+_[A-Z_]+$/.test(code);
    if (!isFromWorker) return NO_ANSWER;
    return {
      ...answer,
      // Not after a slow connection (408) or too many calls (429), and not where the page has seen consent and the Worker
      // has not.
      isFinal: !/^(?:5|408|429)|NO_CONSENT$/.test(code),
      retryAfterMs: 1000 * Number(headers.get("retry-after")) || 0,
    };
  } catch {
    return NO_ANSWER;
  } finally {
    clearTimeout(timer);
  }
}

/** The address with the origin: a page's `<base>` may name another origin. */
export function toRouteUrl(route: string): string {
  return `${location.origin}${config.path}/${route}`;
}
