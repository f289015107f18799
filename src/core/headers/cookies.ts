import { trimBlanks } from "./trim-blanks.ts";

/** The prefix of all our cookies. The origin neither sees nor sets a cookie with this prefix. */
export const OWN_COOKIE_PREFIX = "__Host-chat-";

/** Lets the owner see the chat under `MODE=preview`. */
export const PREVIEW_COOKIE = `${OWN_COOKIE_PREFIX}preview`;

/** Tells page script that this browser was signed out or forgotten since it last looked: a new random value each time. */
export const SIGN_OUT_COOKIE = `${OWN_COOKIE_PREFIX}left`;

/** The page's word on consent. Page script writes it; no sibling host can, because of its prefix. */
export const WORD_COOKIE = `${OWN_COOKIE_PREFIX}consent`;

// `[^!-<>-~]` are the characters that some readers of a header skip: all but visible ASCII, and the "=" of a nameless
// "=__Host-chat-x=1", which older browsers send back under our name. Browsers match name prefixes in any case.
const OWN_SET_COOKIE = /^[^!-<>-~]*__host-chat-/i;

// Two Cookie lines of one request arrive joined by a comma. No value of our cookies has a comma.
const OWN_COOKIES = /(?:^|[;,])[^!-<>-~]*__host-chat-[^;,]*/gi;

/**
 * The `Cookie` header without our cookies; the other cookies stay byte for byte.
 *
 * @param header Value of the request's `Cookie` header.
 * @returns The same string when it has no cookie of ours; `null` when it has no other cookie.
 */
export function stripOwnCookies(header: string): string | null {
  const others = header.replace(OWN_COOKIES, "");
  if (others === header) return header;
  const rest = OWN_SET_COOKIE.test(header) ? others.replace(/^[;,][\t ]*/, "") : others;
  return /^[\t ]*$/.test(rest) ? null : rest;
}

/**
 * The values of all cookies with exactly this name, in order.
 *
 * Only tab and space are white space here. Browsers see no `__Host-` in a name that begins with another kind of white space,
 * and let a sibling host set it.
 *
 * @param header Value of the request's `Cookie` header; `null` when there is none.
 * Source: RFC 6265bis, "The Set-Cookie Header Field" (white space) and "Cookie Name Prefixes".
 */
export function readCookies(header: string | null, name: string): readonly string[] {
  const values: string[] = [];
  for (const cookie of header?.split(";") ?? []) {
    const equals = cookie.indexOf("=");
    if (equals !== -1 && trimBlanks(cookie.slice(0, equals)) === name)
      values.push(trimBlanks(cookie.slice(equals + 1)));
  }
  return values;
}

/**
 * Whether an origin's `Set-Cookie` would plant or delete a cookie of ours.
 *
 * @param value Value of one `Set-Cookie` header.
 */
export function isOwnSetCookie(value: string): boolean {
  return OWN_SET_COOKIE.test(value);
}
