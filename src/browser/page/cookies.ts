import { ofDocument, ofWindow } from "./unclobbered.ts";

const POLL_MS = 1000;

/** The cookies that page script may read, as in a `Cookie` header; empty where the visitor forbids cookies. */
export function readPageCookies(): string {
  try {
    return ofDocument("cookie");
  } catch {
    return "";
  }
}

/** Sets a cookie, also on a page with an element named cookie. */
export function writePageCookie(text: string): void {
  Reflect.set(Document.prototype, "cookie", text, document);
}

/**
 * Calls `check` after each change of these cookies by a page, another tab or an answer; in older browsers every second.
 *
 * @returns Stops the calls.
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
