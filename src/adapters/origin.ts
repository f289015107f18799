import { buildRequestEdits, toOriginUrl } from "../core/forwarding.ts";
import { applyHeaderEdits } from "../core/header-edits.ts";

/** The platform's `fetch`, as far as it is used here: a received request carries `redirect: "manual"`. */
export type Fetch = (request: Request) => Promise<Response>;

/**
 * Asks the origin, with the very same request object where nothing has to change.
 *
 * @param originUrl The origin where it is another host; `null` on a Route, where the platform knows it.
 * @throws What the platform throws when the origin is out of reach.
 */
export async function fetchOrigin(request: Request, originUrl: URL | null, fetch: Fetch): Promise<Response> {
  const edits = buildRequestEdits(request.url, request.headers, originUrl !== null);
  if (originUrl === null && edits.length === 0) return fetch(request);
  // Not `new Request(request.url, …)` on a Route: that would write the URL anew, and the origin may tell the difference.
  const forwarded =
    originUrl === null ? new Request(request) : new Request(toOriginUrl(request.url, originUrl), request);
  applyHeaderEdits(forwarded.headers, edits);
  return fetch(forwarded);
}
