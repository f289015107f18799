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
 * The values of all cookies of this page with exactly this name, in order.
 *
 * Source: HTML Standard, `document.cookie`, and RFC 6265bis, "The Cookie Header Field": "; " between two cookies, and
 * no blanks around a name or a value.
 */
export function findCookies(name: string): readonly string[] {
  const beginning = `${name}=`;
  return readPageCookies()
    .split("; ")
    .filter((cookie) => cookie.startsWith(beginning))
    .map((cookie) => cookie.slice(beginning.length));
}

/**
 * Calls `check` after each change of these cookies by a page, another tab or an answer; in older browsers every second.
 *
 * Once more after a second: Chromium tells of no change in the first milliseconds.
 */
export function onCookieChange(check: () => void): void {
  // Missing in Safari before 18.4 and Firefox before 140; a page's script may have a variable of that name.
  const changes: Partial<CookieStore> | undefined = ofWindow("cookieStore");
  changes?.addEventListener?.("change", check);
  (changes?.addEventListener ? setTimeout : setInterval)(check, POLL_MS);
}
