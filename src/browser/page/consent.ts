import { buildWord, hasConsent, readWord } from "../../core/chat/consent.ts";
import { WORD_COOKIE } from "../../core/headers/cookies.ts";
import { MAX_COOKIE_SECONDS } from "../../limits.ts";
import { config } from "../browser-config.ts";
import { findCookies, readPageCookies, writePageCookie } from "./cookies.ts";

/** Where the visitor's consent shows; `null` where none is needed. */
export const { consent } = config;

let lastCookies: string | undefined;
let isGiven = false;

/** Whether anything may be kept of this visitor. Each use of storage asks; the pattern runs only after a cookie changed. */
export function isConsentGiven(): boolean {
  if (!consent) return true;
  const cookies = readPageCookies();
  if (cookies !== lastCookies) isGiven = hasConsent(consent, findCookies);
  lastCookies = cookies;
  return isGiven;
}

/** @returns Another text after each agreement that follows a refusal: what was kept under the one before is another visitor's. */
export function readAgreementMark(): string {
  return readWord(findCookies).slice(1);
}

/** Keeps the page's word on consent in a cookie, which shows it to all tabs and to the Worker. */
export function keepWord(isGiven: boolean): void {
  const word = readWord(findCookies);
  const next = buildWord(isGiven, word, Date.now());
  // The same word again would call a page that waits for changed cookies, and such a page may say the word again.
  if (consent && next !== word)
    writePageCookie(`${WORD_COOKIE}=${next};path=/;secure;samesite=lax;max-age=${MAX_COOKIE_SECONDS}`);
}
