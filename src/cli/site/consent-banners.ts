/** A consent banner that scripts load, and the setting with which the chat follows it. */
export interface ConsentBanner {
  readonly name: string;
  /** A value of CONSENT_COOKIE. With `page`, the site also needs a few lines of script. */
  readonly setting: string;
}

/**
 * Hosts and paths of the scripts that bring a banner. Source: the vendors' pages about installation. What each banner
 * leaves in the browser, and the lines for `page`: .github/CONSENT.md.
 */
const CONSENT_BANNERS: readonly (ConsentBanner & { readonly scripts: RegExp })[] = [
  {
    name: "OneTrust",
    setting: "OptanonConsent=groups=[^&]*C0003%3A1",
    // The second is CookiePro, the same product; the last is its script on a host of the owner.
    scripts: /\bcdn\.cookielaw\.org\b|\bcookie-cdn\.cookiepro\.com\b|\/otSDKStub\.js\b/i,
  },
  { name: "Cookiebot", setting: "CookieConsent=preferences:true", scripts: /\bconsent\.cookiebot\.(?:com|eu)\b/i },
  { name: "Usercentrics", setting: "page", scripts: /\b(?:app|web\.cmp)\.usercentrics\.eu\b/i },
  { name: "Didomi", setting: "page", scripts: /\bsdk\.privacy-center\.org\b/i },
  {
    name: "CookieYes",
    setting: "cookieyes-consent=functional:yes",
    // The second is the plugin for WordPress, in the edition that leaves this cookie.
    scripts: /\bcdn-cookieyes\.com\b|\/cookie-law-info\/lite\//i,
  },
  { name: "Osano", setting: "page", scripts: /\bcmp\.osano\.com\b/i },
];

/**
 * The banners that a page brings.
 *
 * @param scripts Addresses and code of a page's scripts. An inline script names the host of the one that it loads.
 */
export function findConsentBanners(scripts: string): readonly ConsentBanner[] {
  return CONSENT_BANNERS.filter((banner) => banner.scripts.test(scripts)).map(({ name, setting }) => ({
    name,
    setting,
  }));
}
