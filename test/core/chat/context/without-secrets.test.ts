import { assert as assertProperty, constantFrom, property, string } from "fast-check";
import { describe, expect, it } from "vitest";
import { dropSecrets } from "../../../../src/core/chat/context/without-secrets.ts";

const drop = (message: string) => dropSecrets(message, false);

describe("dropSecrets()", () => {
  it.each([
    ["GET https://api.example/me?token=SECRET failed", "GET https://api.example/me failed"],
    ["GET /api/reset?token=SECRET failed", "GET /api/reset failed"],
    ["Failed //cdn.example/x?sig=SECRET", "Failed //cdn.example/x"],
    ["reset?token=SECRET failed", "reset failed"],
    ["#access_token=SECRET", ""],
    ["GET /a?q=green tea&token=SECRET", "GET /a tea"],
    ["wss://x.example/y#SECRET", "wss://x.example/y"],
    ["/cart;jsessionid=SECRET failed", "/cart failed"],
    ["Cannot parse\thttps://s.example/?t=SECRET", "Cannot parse\thttps://s.example/"],
    ["one\n/a?t=SECRET\nthree", "one\n/a\nthree"],
    [String.raw`{"u":"https:\/\/s.example\/reset?token=SECRET"}`, String.raw`{"u":"https:\/\/s.example\/reset`],
    ["at https%3A%2F%2Fs.example%2Fcb%3Fcode%3DSECRET", "at https%3A%2F%2Fs.example%2Fcb"],
    ["at https%253a%252f%252fs.example%252fcb%253fcode%253dSECRET", "at https%253a%252f%252fs.example%252fcb"],
    ["reset%3Ftoken%3DSECRET", "reset"],
  ])("drops query and fragment of %j", (message, told) => {
    expect(drop(message)).toBe(told);
  });

  it.each([
    ["https://anna:SECRET@s.example/x", "https://s.example/x"],
    ["https://SECRET@s.example/x", "https://s.example/x"],
    ["//anna:SECR@T@s.example", "//s.example"],
    [String.raw`https:\/\/anna:SECRET@s.example\/x`, String.raw`https:\/\/s.example\/x`],
    ["https%3A%2F%2Fanna%3ASECRET%40s.example%2Fx", "https%3A%2F%2Fs.example%2Fx"],
  ])("drops name and password of %j", (message, told) => {
    expect(drop(message)).toBe(told);
  });

  it("drops the last address of a message that was cut, since its host may be missing", () => {
    expect(dropSecrets("GET https://a.example/x and https://anna:SECR", true)).toBe(
      "GET https://a.example/x and https:",
    );
    expect(dropSecrets("GET https://a.example/x failed", true)).toBe("GET https://a.example/x failed");
  });

  it.each([
    "is it x?.y or a#b",
    "Cannot read private member #key from an object",
    "Why? a & b; c = 1",
    "https://unpkg.example/react@18.2.0/umd/react.js",
    "Write to anna@s.example",
  ])("leaves %j as it is", (message) => {
    expect(drop(message)).toBe(message);
  });

  it("leaves no query behind a slash in any message, and drops nothing more the second time", () => {
    const pieces = constantFrom("/", "\\", "%2f", "%25", "25", "@", "%40", "?", "#", ";", "=", "a", " ", "\n", ":");
    assertProperty(
      property(string({ unit: pieces }), (message) => {
        const told = drop(message);
        expect(told).not.toMatch(/\/\S*[?#;]/);
        expect(drop(told)).toBe(told);
      }),
      { numRuns: 2000, seed: 20 },
    );
  });

  it("takes a time that grows with the text alone", () => {
    const pieces = [
      "/",
      "//",
      "\\",
      "/\\",
      "%2f",
      "%25",
      "%2525",
      "%2f%2fa",
      "//a:b",
      "?",
      ";a",
      "@",
      "//@",
      "/%40",
      "a ",
      "\\/",
    ];
    const begun = performance.now();
    for (const piece of pieces) {
      for (const isCut of [false, true]) {
        dropSecrets(piece.repeat(50_000), isCut);
        dropSecrets(`/${piece.repeat(50_000)} `, isCut);
      }
    }
    expect(performance.now() - begun).toBeLessThan(1500);
  });
});
