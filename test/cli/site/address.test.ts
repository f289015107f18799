import { describe, expect, it } from "vitest";
import { isLocal, parseSite, toSiteUrl } from "../../../src/cli/site/address.ts";

describe("toSiteUrl()", () => {
  it.each([
    ["https://www.example.com", "https://www.example.com/"],
    ["http://www.example.com/tea?cup=1#top", "http://www.example.com/tea?cup=1"],
    [" www.example.com ", "https://www.example.com/"],
    ["www.example.com/*", "https://www.example.com/"],
    ["localhost:8787", "http://localhost:8787/"],
    ["https://localhost:8787", "https://localhost:8787/"],
  ])("takes %j for %s", (text, address) => {
    expect(toSiteUrl(text)?.href).toBe(address);
  });

  it.each([
    "",
    "shop",
    "the tea shop",
    "ftp://www.example.com",
    "https://me:secret@www.example.com",
    "*.example.com/*",
  ])("takes %j for no site", (text) => {
    expect(toSiteUrl(text)).toBeNull();
  });
});

describe("parseSite()", () => {
  it("wants one, and says what it found", () => {
    expect(() => parseSite([])).toThrow("such as https://www.example.com, found nothing");
    expect(() => parseSite(["shop"])).toThrow("found shop");
    expect(() => parseSite(["https://a.example", "https://b.example"])).toThrow("found more than one");
  });
});

describe("isLocal()", () => {
  it.each([
    ["http://localhost", true],
    ["http://shop.localhost", true],
    ["http://127.0.0.1:8787", true],
    ["http://[::1]", true],
    ["https://localhost.example.com", false],
  ])("%s: %s", (address, expected) => {
    expect(isLocal(new URL(address))).toBe(expected);
  });
});
