import { type HeaderEdit } from "./header-edits.ts";

// They describe the bytes as the origin sent them.
const STALE_HEADERS = ["content-length", "content-md5", "digest", "content-digest", "repr-digest"];

/**
 * What makes the origin's headers true for the page with our tag in it.
 *
 * It follows from headers alone, so that HEAD equals GET and the first byte waits for nothing.
 *
 * @param headers The origin's headers.
 */
export function buildPageResponseEdits(headers: Headers): HeaderEdit[] {
  const edits: HeaderEdit[] = STALE_HEADERS.filter((name) => headers.has(name)).map((name) => [name, null]);
  const etag = headers.get("etag");
  // A strong validator promises the very same bytes.
  if (etag?.startsWith('"')) edits.push(["etag", `W/${etag}`]);
  return edits;
}
