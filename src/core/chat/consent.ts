import { MAX_MATCHED_CHARS } from "../../limits.ts";
import { type CookieReader, WORD_COOKIE } from "../headers/cookies.ts";
import { matches, type Pattern } from "../settings/pattern.ts";

/** Where a visitor's consent shows. The page's own word counts with each of them. */
export type ConsentSource =
  | ConsentCookie
  /** Only the page's own word. */
  | { readonly source: "page" }
  /** The consent dialog of the IAB's framework, for these purposes. */
  | { readonly source: "tcf"; readonly purposes: readonly number[] }
  /** Google's consent mode. */
  | { readonly source: "gcm" };

/** The cookie of the site that shows a visitor's consent, and the pattern of its value. */
interface ConsentCookie {
  readonly source: "cookie";
  readonly name: string;
  readonly value: Pattern;
}

/** A yes, with the time of the agreement in milliseconds where it came after a refusal. */
const YES = /^1(?:\.(\d{1,15}))?$/;

/**
 * Whether the visitor has given consent, so that something may be stored.
 *
 * The page's word comes first: a page says it for this very purpose, and knows banners that no pattern can read.
 *
 * @param wanted `null` where the owner needs no consent.
 * @param cookies Reads the visitor's cookies.
 */
export function hasConsent(wanted: ConsentSource | null, cookies: CookieReader): boolean {
  if (!wanted) return true;
  const word = readWord(cookies);
  if (word) return YES.test(word);
  return wanted.source === "cookie" && showsConsent(wanted, cookies(wanted.name));
}

/** A sibling host may have set a second cookie of that name, so each value must match. */
function showsConsent({ value: pattern }: ConsentCookie, values: readonly string[]): boolean {
  // The limit is for all values together, since each one is matched.
  if (values.length === 0 || values.join("").length > MAX_MATCHED_CHARS) return false;
  return values.every((value) => matches(pattern, value));
}

/** Whether the visitor has refused by the page's word. */
export function hasRefused(cookies: CookieReader): boolean {
  return readWord(cookies) === "0";
}

/**
 * When the visitor agreed after a refusal, as the browser wrote it. What is kept from before must not be used again.
 *
 * @returns `undefined` where the visitor has never refused.
 */
export function readAgreement(cookies: CookieReader): string | undefined {
  return YES.exec(readWord(cookies))?.[1];
}

/**
 * The word that a page's answer makes of the word before.
 *
 * A yes to a yes changes nothing. A yes after a refusal names its time, so that it begins a new visitor.
 *
 * @param word What `readWord()` gave.
 * @param nowMs The browser's clock, in milliseconds.
 */
export function buildWord(isGiven: boolean, word: string, nowMs: number): string {
  if (!isGiven) return "0";
  if (!word) return "1";
  return YES.test(word) ? word : `1.${nowMs}`;
}

/**
 * The page's word on consent.
 *
 * @returns Empty where nothing was said. Two words make one that cannot be read, which is a refusal.
 */
export function readWord(cookies: CookieReader): string {
  return cookies(WORD_COOKIE).join();
}
