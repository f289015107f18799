import { hasConsent } from "../../core/chat/consent.ts";
import { config } from "../browser-config.ts";
import { onCookieChange, readPageCookies } from "./cookies.ts";

const { consent } = config;

let last: { readonly cookies: string; readonly isGiven: boolean } | undefined;

/** Whether anything may be kept of this visitor. Each use of storage asks; the pattern runs only after a cookie changed. */
export function isConsentGiven(): boolean {
  const cookies = readPageCookies();
  if (last?.cookies !== cookies) last = { cookies, isGiven: hasConsent(consent, cookies) };
  return last.isGiven;
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
