import { describe, expect, it } from "vitest";
import { parsePathPattern } from "../../../src/core/settings/path-pattern.ts";
import { matches, type Pattern } from "../../../src/core/settings/pattern.ts";
import { parseRegex } from "../../../src/core/settings/regex.ts";
import { MAX_MATCHED_CHARS, MAX_PATTERN_NUMBERS } from "../../../src/limits.ts";

/** Counts the looks at the program while one text is matched; ends after `most`, since it may never end without a bound. */
function countLooks({ prefix, program }: Pattern, text: string, most: number): number {
  let looks = 0;
  const watched = new Proxy(program, {
    get(target, key) {
      if (typeof key === "string" && /^\d+$/.test(key) && ++looks > most) throw new Error("Too many looks");
      return Reflect.get(target, key);
    },
  });
  matches({ prefix, program: watched }, text);
  return looks;
}

describe("matches()", () => {
  it.each([
    ["README's own example", parseRegex(".*chat"), "c"],
    ["a repetition in a repetition", parseRegex("(a+)+$"), "a"],
    ["alternatives that overlap", parseRegex("^(a|a|aa|[ab])*$x"), "a"],
    ["any text, again and again", parseRegex("(.*)*x"), "a"],
    ["what may be empty, again and again", parseRegex(String.raw`^(\B|a?|)*((b?)*|c)*x`), "a"],
    ["wildcards between the same characters", parseRegex("(.*,){5}chat"), ","],
    ["counted repetitions", parseRegex("(a?){30}x"), "a"],
    ["brackets with many ranges", parseRegex(String.raw`[^\s,;=]*[\w,]*[^\s]*x`), "a"],
    ["a path with several wildcards", parsePathPattern("/*-*-*-*-*/sign-out"), "-"],
    ["a path with repeated groups", parsePathPattern("/a{/*}+{/:b}*/c"), "/"],
  ])("looks at each place of a program once a character: %s", (_case, pattern, unit) => {
    const looksFor = (length: number) => {
      const text = pattern.prefix.padEnd(length, unit);
      return countLooks(pattern, text, (text.length + 1) * pattern.program.length);
    };
    const half = looksFor(MAX_MATCHED_CHARS / 2);
    const whole = looksFor(MAX_MATCHED_CHARS);
    expect(half).toBeGreaterThan(MAX_MATCHED_CHARS / 2);
    expect(whole).toBeLessThan(2.01 * half);
  });

  it("looks at nothing where the pattern needs a longer text or another beginning", () => {
    const pattern = parsePathPattern("/shop/*/cart");
    expect(countLooks(pattern, `/shop/${"a".repeat(MAX_MATCHED_CHARS)}/cart`, 0)).toBe(0);
    expect(countLooks(pattern, "/help/a/cart", 0)).toBe(0);
  });

  it("ends as soon as the text cannot match any more", () => {
    expect(countLooks(parsePathPattern("/:page/help"), `/a/${"a".repeat(4000)}`, 100)).toBeLessThan(100);
  });
});

describe("parseRegex()", () => {
  it("refuses a program that is longer than allowed, and takes the longest one", () => {
    // A repetition of any character takes seven numbers, a character three, the end one.
    const characters = Math.floor((MAX_PATTERN_NUMBERS - 8) / 3);
    expect(parseRegex("a".repeat(characters)).program).toHaveLength(8 + 3 * characters);
    expect(() => parseRegex("a".repeat(characters + 1))).toThrow("shorter");
  });

  it("takes no step for the beginning that all matching texts share", () => {
    expect(parsePathPattern("/shop/*")).toMatchObject({ prefix: "/shop/", program: { length: 1 } });
  });

  it.each([
    "(?=a)",
    "(?!a)",
    "(?<=a)",
    "(?<!a)",
    "(?i:a)",
    "(?-i:a)",
    "(a)\\1",
    "\\8",
    "(?<n>a)\\k<n>",
    "\\01",
    "\\u{2}",
  ])("refuses %s, which it cannot match in a few steps, or cannot read as JavaScript does", (source) => {
    expect(() => parseRegex(source)).toThrow("without lookaround, back references or flags");
  });
});
