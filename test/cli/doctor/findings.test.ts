import { describe, expect, it } from "vitest";
import { findInPages, findInStartCall, type SiteFacts } from "../../../src/cli/doctor/findings.ts";
import { type PageFacts } from "../../../src/cli/doctor/page.ts";
import { PAGE } from "./page-facts.ts";

const FACTS: SiteFacts = {
  isHttps: true,
  isLocal: false,
  settingProblems: [],
  widget: "snippet",
  launchesByItself: false,
  isWidgetDelayed: false,
  launches: false,
  listensForUnload: false,
  forbidden: 0,
  serviceWorkers: [],
};

const codes = (pages: readonly PageFacts[], site: Partial<SiteFacts> = {}) =>
  findInPages(pages, { ...FACTS, ...site }).map(({ code }) => code);

describe("findInPages()", () => {
  it("finds nothing on a page without faults", () => {
    expect(codes([PAGE])).toEqual([]);
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

  it("finds service-worker by its usual path alone", () => {
    expect(findInPages([PAGE], { ...FACTS, serviceWorkers: ["/sw.js"] })).toMatchObject([
      { code: "service-worker", details: ["found: /sw.js"] },
    ]);
  });

  it("finds launch-delayed only where LOAD_WIDGET delays the widget", () => {
    const pages = [PAGE, { ...PAGE, path: "/help", pressesButton: true }];
    const delayed = { ...FACTS, isWidgetDelayed: true };
    expect(codes(pages, { launches: true })).toEqual([]);
    expect(codes([PAGE], delayed)).toEqual([]);
    expect(findInPages(pages, delayed)).toMatchObject([{ code: "launch-delayed", weight: "warns", pages: ["/help"] }]);
    expect(findInPages(pages, { ...delayed, launches: true })).toMatchObject([{ code: "launch-delayed", pages: [] }]);
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

describe("findInStartCall()", () => {
  it("finds start-call-unclear for an unknown status", () => {
    expect(findInStartCall(500)).toMatchObject([{ code: "start-call-unclear", details: ["status 500"] }]);
  });
});
