import { hasConsent } from "../core/consent.ts";
import { config } from "./browser-config.ts";
import { readPageCookies } from "./cookies.ts";

const POLL_MS = 1000;

const { consent } = config;
const wanted = consent && { name: consent.name, value: new RegExp(consent.value) };

/** Whether anything may be kept of this visitor. */
export function isConsentGiven(): boolean {
  return hasConsent(wanted, readPageCookies());
}

/** Runs an action when the widget may be there: at once, or as soon as the visitor agrees. */
export function whenWidgetIsAllowed(action: () => void): void {
  if (consent?.load !== true || isConsentGiven()) return action();
  // Missing in Safari before 18.4 and Firefox before 140.
  const changes: CookieStore | undefined = window.cookieStore;
  const timer = changes === undefined ? setInterval(check, POLL_MS) : undefined;
  changes?.addEventListener("change", check);
  function check(): void {
    if (!isConsentGiven()) return;
    clearInterval(timer);
    changes?.removeEventListener("change", check);
    action();
  }
}
