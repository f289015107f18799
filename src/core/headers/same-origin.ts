export type OriginDecision =
  | { readonly sameOrigin: true; readonly reason: "fetch-metadata" | "origin-header" }
  | { readonly sameOrigin: false; readonly reason: "cross-site" | "other-origin" | "no-origin" };

/**
 * Decides whether a call was made by a page of this origin.
 *
 * Page script cannot set these headers, so a page of another origin cannot forge them.
 *
 * @param request Values of `Sec-Fetch-Site` and `Origin`, `null` where absent, and the origin that was called.
 * Source: W3C Fetch Metadata Request Headers §2.3; older browsers (Safari before 16.4) send `Origin` only.
 */
export function decideSameOrigin(request: {
  readonly secFetchSite: string | null;
  readonly origin: string | null;
  readonly ownOrigin: string;
}): OriginDecision {
  const { secFetchSite, origin, ownOrigin } = request;
  if (secFetchSite !== null) {
    return secFetchSite === "same-origin"
      ? { sameOrigin: true, reason: "fetch-metadata" }
      : { sameOrigin: false, reason: "cross-site" };
  }
  if (origin === null) return { sameOrigin: false, reason: "no-origin" };
  return origin === ownOrigin
    ? { sameOrigin: true, reason: "origin-header" }
    : { sameOrigin: false, reason: "other-origin" };
}
