/** The cookies that page script may read, as in a `Cookie` header; none where the visitor forbids them. */
export function readPageCookies(): string {
  try {
    return document.cookie;
  } catch {
    return "";
  }
}
