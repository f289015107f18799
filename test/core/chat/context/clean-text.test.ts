import { assert as assertProperty, constantFrom, oneof, property, string } from "fast-check";
import { describe, expect, it } from "vitest";
import { cleanText, MAX_VALUE_CHARS } from "../../../../src/core/chat/context/clean-text.ts";

describe("cleanText()", () => {
  it.each([
    ["a control", "a\0b\u0007c\u009bd", "abcd"],
    ["a line's end", "Tea\r\nchatContinue: now\u2028next\u2029last", "Tea chatContinue: now next last"],
    ["a mark that turns text", "\u202eevil\u202c \u2066a\u2069 \u200fb\u200e\u061c", "evil a b"],
    ["a mark that hides text", "a\u200bb\u00adc\ufeffd\u{e0041}", "abc d"],
    ["markup", '<b onclick="x">Tea</b><!-- now --><script>1</script>', "Tea 1"],
    ["what is left of markup", "a < b > c <<i>script> <", "a b c script"],
    ["a lone surrogate", "a\ud83db\udf75c\ufffd", "abc"],
    ["white space at both ends, and more than one", " \u00a0 green \t tea\u3000", "green tea"],
  ])("removes %s", (_what, text, cleaned) => {
    expect(cleanText(text)).toBe(cleaned);
  });

  it.each(["Grüner Tee & Kekse (3 für 2)", "緑茶", "شاي أخضر", "می\u200cخواهم", "🍵👩\u200d🌾", "a=1; b='2'"])(
    "leaves %j as it is",
    (text) => {
      expect(cleanText(text)).toBe(text);
    },
  );

  it("cuts a long text, but no pair of surrogates", () => {
    expect(cleanText("x".repeat(1_000_000))).toBe("x".repeat(MAX_VALUE_CHARS));
    expect(cleanText(`x${"🍵".repeat(200)}`)).toBe(`x${"🍵".repeat(127)}`);
    expect(cleanText(`${"x".repeat(255)} y`)).toBe("x".repeat(255));
  });

  it("gives one short line without markup, whatever the text, and changes it only once", () => {
    const pieces = constantFrom("<", ">", "<b>", "</", "<!--", " ", "\n", "\u202e", "\u200d", "\ud83c", "\udf75", "\0");
    const texts = oneof(string({ unit: "binary", maxLength: 400 }), string({ unit: oneof(pieces, string()) }));
    assertProperty(
      property(texts, (text) => {
        const cleaned = cleanText(text);
        expect(cleaned.length).toBeLessThanOrEqual(MAX_VALUE_CHARS);
        expect(cleaned).not.toMatch(/[<>]|[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]| {2}|^ | $/u);
        expect(cleanText(cleaned)).toBe(cleaned);
      }),
      { numRuns: 2000, seed: 18 },
    );
  });

  it("takes a time that grows with the text alone", () => {
    const texts = ["<a".repeat(50_000), "<!".repeat(50_000), " \u200b".repeat(50_000), "<".repeat(100_000)];
    const begun = performance.now();
    for (const text of texts) cleanText(text);
    expect(performance.now() - begun).toBeLessThan(1000);
  });
});
