import { showsConsent } from "../../core/chat/consent.ts";
import { config } from "../browser-config.ts";
import { findCookies, onCookieChange, readPageCookies } from "./cookies.ts";

const { consent } = config;

let lastCookies: string | undefined;
let isGiven = false;

/** Whether anything may be kept of this visitor. Each use of storage asks; the pattern runs only after a cookie changed. */
export function isConsentGiven(): boolean {
  if (consent === null) return true;
  const cookies = readPageCookies();
  if (cookies !== lastCookies) isGiven = showsConsent(consent, findCookies(cookies, consent.name));
  lastCookies = cookies;
  return isGiven;
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
