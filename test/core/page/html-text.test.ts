import { describe, expect, it } from "vitest";
import { decodeCharacterReferences } from "../../../src/core/page/html-text.ts";

describe("decodeCharacterReferences()", () => {
  it.each([
    ["script-src &#39;self&#39;", "script-src 'self'"],
    ["&#x27;none&#X27;", "'none'"],
    ["&quot;&apos;&lt;&gt;", "\"'<>"],
    [
      "script-src &apos;self&apos;&semi; img-src https&colon;&sol;&sol;a&period;example",
      "script-src 'self'; img-src https://a.example",
    ],
    ["&Tab;&NewLine;&nbsp;&ast;&equals;&quest;", "\t\n\u00a0*=?"],
    ["&#39self&#39 &#x27self&#X27", "'self' 'self'"],
    ["&#59;&#0059", ";;"],
    ["&#0;&#xD800;&#xdfff&#x110000;&#99999999999999999999999", "\ufffd".repeat(5)],
    ["&#128;&#x85;&#159&#129;", "\u20ac\u2026\u0178\u0081"],
    ["&#x1f375;&#xa0;", "\u{1f375}\u00a0"],
    ["&lt a&amp&gt", "< a&>"],
    ["?a=1&b=2&amp=3&lt=4&copy=5", "?a=1&b=2&amp=3&lt=4&copy=5"],
    ["& &; &# &#x &#z; &&", "& &; &# &#x &#z; &&"],
    ["a?b&amp;c", "a?b&c"],
    ["&amp;#39;", "&#39;"],
  ])("makes %j to %j", (value, decoded) => {
    expect(decodeCharacterReferences(value)).toBe(decoded);
  });

  it.each(["&Semi;", "&AMP;&NotSquareSubset;", "a&copy b", "&apos", "&semi", "&constructor;", "?a&b"])(
    "says that it does not know %j",
    (value) => {
      expect(decodeCharacterReferences(value)).toBe(null);
    },
  );
});
