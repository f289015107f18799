import { MAX_MATCHED_CHARS } from "../../limits.ts";
import { readCookies } from "../headers/cookies.ts";
import { matches, type Pattern } from "../settings/pattern.ts";

/** Which cookie tells that a visitor agreed, and how its value looks then. */
export interface ConsentCookie {
  readonly name: string;
  readonly value: Pattern;
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
  // Together, since each is matched anew.
  const isShort = values.reduce((chars, { length }) => chars + length, 0) <= MAX_MATCHED_CHARS;
  // A sibling host may have set one beside the visitor's own.
  return values.length > 0 && isShort && values.every((value) => matches(wanted.value, value));
}
