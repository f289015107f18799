import { buildWord, hasConsent, readWord } from "../../core/chat/consent.ts";
import { config } from "../browser-config.ts";
import { WORD_COOKIE } from "../../core/headers/cookies.ts";
import { MAX_COOKIE_SECONDS } from "../../limits.ts";
import { onCookieChange, readPageCookies, writePageCookie } from "./cookies.ts";

const { consent } = config;

let last: { readonly cookies: string; readonly isGiven: boolean } | undefined;

/** Whether anything may be kept of this visitor. Each use of storage asks; the pattern runs only after a cookie changed. */
export function isConsentGiven(): boolean {
  const cookies = readPageCookies();
  if (last?.cookies !== cookies) last = { cookies, isGiven: hasConsent(consent, cookies) };
  return last.isGiven;
}

/** Keeps the page's word on consent in a cookie, which shows it to all tabs and to the Worker. */
export function keepWord(isGiven: boolean): void {
  const word = readWord(readPageCookies());
  const next = buildWord(isGiven, word, Date.now());
  // The same word again would call a page that waits for changed cookies, and such a page may say the word again.
  if (next !== word) writePageCookie(`${WORD_COOKIE}=${next};path=/;secure;samesite=lax;max-age=${MAX_COOKIE_SECONDS}`);
}

/** Runs an action when the widget may be loaded: at once, or as soon as the visitor agrees. */
export function whenWidgetIsAllowed(action: () => void): void {
  if (consent?.load !== true || isConsentGiven()) return action();
  const stop = onCookieChange(() => {
    if (!isConsentGiven()) return;
    stop();
    action();
  });
}
