import { describe, expect, it } from "vitest";
import { findInPages, type SiteFacts } from "../../../src/cli/doctor/page-findings.ts";
import { type PageFacts } from "../../../src/cli/doctor/page.ts";
import { findUnseenSignOut } from "../../../src/cli/doctor/route-findings.ts";
import { PAGE } from "./page-facts.ts";

const FACTS: SiteFacts = {
  isHttps: true,
  isLocal: false,
  settingProblems: [],
  watchProblems: [],
  widget: "snippet",
  launchesByItself: false,
  hasOwnStart: false,
  isWidgetDelayed: false,
  launches: false,
  listensForUnload: false,
  asksForConsent: false,
  forbidden: 0,
  serviceWorkers: [],
};

const codes = (pages: readonly PageFacts[], site: Partial<SiteFacts> = {}) =>
  findInPages(pages, { ...FACTS, ...site }).map(({ code }) => code);

describe("findInPages()", () => {
  it("finds nothing on a page without faults", () => {
    expect(codes([PAGE])).toEqual([]);
  });

  it("finds watch-settings-invalid, and not that no chat would start", () => {
    expect(codes([PAGE], { watchProblems: ["SELF_OFF: expected 0 or 1"] })).toEqual(["watch-settings-invalid"]);
  });

  it("finds not-https, but not on the owner's machine", () => {
    expect(codes([PAGE], { isHttps: false })).toEqual(["not-https"]);
    expect(codes([PAGE], { isHttps: false, isLocal: true })).toEqual([]);
  });

  it("finds not-on-cloudflare, but not on the owner's machine", () => {
    const page = { ...PAGE, isFromCloudflare: false };
    expect(codes([page])).toEqual(["not-on-cloudflare"]);
    expect(codes([page, PAGE])).toEqual([]);
    expect(codes([page], { isLocal: true })).toEqual([]);
  });

  it("finds widget-without-token where the Worker leaves a page with its own widget alone", () => {
    const carrying = { ...PAGE, hasWidget: true };
    const widgets = [carrying, { ...carrying, path: "/left", reason: "coep" }];
    const found = findInPages([...widgets, { ...PAGE, reason: "amp" }], { ...FACTS, widget: "page" });
    expect(found).toContainEqual(expect.objectContaining({ code: "widget-without-token", pages: ["/left"] }));
    expect(codes(widgets)).not.toContain("widget-without-token");
  });

  it("names other chats on pages that would get the chat", () => {
    const pages = [
      { ...PAGE, path: "/a", otherChats: ["Crisp"] },
      { ...PAGE, path: "/b", otherChats: ["Crisp", "Drift"] },
      { ...PAGE, path: "/left-out", reason: "excluded-path", otherChats: ["tawk.to"] },
    ];
    expect(findInPages(pages, FACTS)).toContainEqual(
      expect.objectContaining({
        code: "other-chat",
        weight: "warns",
        pages: ["/a", "/b"],
        details: ["Crisp", "Drift"],
      }),
    );
  });

  it("names consent banners on pages that would get the chat, and the setting for each", () => {
    const osano = { name: "Osano", setting: "page" };
    const cookiebot = { name: "Cookiebot", setting: "CookieConsent=preferences:true" };
    const pages = [
      { ...PAGE, path: "/a", consentBanners: [osano] },
      { ...PAGE, path: "/b", consentBanners: [cookiebot, osano] },
      { ...PAGE, path: "/left-out", reason: "excluded-path", consentBanners: [cookiebot] },
    ];
    expect(findInPages(pages, FACTS)).toContainEqual(
      expect.objectContaining({
        code: "consent-banner",
        weight: "notes",
        pages: ["/a", "/b"],
        details: ['Osano: CONSENT_COOKIE = "page"', 'Cookiebot: CONSENT_COOKIE = "CookieConsent=preferences:true"'],
      }),
    );
    expect(codes(pages, { asksForConsent: true })).not.toContain("consent-banner");
  });

  it("finds service-worker by its usual path alone", () => {
    expect(findInPages([PAGE], { ...FACTS, serviceWorkers: ["/sw.js"] })).toMatchObject([
      { code: "service-worker", details: ["found: /sw.js"] },
    ]);
  });

  describe("with tags written by hand", () => {
    const tag = { isThere: true, works: true, problems: [], expected: "<script>" };
    const own = { ...PAGE, ownTag: tag, hasTag: true };

    it("finds nothing on a page with the right tag, whatever caches and service workers keep", () => {
      const page = {
        ...own,
        registersServiceWorker: true,
        caching: { ...PAGE.caching, cacheControl: "max-age=60" },
      };
      expect(codes([page], { serviceWorkers: ["/sw.js"] })).toEqual([]);
    });

    it("finds missing and wrong tags, with the right one", () => {
      const missing = { ...own, path: "/missing", reason: "own-tag-missing", ownTag: { ...tag, isThere: false } };
      const wrong = { ...own, path: "/wrong", ownTag: { ...tag, problems: ["nomodule", "without async"] } };
      expect(findInPages([own, missing, wrong], FACTS)).toMatchObject([
        { code: "own-tag-missing", weight: "warns", pages: ["/missing"], details: ["right: <script>"] },
        {
          code: "own-tag-wrong",
          weight: "warns",
          pages: ["/wrong"],
          details: ["found: nomodule", "found: without async", "right: <script>"],
        },
      ]);
    });

    it("finds what policies lack", () => {
      const lacking = { ...own, path: "/a", reason: "policies-lack", policyChanges: ["img-src: + data:"] };
      expect(findInPages([own, lacking], FACTS)).toMatchObject([
        { code: "policies-lack", weight: "warns", pages: ["/a"], details: ["img-src: + data:"] },
      ]);
    });

    it("finds no-page where no page has a tag that works", () => {
      expect(codes([{ ...own, reason: "own-tag-missing" }])).toEqual(["no-page", "own-tag-missing"]);
    });
  });

  it("finds launch-delayed only where LOAD_WIDGET delays the widget", () => {
    const pages = [PAGE, { ...PAGE, path: "/help", pressesButton: true }];
    const delayed = { ...FACTS, isWidgetDelayed: true };
    expect(codes(pages, { launches: true })).toEqual([]);
    expect(codes([PAGE], delayed)).toEqual([]);
    expect(findInPages(pages, delayed)).toMatchObject([{ code: "launch-delayed", weight: "warns", pages: ["/help"] }]);
    expect(findInPages(pages, { ...delayed, launches: true })).toMatchObject([{ code: "launch-delayed", pages: [] }]);
  });

  it("finds custom-start in the snippet, else on the pages that have it", () => {
    const pages = [PAGE, { ...PAGE, path: "/help", hasOwnStart: true }];
    expect(codes([PAGE])).toEqual([]);
    expect(findInPages(pages, FACTS)).toMatchObject([{ code: "custom-start", weight: "warns", pages: ["/help"] }]);
    expect(findInPages(pages, { ...FACTS, hasOwnStart: true })).toMatchObject([{ code: "custom-start", pages: [] }]);
  });

  it("reports an unknown reason as left-alone", () => {
    expect(findInPages([PAGE, { ...PAGE, path: "/new", reason: "new-reason" }], FACTS)).toMatchObject([
      { code: "left-alone", pages: ["/new"], details: ["new-reason"] },
    ]);
  });

  it("names the encodings and charsets that the Worker cannot read", () => {
    const pages = [
      PAGE,
      { ...PAGE, reason: "encoding", encoding: "zstd" },
      { ...PAGE, reason: "charset", charset: "x" },
    ];
    expect(findInPages(pages, FACTS).map(({ details }) => details)).toEqual([
      ["Content-Encoding: zstd"],
      ["charset=x"],
    ]);
  });

  it("lists pages with the same policy changes together", () => {
    const changing = (path: string, change: string) => ({ ...PAGE, path, policyChanges: [change] });
    const pages = [
      changing("/a", "img-src: + data:"),
      changing("/b", "img-src: + data:"),
      changing("/c", "font-src: + x"),
    ];
    expect(findInPages(pages, FACTS)).toMatchObject([{ pages: ["/a", "/b"] }, { pages: ["/c"] }]);
  });

  it("says nothing else about a page behind a challenge", () => {
    expect(codes([PAGE, { ...PAGE, isChallenge: true, reason: "status" }])).toEqual(["challenged"]);
  });

  it.each([
    ["max-age=0, must-revalidate", false],
    ["no-cache", false],
    ["public, max-age=60", true],
    ["s-maxage=1", true],
  ])("takes %j for cached: %s", (cacheControl, isKept) => {
    const page = { ...PAGE, caching: { ...PAGE.caching, cacheControl } };
    expect(codes([page])).toEqual(isKept ? ["cached-pages"] : []);
  });
});

describe("findUnseenSignOut()", () => {
  const site = new URL("https://www.example.com/");
  const routes = ["www.example.com/_chat/*", "www.example.com/logout*"];

  it("names sign-out paths to which no Route leads", () => {
    const find = (paths: string) => findUnseenSignOut(site, paths, routes).flatMap(({ details }) => details);
    expect(find("/logout /logout/* /account/logout /:lang/logout *")).toEqual([
      "/account/logout",
      "/:lang/logout",
      "*",
    ]);
    expect(findUnseenSignOut(site, "", routes)).toEqual([]);
    expect(findUnseenSignOut(site, "/logout", routes)).toEqual([]);
  });
});
