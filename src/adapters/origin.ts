import { buildRequestEdits, toOriginUrl } from "../core/headers/forwarding.ts";
import { applyHeaderEdits, type HeaderEdit } from "../core/headers/header-edits.ts";

/** The platform's `fetch`, as far as it is used here: a received request carries `redirect: "manual"`. */
export type Fetch = (request: Request) => Promise<Response>;

/** Where the site is. */
export interface Origin {
  /** The origin where it is another host; `null` on a Route, where the platform knows it. */
  readonly originUrl: URL | null;
  readonly fetch: Fetch;
}

// All host names that lead here share one key of Cloudflare's cache for each address of the origin, which may answer them
// differently. A key of one's own takes an Enterprise plan, and `cache: "no-store"` adds headers to the request (measured).
// Source: Cloudflare documentation, "Request", cacheTtlByStatus: below zero nothing is kept.
const UNCACHED: object = { cf: { cacheTtlByStatus: { "100-599": -1 } } };

/**
 * Asks the origin, with the very same request object where nothing has to change.
 *
 * @param extraEdits What has to change beside the visitor's cookie and what `ORIGIN_URL` mode demands.
 * @throws What the platform throws when the origin is out of reach.
 */
export async function fetchOrigin(
  request: Request,
  { originUrl, fetch }: Origin,
  extraEdits: readonly HeaderEdit[],
): Promise<Response> {
  const edits = [...buildRequestEdits(request.url, request.headers, originUrl !== null), ...extraEdits];
  if (originUrl === null && edits.length === 0) return fetch(request);
  // Not `new Request(request.url, …)` on a Route: that would write the URL anew, and the origin may tell the difference.
  const forwarded =
    originUrl === null
      ? new Request(request)
      : new Request(new Request(toOriginUrl(request.url, originUrl), request), UNCACHED);
  applyHeaderEdits(forwarded.headers, edits);
  return fetch(forwarded);
}
