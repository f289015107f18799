import { ofDocument, ofWindow } from "./unclobbered.ts";

const POLL_MS = 1000;

/** The cookies that page script may read, as in a `Cookie` header; none where the visitor forbids them. */
export function readPageCookies(): string {
  try {
    return ofDocument("cookie");
  } catch {
    return "";
  }
}

/**
 * Calls back after each change of these cookies, by this page, another tab or an answer; for a time also without one.
 *
 * @returns Ends it.
 */
export function onCookieChange(check: () => void): () => void {
  // Missing in Safari before 18.4 and Firefox before 140.
  const changes: CookieStore | undefined = ofWindow("cookieStore");
  if (changes === undefined) {
    const timer = setInterval(check, POLL_MS);
    return () => clearInterval(timer);
  }
  changes.addEventListener("change", check);
  return () => changes.removeEventListener("change", check);
}
