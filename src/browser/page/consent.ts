import { buildWord, hasConsent } from "../../core/chat/consent.ts";
import { config } from "../browser-config.ts";
import { readCookies, WORD_COOKIE } from "../../core/headers/cookies.ts";
import { MAX_COOKIE_DAYS } from "../../limits.ts";
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
  const cookies = readPageCookies();
  const word = buildWord(isGiven, cookies, Date.now());
  if (readCookies(cookies, WORD_COOKIE)[0] === word) return;
  writePageCookie(`${WORD_COOKIE}=${word}; Path=/; Secure; SameSite=Lax; Max-Age=${MAX_COOKIE_DAYS * 86_400}`);
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
