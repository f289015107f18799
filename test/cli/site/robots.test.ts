import { describe, expect, it } from "vitest";
import { parseRobots } from "../../../src/cli/site/robots.ts";

describe("parseRobots()", () => {
  const TEXT = `User-agent: other
Disallow: /

User-agent: *   # everyone
Disallow: /private
Allow: /private/open
Disallow: /*.cgi$
Disallow:
Crawl-delay: 2

Sitemap: https://www.example.com/map.xml
`;
  const robots = parseRobots(TEXT, "our-doctor");

  it.each([
    ["/", true],
    ["/private/x", false],
    ["/private/open/x", true],
    ["/a/b.cgi", false],
    ["/a/b.cgi/c", true],
  ])("answers for %s: %s", (path, expected) => {
    expect(robots.isAllowed(path)).toBe(expected);
  });

  it("reads the pause and the sitemap", () => {
    expect([robots.delaySeconds, robots.sitemaps]).toEqual([2, ["https://www.example.com/map.xml"]]);
  });

  it("obeys the group that names it, alone or with others", () => {
    const named = parseRobots(
      "User-agent: a\nUser-agent: Our-Doctor\nDisallow: /x\n\nUser-agent: *\nDisallow: /y",
      "our-doctor",
    );
    expect([named.isAllowed("/x"), named.isAllowed("/y")]).toEqual([false, true]);
  });

  it.each([
    ["/*a*b$", "/xaxb", false],
    ["/*a*b$", "/xaxbx", true],
    ["/a*a$", "/a", true],
    ["/a*a$", "/aa", false],
    ["/a$", "/ab", true],
    [`/${"*a".repeat(5000)}$`, `/${"a".repeat(4999)}b`, true],
    [`/${"*a".repeat(5000)}*b`, `/${"a".repeat(8000)}`, true],
  ])("lets a star match anything (%#)", (pattern, path, isAllowed) => {
    expect(parseRobots(`User-agent: *\nDisallow: ${pattern}`, "our-doctor").isAllowed(path)).toBe(isAllowed);
  });

  it.each([
    ["/caf\u00e9", "/caf%C3%A9", false],
    ["/%7euser", "/~user", false],
    ["/~user", "/%7Euser", false],
    ["/a%2fb", "/a%2Fb", false],
    ["/a%2fb", "/a/b", true],
  ])("compares %s with %s as RFC 9309 does", (pattern, path, isAllowed) => {
    expect(parseRobots(`User-agent: *\nDisallow: ${pattern}`, "our-doctor").isAllowed(path)).toBe(isAllowed);
  });

  it("allows where two rules of one length match, one of them in another group of the same name", () => {
    const robots = parseRobots("User-agent: *\nDisallow: /a\n\nUser-agent: *\nAllow: /a\nDisallow: /b", "our-doctor");
    expect([robots.isAllowed("/a"), robots.isAllowed("/b")]).toEqual([true, false]);
  });

  it("reads lines that end in CR alone", () => {
    expect(parseRobots("User-agent: *\rDisallow: /x\r", "our-doctor").isAllowed("/x")).toBe(false);
  });

  it("ignores the rules for thousands of other agents, and what comes after 512,000 characters", () => {
    const others = Array.from({ length: 20_000 }, (_, index) => `User-agent: ${index}`).join("\n");
    const rules = "Allow: /y\n".repeat(20_000);
    const named = parseRobots(`${others}\nUser-agent: *\nDisallow: /x\n${rules}`, "our-doctor");
    expect(named.isAllowed("/x")).toBe(false);
    const long = parseRobots(`User-agent: *\n${rules.repeat(3)}Disallow: /x`, "our-doctor");
    expect(long.isAllowed("/x")).toBe(true);
  });

  it("waits a minute at most", () => {
    expect(parseRobots("User-agent: *\nCrawl-delay: 1e9", "our-doctor").delaySeconds).toBe(60);
  });

  it("allows everything where there is no file", () => {
    expect(parseRobots("", "our-doctor").isAllowed("/x")).toBe(true);
  });

  it("reads on in a group after a Sitemap line", () => {
    const robots = parseRobots(
      "User-agent: *\nSitemap: https://a.example/s.xml\nUser-agent: other\nDisallow: /a",
      "doctor",
    );
    expect(robots.isAllowed("/a")).toBe(false);
  });
});
