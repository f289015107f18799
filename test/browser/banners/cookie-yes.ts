import { readCookie, send, setCookie, showBanner } from "./stand-in.ts";

/**
 * Like CookieYes' script.js under a law that asks before: the cookie is there before the visitor has chosen.
 *
 * Source: CookieYes, "Retrieving Consent Data Using getCkyConsent() API", "CookieYes Events on Cookie Banner Load"; the
 * cookie's form as sites have it.
 */
const KINDS = ["functional", "analytics", "performance", "advertisement", "other"];

function write(agreed: boolean, action: "" | "yes"): void {
  const word = agreed ? "yes" : "no";
  const kinds = KINDS.map((kind) => `${kind}:${word}`);
  const fields = ["consentid:c3RhbmQtaW4", `consent:${word}`, `action:${action}`, "necessary:yes", ...kinds];
  setCookie("cookieyes-consent", fields.join(","));
}

function isGiven(kind: string): boolean {
  return readCookie("cookieyes-consent")?.includes(`${kind}:yes`) === true;
}

function describeConsent() {
  const categories = Object.fromEntries(KINDS.map((kind) => [kind, isGiven(kind)]));
  return {
    activeLaw: "gdpr",
    categories: { necessary: true, ...categories },
    isUserActionCompleted: isGiven("action"),
  };
}

if (readCookie("cookieyes-consent") === null) write(false, "");
Object.assign(window, { getCkyConsent: describeConsent });
send(document, "cookieyes_banner_load", describeConsent());
showBanner((agreed) => {
  write(agreed, "yes");
  const accepted = ["necessary", ...KINDS.filter(isGiven)];
  send(document, "cookieyes_consent_update", { accepted, rejected: KINDS.filter((kind) => !isGiven(kind)) });
});
