import { readCookie, send, setCookie, showBanner } from "./stand-in.ts";

/**
 * Like Cookiebot's uc.js: no cookie before the visitor has chosen.
 *
 * Source: Cookiebot, "Programming Cookiebot"; the cookie's form as sites have it.
 */
function write(agreed: boolean): void {
  const kinds = ["preferences", "statistics", "marketing"].map((kind) => `${kind}:${agreed}`);
  const fields = ["stamp:'c3RhbmQtaW4='", "necessary:true", ...kinds, "method:'explicit'", "ver:1", "region:'de'"];
  // Colons and braces stay as they are.
  setCookie("CookieConsent", `{${fields.join(",").replaceAll(",", "%2C").replaceAll("'", "%27")}}`);
}

/** At each load after the first choice, and after each choice. */
function tell(): void {
  const preferences = readCookie("CookieConsent")?.includes("preferences:true") === true;
  Object.assign(window, { Cookiebot: { consent: { necessary: true, preferences }, hasResponse: true } });
  send(window, preferences ? "CookiebotOnAccept" : "CookiebotOnDecline");
  send(window, "CookiebotOnConsentReady");
}

if (readCookie("CookieConsent") !== null) tell();
showBanner((agreed) => {
  write(agreed);
  tell();
});
