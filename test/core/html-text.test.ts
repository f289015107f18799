import { describe, expect, it } from "vitest";
import { decodeCharacterReferences } from "../../src/core/html-text.ts";

describe("decodeCharacterReferences()", () => {
  it.each([
    ["script-src &#39;self&#39;", "script-src 'self'"],
    ["&#x27;none&#X27;", "'none'"],
    ["&quot;&apos;&lt;&gt;", "\"'<>"],
    ["a?b&amp;c", "a?b&c"],
    ["&amp;#39;", "&#39;"],
    ["&unknown; &#0; &#x110000; & &amp", "&unknown; &#0; &#x110000; & &amp"],
  ])("makes %j to %j", (value, decoded) => {
    expect(decodeCharacterReferences(value)).toBe(decoded);
  });
});
