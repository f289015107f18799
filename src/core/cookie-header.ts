/** Every cookie of ours begins so, and no other cookie may: the origin neither sees nor sets one. */
export const OWN_COOKIE_PREFIX = "__Host-chat-";

/** Lets the owner see the chat under `MODE=preview`. */
export const PREVIEW_COOKIE = `${OWN_COOKIE_PREFIX}preview`;

/** Tells page script that this browser was signed out or forgotten since it last looked: a new random value each time. */
export const LEFT_COOKIE = `${OWN_COOKIE_PREFIX}left`;

// Browsers match name prefixes in any case, and older ones send a nameless "=__Host-chat-x=1" back as if it were ours.
const OWN_SET_COOKIE = /^[\t =]*__host-chat-/i;

// Two Cookie lines of one request come joined by a comma; no value of ours holds one.
const OWN_COOKIES = /(?:^|[;,])[\t =]*__host-chat-[^;,]*/gi;

/**
 * The `Cookie` header as the origin may see it: every other cookie byte for byte as it was.
 *
 * @param header Value of the request's `Cookie` header.
 * @returns The same string when no cookie of ours is in it; `null` when nothing else is.
 */
export function stripOwnCookies(header: string): string | null {
  const others = header.replace(OWN_COOKIES, "");
  if (others === header) return header;
  const rest = OWN_SET_COOKIE.test(header) ? others.replace(/^[;,][\t ]*/, "") : others;
  return rest.trim() === "" ? null : rest;
}

/**
 * The value of one cookie.
 *
 * @param header Value of the request's `Cookie` header; `null` when there is none.
 * @returns `null` when no cookie has exactly this name; the first one's value when several do.
 */
export function readCookie(header: string | null, name: string): string | null {
  for (const cookie of header?.split(";") ?? []) {
    const equals = cookie.indexOf("=");
    if (equals !== -1 && cookie.slice(0, equals).trim() === name) return cookie.slice(equals + 1).trim();
  }
  return null;
}

/**
 * Whether an origin's `Set-Cookie` would plant or delete a cookie of ours.
 *
 * @param value Value of one `Set-Cookie` header.
 */
export function isOwnSetCookie(value: string): boolean {
  return OWN_SET_COOKIE.test(value);
}
