import { type HeaderEdit } from "../headers/header-edits.ts";
import { type Policies } from "../policy/patch-policies.ts";
import { toPageEtag } from "./validators.ts";

// These headers describe the origin's bytes. The page is not encoded here again, since workerd would send it in one piece
// at its end (measured). Cloudflare encodes the page for the visitor.
const STALE_HEADERS = ["content-length", "content-encoding", "content-md5", "digest", "content-digest", "repr-digest"];

/**
 * The changes that make the origin's headers true for the page with our tag.
 *
 * They depend on headers alone, so that HEAD equals GET and the first byte waits for nothing.
 *
 * @param headers The origin's headers.
 * @param policies The page's policies as the chat needs them.
 * @param version Fingerprint of the transformation.
 */
export function buildPageEdits(headers: Headers, policies: Policies, version: string): HeaderEdit[] {
  const stale = STALE_HEADERS.filter((name) => headers.has(name)).map((name): HeaderEdit => [name, null]);
  return [...stale, ...buildStoredPageEdits(headers, policies, version)];
}

/** The same for a 304: its headers replace those of the page that the browser has stored. */
export function buildStoredPageEdits(headers: Headers, policies: Policies, version: string): HeaderEdit[] {
  const wanted: readonly HeaderEdit[] = [
    ["etag", toPageEtag(headers, version)],
    ["content-security-policy", policies.enforced],
    ["content-security-policy-report-only", policies.reportOnly],
  ];
  return wanted.filter(([name, value]) => headers.get(name) !== value);
}

const VARIES = /(?:^|,)[\t ]*(?:\*|sec-fetch-dest)[\t ]*(?:,|$)/i;

/**
 * The change of a page that was asked for by a script or for a frame, and so has no tag: a browser that keeps it must not
 * show this copy after a click.
 *
 * A page with the tag has no such header: the browser would fetch again what it has fetched ahead.
 */
export function buildTaglessCopyEdits(headers: Headers): HeaderEdit[] {
  const vary = headers.get("vary");
  if (vary === null) return [["vary", "Sec-Fetch-Dest"]];
  return VARIES.test(vary) ? [] : [["vary", `${vary}, Sec-Fetch-Dest`]];
}

/**
 * The `Accept-Encoding` for a request that may be for a page: only encodings that this Worker can read.
 *
 * @param acceptEncoding Value of the request's `Accept-Encoding`.
 */
export function toReadableEncodings(acceptEncoding: string): string {
  const readable = acceptEncoding
    .split(",")
    .filter((coding) => /^[\t ]*(?:gzip|br|identity)[\t ]*(?:;|$)/i.test(coding));
  return readable.length === 0 ? "identity" : readable.join(",").trim();
}
