import { buildWord, hasConsent, readWord } from "../../core/chat/consent.ts";
import { config } from "../browser-config.ts";
import { WORD_COOKIE } from "../../core/headers/cookies.ts";
import { MAX_COOKIE_SECONDS } from "../../limits.ts";
import { onCookieChange, readPageCookies } from "./cookies.ts";

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
  const before = readWord(readPageCookies());
  // Some banners tell a refusal before the visitor has chosen. Where nothing but the word agrees, none is needed to refuse.
  if (before === null && !isGiven && consent?.source !== "cookie") return;
  const word = buildWord(isGiven, before, Date.now());
  // Also the same word again, for its life: Safari keeps a cookie of script for 7 days.
  document.cookie = `${WORD_COOKIE}=${word};path=/;secure;samesite=lax;max-age=${MAX_COOKIE_SECONDS}`;
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
