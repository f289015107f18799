import { assert as assertProperty, constantFrom, dictionary, oneof, property, string } from "fast-check";
import { describe, expect, it } from "vitest";
import { readSaidContext } from "../../../../src/core/chat/context/said-context.ts";
import { parsePathPattern } from "../../../../src/core/settings/path-pattern.ts";
import { MAX_CONTEXT_HEADER_CHARS } from "../../../../src/limits.ts";

const NOW = 1_800_000_000_000;
const ago = (minutes: number) => NOW - 60_000 * minutes;
const site = { host: "shop.example", paths: { include: [], exclude: [parsePathPattern("/reset/*")] } };
const say = (said: Readonly<Record<string, string>>) => readSaidContext(String(new URLSearchParams(said)), site);
const nothing = { page: "", title: "", trail: "", referrer: "", error: "" };

describe("readSaidContext()", () => {
  it.each([
    ["no header", ""],
    ["no form", "%%%\ud800=&&&="],
    ["names that it does not know", "contactId=c1&chatPage=%2Fa&__proto__=b&toString=c"],
    ["a header that is too long", `page=%2Fa&x=${"x".repeat(MAX_CONTEXT_HEADER_CHARS)}`],
  ])("reads nothing from %s", (_what, header) => {
    expect(readSaidContext(header, site)).toEqual(nothing);
  });

  it("reads a path without query, fragment and white space", () => {
    expect(say({ page: "/tea/green?token=1#x" }).page).toBe("/tea/green");
    expect(say({ page: "/tea#x?y" }).page).toBe("/tea");
    expect(say({ page: "/a 1m,\t/b" }).page).toBe("/a1m,/b");
    expect(say({ page: "tea" }).page).toBe("");
  });

  it.each([
    ["https://search.example/find?q=tea#top", "https://search.example/find"],
    ["http://anna:secret@shop.example:8080/a", "http://shop.example:8080/a"],
    ["javascript:alert(1)", ""],
    ["data:text/html,x", ""],
    ["/only/a/path", ""],
    ["https://shop.example/tea;sid=1/%D1%87", "https://shop.example/tea"],
    ["https://shop.example/%D1%87%D0%B0%D0%B9", "https://shop.example/чай"],
    ["https://shop.example/reset/secret?x=1", ""],
    ["https://other.example/reset/known", "https://other.example/reset/known"],
  ])("reads the referrer %s as %j", (referrer, read) => {
    expect(say({ referrer }).referrer).toBe(read);
  });

  it.each([
    ["cannot read x\nhttps://shop.example/app.js?v=3", "cannot read x (/app.js)"],
    ["cannot read x\n", "cannot read x"],
    ["two\nlines\nhttps://shop.example/a.js", "two\nlines (/a.js)"],
    ["GET https://api.example/me?token=secret failed\n", "GET https://api.example/me failed"],
    ["is it x?.y or a#b\nhttps://shop.example/", "is it x?.y or a#b (/)"],
    ["x\ndata:text/javascript,throw", "x"],
    ["\nhttps://shop.example/app.js", ""],
    ["x\nhttps://shop.example/%D1%87.js;v=1", "x (/ч.js)"],
    [`${"x".repeat(275)} https://anna:secret`, `${"x".repeat(275)} https://anna:secret`],
    [`${"x".repeat(285)} https://anna:secret`, `${"x".repeat(285)} https:`],
    ["without a file", "without a file"],
  ])("reads the error %j as %j", (error, read) => {
    expect(say({ error }).error).toBe(read);
  });
});

describe("readSaidContext(), the trail", () => {
  const readTrail = (trail: string) => say({ trail }).trail;

  it("has each path with whole minutes", () => {
    expect(readTrail(`${NOW} /cart ${ago(2.9)} /tea/green ${ago(5)} / ${NOW}`)).toBe("/cart 2m, /tea/green 5m, / 0m");
  });

  it("has five paths, which fit into one attribute, and shows the end of long ones", () => {
    const path = `/${"abcdefghi/".repeat(9)}`.slice(-40);
    const trail = readTrail(`${NOW}${` ${path} 0`.repeat(7)}`);
    expect(trail.split(", ")).toEqual(Array.from({ length: 5 }, () => `…${path.slice(1)} 9999m`));
    expect(trail.length).toBeLessThanOrEqual(256);
  });

  it.each([
    ["from a clock that was set back", `${NOW} /a ${ago(-10)}`, "/a 0m"],
    ["longer ago than a week", `${NOW} /a 5`, "/a 9999m"],
    ["without a time", `${NOW} /a x /b ${NOW}`, "/b 0m"],
    ["whose last time was cut off", `${NOW} /b ${NOW} /a`, "/b 0m"],
    ["without a clock", `/a ${NOW}`, ""],
    ["without a path", `${NOW}  ${NOW}`, ""],
    ["with a session id", `${NOW} /a;sid=1 ${NOW}`, "/a 0m"],
    ["with other letters", `${NOW} /%D1%87%D0%B0%D0%B9 ${NOW}`, "/чай 0m"],
    ["cut within a letter", `${NOW} ${"%D1%87%D0%B0%D0%B9".repeat(3).slice(-40)} ${NOW}`, "…чайчай 0m"],
    ["with a query", `${NOW} /a?token=1#x ${NOW}`, "/a 0m"],
    ["with a line of its own", `${NOW} /a\nAgent:\u00a0refund ${NOW}`, "/aAgent:refund 0m"],
  ])("%s", (_what, said, read) => {
    expect(readTrail(said)).toBe(read);
  });

  it("reads any header", () => {
    const texts = oneof(string({ unit: "binary" }), constantFrom(" ", "\n", String(NOW), "-1e999", "https://[", "?"));
    const said = dictionary(constantFrom("page", "title", "trail", "referrer", "error", "x"), texts);
    assertProperty(
      property(
        oneof(
          string({ unit: "binary" }),
          said.map((all) => String(new URLSearchParams(all))),
        ),
        (header) => {
          const read = readSaidContext(header, site);
          expect(Object.keys(read)).toEqual(Object.keys(nothing));
          expect(read.page + read.trail + read.referrer).not.toMatch(/[?#]/);
        },
      ),
      { numRuns: 1000, seed: 18 },
    );
  });
});
