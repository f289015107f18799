import { hasConsent } from "../core/consent.ts";
import { config } from "./browser-config.ts";
import { onCookieChange, readPageCookies } from "./cookies.ts";

const { consent } = config;

/** Whether anything may be kept of this visitor. */
export function isConsentGiven(): boolean {
  return hasConsent(consent, readPageCookies());
}

/** Runs an action when the widget may be there: at once, or as soon as the visitor agrees. */
export function whenWidgetIsAllowed(action: () => void): void {
  if (consent?.load !== true || isConsentGiven()) return action();
  const stop = onCookieChange(() => {
    if (!isConsentGiven()) return;
    stop();
    action();
  });
}
