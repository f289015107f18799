import { readCookies } from "./cookie-header.ts";

/** Which cookie tells that a visitor agreed, and how its value looks then. */
export interface ConsentCookie {
  readonly name: string;
  readonly value: RegExp;
}

/**
 * Whether anything may be kept of a visitor.
 *
 * @param wanted `null` where the owner asks for no consent.
 * @param cookies The visitor's cookies, as in a `Cookie` header; `null` without any.
 */
export function hasConsent(wanted: ConsentCookie | null, cookies: string | null): boolean {
  if (wanted === null) return true;
  const values = readCookies(cookies, wanted.name);
  // A sibling host may have set one beside the visitor's own.
  return values.length > 0 && values.every((value) => wanted.value.test(value));
}
