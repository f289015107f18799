import { MAX_MATCHED_CHARS } from "../../limits.ts";
import { readCookies } from "../headers/cookies.ts";
import { matches, type Pattern } from "../settings/pattern.ts";

/** The cookie that shows a visitor's consent, and the pattern of its value. */
export interface ConsentCookie {
  readonly name: string;
  readonly value: Pattern;
}

/**
 * Whether the visitor has given consent, so that something may be stored.
 *
 * @param wanted `null` where the owner needs no consent.
 * @param cookies The visitor's cookies, as in a `Cookie` header; `null` without any.
 */
export function hasConsent(wanted: ConsentCookie | null, cookies: string | null): boolean {
  return wanted === null || showsConsent(wanted, readCookies(cookies, wanted.name));
}

/**
 * The same for the values of all cookies with the wanted name.
 *
 * A sibling host may have set a second cookie of that name, so each value must match.
 */
export function showsConsent({ value: pattern }: ConsentCookie, values: readonly string[]): boolean {
  // The limit is for all values together, since each one is matched.
  const isShort = values.join("").length <= MAX_MATCHED_CHARS;
  return values.length > 0 && isShort && values.every((value) => matches(pattern, value));
}
