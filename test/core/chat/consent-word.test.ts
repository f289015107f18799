import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  buildWord,
  type ConsentSource,
  hasConsent,
  hasRefused,
  readAgreement,
  readWord,
} from "../../../src/core/chat/consent.ts";
import { stripOwnCookies } from "../../../src/core/headers/cookies.ts";
import { parseRegex } from "../../../src/core/settings/regex.ts";
import { sent } from "./sent.ts";

const NOW_MS = 1_795_856_400_000;

const SOURCES: readonly ConsentSource[] = [
  { source: "cookie", name: "agreed", value: parseRegex("yes") },
  { source: "page" },
  { source: "tcf", purposes: [1, 3] },
  { source: "gcm" },
];
const cookie = (word: string) => `a=1; agreed=yes; __Host-chat-consent=${word}; b=2`;

describe.each(SOURCES)("hasConsent() with the source $source", (source) => {
  it.each(["1", `1.${NOW_MS}`, "1.0"])("takes the word %s for a yes", (word) => {
    expect(hasConsent(source, sent(`__Host-chat-consent=${word}`))).toBe(true);
  });

  it.each(["0", "2", "10", "01", "1.", "1.x", "1.1.1", "1.1234567890123456", "yes", "true", "1,1", '"1"', "-1", "1e0"])(
    "takes the word %j for a refusal, whatever the site's own cookie says",
    (word) => {
      expect(hasConsent(source, sent(cookie(word)))).toBe(false);
    },
  );

  it("takes an empty word for none", () => {
    expect(hasConsent(source, sent(cookie("")))).toBe(source.source === "cookie");
  });

  it("takes two words for a refusal", () => {
    expect(hasConsent(source, sent(`${cookie("1")}; __Host-chat-consent=1`))).toBe(false);
  });

  it("takes a word of a megabyte for a refusal", () => {
    expect(hasConsent(source, sent(cookie(`1.${"1".repeat(1_000_000)}`)))).toBe(false);
  });

  it("finds no consent where nothing is said", () => {
    expect(hasConsent(source, sent(null))).toBe(false);
    expect(hasConsent(source, sent("a=1; xx__Host-chat-consent=1; __host-chat-consent=1"))).toBe(false);
  });
});

describe("hasRefused()", () => {
  it.each([
    ["0", true],
    ["1", false],
    ["", false],
    ["no", false],
    ["00", false],
  ])("says of the word %j: %s", (word, isRefusal) => {
    expect(hasRefused(sent(cookie(word)))).toBe(isRefusal);
  });

  it.each([null, "a=1", `${cookie("0")}; __Host-chat-consent=0`])("sees no refusal in %j", (cookies) => {
    expect(hasRefused(sent(cookies))).toBe(false);
  });
});

describe("readAgreement()", () => {
  it.each([
    [`1.${NOW_MS}`, String(NOW_MS)],
    ["1", undefined],
    ["0", undefined],
    ["0.5", undefined],
    ["1.x", undefined],
  ])("reads from the word %j: %j", (word, agreedAt) => {
    expect(readAgreement(sent(cookie(word)))).toBe(agreedAt);
  });

  it("reads nothing without a word", () => {
    expect(readAgreement(sent(null))).toBeUndefined();
  });
});

describe("buildWord()", () => {
  it.each([
    [true, "", "1"],
    [true, "1", "1"],
    [true, "1.5", "1.5"],
    [true, "0", `1.${NOW_MS}`],
    [true, "1,1", `1.${NOW_MS}`],
    [false, "", "0"],
    [false, "1", "0"],
    [false, "1.5", "0"],
  ])("makes of the answer %s and the word %j: %j", (isGiven, word, next) => {
    expect(buildWord(isGiven, word, NOW_MS)).toBe(next);
  });
});

describe("the page's word", () => {
  /** What a browser does: one cookie, always the newest. */
  const say = (word: string, [isGiven, atMs]: readonly [boolean, number]) => buildWord(isGiven, word, atMs);
  const answers = fc.array(fc.tuple(fc.boolean(), fc.nat(NOW_MS)), { minLength: 1, maxLength: 20 });

  it("says what the page said last, whatever it said before", () => {
    fc.assert(
      fc.property(answers, fc.constantFrom(...SOURCES), (said, source) => {
        const word = said.reduce(say, "");
        expect(hasConsent(source, sent(`__Host-chat-consent=${word}`))).toBe(said.at(-1)?.[0]);
        expect(hasRefused(sent(`__Host-chat-consent=${word}`))).toBe(said.at(-1)?.[0] === false);
      }),
    );
  });

  it("names the same agreement until a refusal, and another one after it", () => {
    fc.assert(
      fc.property(answers, fc.nat(NOW_MS), (said, atMs) => {
        const before = said.reduce(say, "");
        const again = say(before, [true, atMs]);
        expect(say(again, [true, atMs + 5])).toBe(again);
        const later = say(say(again, [false, atMs + 6]), [true, NOW_MS + 7]);
        expect(readAgreement(sent(`__Host-chat-consent=${later}`))).toBe(String(NOW_MS + 7));
        expect(later).not.toBe(again);
      }),
    );
  });

  it("is read from any header without an error, and never goes on to the site", () => {
    const part = fc.oneof(fc.string(), fc.constantFrom(";", "=", " ", "\t", ",", "1", "0", ".", "__Host-chat-consent"));
    fc.assert(
      fc.property(fc.array(part, { maxLength: 30 }), fc.constantFrom(...SOURCES), (parts, source) => {
        const header = parts.join("");
        if (readWord(sent(header)) === "") return;
        expect(hasConsent(source, sent(header))).toBe(/^1(?:\.\d{1,15})?$/.test(readWord(sent(header))));
        expect(readWord(sent(stripOwnCookies(header)))).toBe("");
      }),
    );
  });
});
