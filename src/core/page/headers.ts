import { type HeaderEdit } from "../headers/header-edits.ts";
import { type Policies } from "../policy/content-security-policy.ts";
import { toPageEtag } from "./validators.ts";

// They describe the bytes as the origin sent them. Encoded again by workerd, a page would come in one piece at its end
// (measured); Cloudflare encodes what leaves it.
const STALE_HEADERS = ["content-length", "content-encoding", "content-md5", "digest", "content-digest", "repr-digest"];

/**
 * What makes the origin's headers true for the page with our tag in it.
 *
 * It follows from headers alone, so that HEAD equals GET and the first byte waits for nothing.
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

/**
 * What a request for a page may ask the origin to encode it with: other encodings would keep us out.
 *
 * @param acceptEncoding Value of the request's `Accept-Encoding`.
 */
export function toReadableEncodings(acceptEncoding: string): string {
  const readable = acceptEncoding
    .split(",")
    .filter((coding) => /^[\t ]*(?:gzip|br|identity)[\t ]*(?:;|$)/i.test(coding));
  return readable.length === 0 ? "identity" : readable.join(",").trim();
}
