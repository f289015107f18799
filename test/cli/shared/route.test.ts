import { describe, expect, it } from "vitest";
import { isBesideRoutes, matchesRoute } from "../../../src/cli/shared/route.ts";

describe("matchesRoute()", () => {
  // As in Cloudflare's documentation of Routes.
  it.each([
    ["example.com/images/*", "https://example.com/images/cat.png?x=1", true],
    ["example.com/images/*", "https://example.com/images", false],
    ["example.com/images/cat.png", "https://example.com/images/cat.png?x=1", false],
    ["example.com/images/cat.png", "https://example.com/images/cat.png", true],
    ["example.com/Images/*", "https://example.com/images/a", false],
    ["Example.com/*", "https://example.com/", true],
    ["example.com", "http://example.com/", true],
    ["example.com", "http://example.com/a", false],
    ["https://example.com/*", "http://example.com/", false],
    ["*example.com/*", "https://www.example.com/", true],
    ["*example.com/*", "https://example.com/", true],
    ["*.example.com/*", "https://www.example.com/a", true],
    ["*.example.com/*", "https://example.com/", false],
    ["www.example.com/*", "https://example.com/", false],
  ])("takes %s for %s: %s", (route, url, isLed) => {
    expect(matchesRoute(route, new URL(url))).toBe(isLed);
  });
});

describe("isBesideRoutes()", () => {
  const page = new URL("https://www.example.com/shop/tea");

  it.each([
    ["the chat's Route alone", ["www.example.com/_chat/*"], true],
    ["a Route for other pages", ["www.example.com/_chat/*", "www.example.com/help/*"], true],
    ["a Route for the page", ["www.example.com/_chat/*", "www.example.com/shop/*"], false],
    ["a Route for the whole site", ["www.example.com/*"], false],
    ["a Route for pages, but none for the chat", ["www.example.com/help/*"], false],
    ["another site's Routes", ["staging.example.com/_chat/*"], false],
    ["no Route", [], false],
  ])("says of a page with %s", (_what, routes, isBeside) => {
    expect(isBesideRoutes(page, routes, "/_chat")).toBe(isBeside);
  });
});
