import { describe, expect, it } from "vitest";
import { buildClaims, countTokenChars } from "../../../../src/core/chat/claims.ts";
import { buildContext, CONTEXT_KINDS, fitContext, pickSaidKinds } from "../../../../src/core/chat/context/context.ts";
import { readRequestContext } from "../../../../src/core/chat/context/request-context.ts";

const attributesOf = (context: ReturnType<typeof buildContext>) => fitContext(context, () => true).attributes;

describe("buildContext()", () => {
  it("has every kind that is switched on, and no other", () => {
    const context = buildContext(["title", "page"], { page: "/tea", country: "DE" });
    expect(attributesOf(context)).toEqual({ chatPageTitle: "none", chatPage: "/tea" });
    expect(attributesOf(buildContext([], { page: "/tea" }))).toEqual({});
  });

  it("cleans every value, and has none where nothing is left", () => {
    const known = Object.fromEntries(CONTEXT_KINDS.map((kind) => [kind, " <b>\u202e\ud800"]));
    expect(new Set(Object.values(attributesOf(buildContext(CONTEXT_KINDS, known))))).toEqual(new Set(["none"]));
  });
});

describe("fitContext()", () => {
  const context = buildContext(["page", "title", "device", "country"], { page: "/tea", title: "Tea", country: "DE" });
  const count = (attributes: object) => Object.values(attributes).filter((value) => value !== "none").length;

  it("leaves values out from the last one on, until the others fit", () => {
    expect(fitContext(context, (attributes) => count(attributes) <= 1)).toEqual({
      attributes: { chatPage: "/tea", chatPageTitle: "none", chatDevice: "none", chatCountry: "none" },
      leftOut: ["title", "country"],
    });
  });

  it("leaves nothing out of what fits, and all values where only their names do", () => {
    expect(fitContext(context, () => true).leftOut).toEqual([]);
    expect(fitContext(context, (attributes) => count(attributes) === 0)).toEqual({
      attributes: { chatPage: "none", chatPageTitle: "none", chatDevice: "none", chatCountry: "none" },
      leftOut: ["page", "title", "country"],
    });
  });

  it("leaves all attributes out where not even their names fit", () => {
    const fitting = fitContext(context, (attributes) => Object.keys(attributes).length === 0);
    expect(fitting).toEqual({ attributes: {}, leftOut: ["page", "title", "device", "country"] });
  });

  it("asks nothing where nothing is switched on", () => {
    const asked = fitContext(buildContext([], {}), () => {
      throw new Error("asked");
    });
    expect(asked).toEqual({ attributes: {}, leftOut: [] });
  });
});

describe("countTokenChars()", () => {
  it.each(["", "a", "ab", "grün", "緑茶 🍵"])("counts header, claims and signature with %j", (text) => {
    const claims = buildClaims({ widgetId: "w", now: 1, ttlSeconds: 1 }, { text }, null);
    const header = Buffer.from('{"alg":"HS256","typ":"JWT"}').toString("base64url");
    const payload = Buffer.from(JSON.stringify(claims)).toString("base64url");
    expect(countTokenChars(claims)).toBe(`${header}.${payload}.${"s".repeat(43)}`.length);
  });
});

describe("pickSaidKinds()", () => {
  it("names what only the page knows", () => {
    expect(pickSaidKinds(CONTEXT_KINDS)).toEqual(["page", "title", "trail", "referrer", "error"]);
    expect(pickSaidKinds(["country", "device", "language"])).toEqual([]);
  });
});

describe("readRequestContext()", () => {
  const read = (headers: Readonly<Record<string, string>>, country?: string) =>
    readRequestContext({ host: "shop.example", country, header: (name) => headers[name] });

  it.each([
    ["https://shop.example/tea?x=1#y", "/tea"],
    ["http://shop.example/", "/"],
    ["https://shop.example/%D1%87%D0%B0%D0%B9;sid=1", "/чай"],
    ["https://other.example/tea", ""],
    ["about:client", ""],
    ["", ""],
  ])("takes %j for the page %j", (referer, page) => {
    expect(read({ referer }).page).toBe(page);
  });

  it.each([
    ["de-CH,de;q=0.9,en;q=0.8", "de-CH"],
    ["zh-Hant-TW", "zh-Hant-TW"],
    [" en ;q=0.5", "en"],
    ["*", ""],
    ["<b>en</b>", ""],
    ["", ""],
  ])("reads the first language of %j as %j", (accepted, language) => {
    expect(read({ "accept-language": accepted }).language).toBe(language);
  });

  it.each([
    ["DE", "DE"],
    ["T1", "T1"],
    ["XX", ""],
    ["Germany", ""],
    [undefined, ""],
  ])("reads the country %j as %j", (country, expected) => {
    expect(read({}, country).country).toBe(expected);
  });

  const AGENTS = {
    iphone: "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Mobile/15E148",
    ipad: "Mozilla/5.0 (iPad; CPU OS 12_5 like Mac OS X) AppleWebKit/605.1.15 Version/12.1 Mobile/15E148 Safari/604.1",
    androidPhone: "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/140.0.0.0 Mobile Safari/537.36",
    androidTablet: "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36",
    firefoxTablet: "Mozilla/5.0 (Android 14; Tablet; rv:140.0) Gecko/140.0 Firefox/140.0",
    mac: "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.5 Safari/605.1.15",
    oldWindows: "Mozilla/5.0 (Windows NT 6.1; Trident/7.0; Tablet PC 2.0; rv:11.0) like Gecko",
  };
  it.each<[keyof typeof AGENTS, string, string]>([
    ["iphone", "", "phone"],
    ["ipad", "", "tablet"],
    ["androidPhone", "?1", "phone"],
    ["androidTablet", "?0", "tablet"],
    ["firefoxTablet", "", "tablet"],
    ["mac", "", "desktop"],
    ["mac", "?1", "phone"],
    ["oldWindows", "", "desktop"],
  ])("takes %s with the client hint %j for a %s", (agent, hint, device) => {
    expect(read({ "user-agent": AGENTS[agent], "sec-ch-ua-mobile": hint }).device).toBe(device);
  });

  it("knows no device without a user agent", () => {
    expect(read({}).device).toBe("");
  });
});
