import { buildRequestEdits, toOriginUrl } from "../core/headers/forwarding.ts";
import { applyHeaderEdits, type HeaderEdit } from "../core/headers/header-edits.ts";

/** The platform's `fetch`. Redirects are not followed: a received request carries `redirect: "manual"`. */
export type Fetch = (request: Request) => Promise<Response>;

/** Where the site is. */
export interface Origin {
  /** The origin on another host; `null` on a Route, where the platform knows the origin. */
  readonly originUrl: URL | null;
  readonly fetch: Fetch;
}

// Cloudflare's cache knows an answer by the origin's address alone, so that two public host names would share it. A cache
// key for each host name needs an Enterprise plan, and `cache: "no-store"` adds headers to the request (measured).
// Source: Cloudflare documentation, "Request", cacheTtlByStatus: a negative value keeps nothing.
const UNCACHED: object = { cf: { cacheTtlByStatus: { "100-599": -1 } } };

/**
 * Sends a request to the origin: the received object itself where nothing has to change.
 *
 * @param extraEdits Changes of headers beside those for our cookies and for `ORIGIN_URL` mode.
 * @throws The platform's error when the origin cannot be reached.
 */
export async function fetchOrigin(
  request: Request,
  { originUrl, fetch }: Origin,
  extraEdits: readonly HeaderEdit[],
): Promise<Response> {
  const edits = [...buildRequestEdits(request.url, request.headers, originUrl !== null), ...extraEdits];
  if (originUrl === null && edits.length === 0) return fetch(request);
  // Not `new Request(request.url, …)` on a Route: that would normalize the URL, which the origin may notice.
  const forwarded =
    originUrl === null
      ? new Request(request)
      : new Request(new Request(toOriginUrl(request.url, originUrl), request), UNCACHED);
  applyHeaderEdits(forwarded.headers, edits);
  return fetch(forwarded);
}
