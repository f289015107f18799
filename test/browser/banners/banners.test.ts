import { type Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { findConsentBanners } from "../../../src/cli/site/consent-banners.ts";
import { hasConsent } from "../../../src/core/chat/consent.ts";
import { sent } from "../../core/chat/sent.ts";
import { chatOf, problemsOf } from "../../core/settings/config-env.ts";
import { useServer } from "../../worker/use-workers.ts";
import { serveOwnPages } from "../own-pages.ts";
import { useBrowser } from "../use-chat-pages.ts";
import { type Recipe, RECIPES, standIn, STRICTER } from "./recipes.ts";

const NAMES = ["OneTrust", "Cookiebot", "Usercentrics", "Didomi", "CookieYes", "Osano"];

const find = (banner: string): Recipe =>
  RECIPES.find((recipe) => recipe.banner === banner) ?? expect.unreachable(banner);

const agrees = (setting: string, cookies: string) => {
  const chat = chatOf({ CONSENT_COOKIE: setting }) ?? expect.unreachable(setting);
  return hasConsent(chat.consentCookie, sent(cookies));
};

describe(".github/CONSENT.md", () => {
  it("has a recipe for each banner, with the setting that the doctor names", () => {
    expect([...new Set(RECIPES.map(({ banner }) => banner))]).toEqual(NAMES);
    expect(NAMES.flatMap((name) => findConsentBanners(find(name).head))).toEqual(
      NAMES.map((name) => ({ name, setting: find(name).setting })),
    );
  });

  it.each(RECIPES)("has lines for $banner where the setting says so ($setting)", (recipe) => {
    expect(recipe.hasLines).toBe(recipe.setting === "page");
  });

  it.each([...RECIPES.map(({ setting }) => setting), ...Object.values(STRICTER)])(
    "has settings that the Worker takes: %s",
    (setting) => expect(problemsOf({ CONSENT_COOKIE: setting })).toEqual({}),
  );
});

/** Cookies in the form that sites have, with other values: whether they agree to the recipe, and to the stricter one. */
describe("settings that read a banner's cookie", () => {
  const oneTrust = (interactions: string, groups: string) =>
    `OptanonConsent=isGpcEnabled=0&datestamp=Wed+Feb+01+2023+12%3A35%3A32+GMT%2B0100+(CET)&version=202209.1.0${interactions}&landingPath=NotLandingPage&groups=${groups}&geolocation=AT%3B9&AwaitingReconsent=false`;
  const cookiebot = (stamp: string, preferences: boolean, method: string) =>
    `CookieConsent={stamp:%27${stamp}%27%2Cnecessary:true%2Cpreferences:${preferences}%2Cstatistics:true%2Cmarketing:true%2Cmethod:%27${method}%27%2Cver:1%2Cutc:1705162226478%2Cregion:%27de%27}`;
  const cookieYes = (action: string, functional: string) =>
    `cookieyes-consent=consentid:TGVWbW9z,consent:yes,action:${action},necessary:yes,functional:${functional},analytics:yes,performance:yes,advertisement:yes,other:yes`;

  it.each([
    ["OneTrust", "all", oneTrust("&interactionCount=1", "C0001%3A1%2CC0002%3A1%2CC0003%3A1%2CC0004%3A1"), true, true],
    ["OneTrust", "in another order", oneTrust("&interactionCount=12", "C0004%3A0%2CC0003%3A1%2CC0001%3A1"), true, true],
    ["OneTrust", "all but C0003", oneTrust("&interactionCount=1", "C0001%3A1%2CC0003%3A0%2CC0004%3A1"), false, false],
    ["OneTrust", "only what is needed", oneTrust("&interactionCount=2", "C0001%3A1%2CC0003%3A0"), false, false],
    ["OneTrust", "not chosen, opt-out", oneTrust("&interactionCount=0", "C0001%3A1%2CC0003%3A1"), true, false],
    ["OneTrust", "a host of that number", oneTrust("&interactionCount=1", "C0001%3A1&hosts=C0003%3A1"), false, false],
    ["Cookiebot", "all", cookiebot("oJ35SLjk==", true, "explicit"), true, true],
    ["Cookiebot", "all but preferences", cookiebot("oJ35SLjk==", false, "explicit"), false, false],
    ["Cookiebot", "nobody was asked", cookiebot("-1", true, "implied"), true, false],
    ["Cookiebot", "nobody was asked, in older ones", "CookieConsent=-1", false, false],
    ["Cookiebot", "refused, in older ones", "CookieConsent=0", false, false],
    ["CookieYes", "all", cookieYes("yes", "yes"), true, true],
    ["CookieYes", "all but functional", cookieYes("yes", "no"), false, false],
    ["CookieYes", "not chosen, opt-out", cookieYes("", "yes"), true, false],
  ])("reads %s: %s", (banner, _what, cookie, isGiven, isGivenStrictly) => {
    expect(agrees(find(banner).setting, `a=1; ${cookie}; b=2`)).toBe(isGiven);
    expect(agrees(STRICTER[banner] ?? "", `a=1; ${cookie}; b=2`)).toBe(isGivenStrictly);
  });
});

describe("the banners' stand-ins", () => {
  const browser = useBrowser();
  const site = useServer(() => serveOwnPages());
  const open = async ({ head }: Recipe): Promise<Page> => {
    site.pages["/"] = { html: `<!doctype html><head><title>Shop</title>${head}</head><body>`, headers: {} };
    await standIn(browser.context);
    const page = await browser.context.newPage();
    await page.goto(site.origin);
    return page;
  };
  const readCookies = (page: Page) => page.evaluate(() => document.cookie);

  it.each(Object.entries(STRICTER))("%s leaves a cookie that its recipes read", async (banner, stricter) => {
    const page = await open(find(banner));
    const isGiven = async () => {
      const cookies = await readCookies(page);
      return [find(banner).setting, stricter].map((setting) => agrees(setting, cookies));
    };
    await page.locator("[data-banner=agree]").waitFor();
    expect(await isGiven()).toEqual([false, false]);
    for (const [word, answer] of [
      ["refuse", false],
      ["agree", true],
      ["refuse", false],
    ] as const) {
      await page.locator(`[data-banner=${word}]`).click();
      expect(await isGiven()).toEqual([answer, answer]);
      await page.reload();
      expect(await isGiven()).toEqual([answer, answer]);
    }
  });

  it.each(RECIPES.filter(({ hasLines }) => hasLines))("$banner ($host) tells the page", async (recipe) => {
    const page = await open(recipe);
    const told = () => page.locator("html").getAttribute("data-chat-consent");
    await page.locator("[data-banner=agree]").waitFor();
    expect(await told()).not.toBe("true");
    for (const [word, answer] of [
      ["agree", "true"],
      ["refuse", "false"],
      ["agree", "true"],
    ] as const) {
      await page.locator(`[data-banner=${word}]`).click();
      await expect.poll(told).toBe(answer);
      await page.reload();
      await expect.poll(told).toBe(answer);
    }
  });

  /** Each recipe as the page writes it, and with the lines right after the banner's script. */
  const tellers = RECIPES.filter(({ hasLines }) => hasLines).flatMap((recipe) => {
    const asWritten = { ...recipe, order: "as written" };
    if (recipe.linesLast === null) return [asWritten];
    const { tag, lines } = recipe.linesLast;
    return [
      asWritten,
      { ...recipe, head: `${tag.replace(" async", "")}<script>${lines}</script>`, order: "lines last" },
    ];
  });

  // The Worker would take a refusal for the visitor's, and forget the visitor at each page.
  it.each(tellers)(
    "$banner ($host, $order) tells an earlier yes on the next page, and no refusal before",
    async (recipe) => {
      const page = await open(recipe);
      await page.locator("[data-banner=agree]").click();
      await page.addInitScript(() => {
        const told: (string | null)[] = [];
        Object.assign(window, { told });
        new MutationObserver((changes) => {
          for (const { target } of changes)
            if (target instanceof Element) told.push(target.getAttribute("data-chat-consent"));
        }).observe(document, { subtree: true, attributeFilter: ["data-chat-consent"] });
      });
      await page.reload();
      await page.locator("[data-banner=agree]").waitFor();
      await page.waitForTimeout(100);
      expect(new Set(await page.evaluate<string[]>("told"))).toEqual(new Set(["true"]));
    },
  );
});
