import { type Arbitrary, array, assert as assertProperty, constant, constantFrom, letrec, oneof, property, string, tuple } from "fast-check"; // prettier-ignore
import { describe, expect, it } from "vitest";
import { parsePathPattern } from "../../../src/core/settings/path-pattern.ts";
import { matches, type Pattern } from "../../../src/core/settings/pattern.ts";
import { parseRegex, PatternError } from "../../../src/core/settings/regex.ts";
import { FUZZ_TIMEOUT_MS, fuzzed } from "../fuzz.ts";

const joined = (...parts: readonly Arbitrary<string>[]) => tuple(...parts).map((texts) => texts.join(""));
const several = (part: Arbitrary<string>, minLength: number, maxLength: number) =>
  array(part, { minLength, maxLength }).map((texts) => texts.join(""));

/** Few characters, so that a text often matches: signs of the syntax, ends of lines, other spaces, halves of a pair. */
const CHARACTERS = ["a", "a", "b", "c", "A", "_", "0", "9", "-", ",", "=", "{", "}", "]", "\n", "\r", "\u2028", " ", "\t", "\u00a0", "\ufeff", "\0", "\b", "é", "ſ", "\u212a", "\ud83c", "\udf75", "🍵", "\uffff"]; // prettier-ignore
const character = constantFrom(...CHARACTERS);
const text = oneof(several(character, 0, 12), string({ unit: "binary", maxLength: 8 }));

const ESCAPES = ["d", "D", "w", "W", "s", "S", "t", "n", "v", "f", "r", "0", "x61", "x0a", "u0062", "u2028", "uD83C", ".", "\\", "/", "-", "]", "{", "é", "🍵", "_"]; // prettier-ignore
const escape = constantFrom(...ESCAPES).map((sign) => `\\${sign}`);
const member = oneof(
  character,
  escape,
  constantFrom("\\b", "[", "(", "^", "$", ".", "a-c", "0-9", "\\0-\\x7f", "é-🍵"),
);
const brackets = joined(constantFrom("[", "[", "[^"), several(member, 0, 4), constant("]"));
const quantifier = joined(
  constantFrom("", "", "", "*", "+", "?", "{0}", "{2}", "{1,}", "{0,2}", "{2,3}", "{,2}", "{x}"),
  constantFrom("", "", "?"),
);
const { expression } = letrec<{ expression: string; term: string }>((tie) => ({
  expression: several(several(tie("term"), 0, 4), 1, 1),
  term: oneof(
    { depthSize: "small", withCrossShrink: true },
    joined(character, quantifier),
    joined(oneof(escape, brackets, constant(".")), quantifier),
    constantFrom("^", "$", "\\b", "\\B", "|", "|"),
    joined(constantFrom("(", "(?:", "(?<x>"), tie("expression"), constant(")"), quantifier),
  ),
}));

/** A pattern as JavaScript and we read it; `null` where one of the two refuses it. */
function parse<T>(make: () => T): T | null {
  try {
    return make();
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError || error instanceof PatternError) return null;
    throw error;
  }
}

/** How many inputs both sides took: a test that compares nothing proves nothing. */
function createTally() {
  const tally = { taken: 0, matched: 0 };
  const compare = (pattern: Pattern, input: string, wanted: boolean) => {
    tally.taken++;
    if (wanted) tally.matched++;
    expect(matches(pattern, input)).toBe(wanted);
  };
  return { tally, compare };
}

describe("matches()", () => {
  it("agrees with JavaScript on every expression that it takes", { timeout: FUZZ_TIMEOUT_MS }, () => {
    const { tally, compare } = createTally();
    assertProperty(
      property(expression, array(text, { minLength: 1, maxLength: 4 }), (source, inputs) => {
        const native = parse(() => new RegExp(source));
        const pattern = parse(() => parseRegex(source));
        // We take no pattern that JavaScript refuses.
        if (native === null) expect(pattern).toBe(null);
        if (native === null || pattern === null) return;
        for (const input of inputs) compare(pattern, input, native.test(input));
      }),
      fuzzed(20_000),
    );
    expect(tally.matched).toBeGreaterThan(2000);
    expect(tally.taken - tally.matched).toBeGreaterThan(2000);
  });

  it("agrees with URLPattern on every path pattern that it takes", { timeout: FUZZ_TIMEOUT_MS }, () => {
    const { tally, compare } = createTally();
    const letters = several(
      constantFrom("/", "/", "a", "b", "-", "a.b", "é", "1", "|", "^", "<", "\\:", "\\*", "\\/", "\\(", "$"),
      0,
      3,
    );
    const group = constantFrom("(a|b)", "(\\d+)", "([^/]*)", "(a(?:b|/)?)", "([ab-]+)", "(.*)", "(\\w\\/?)", "([\\[(?:]?)", "([[a]b])", "([ab--b])", "(\\p{L})", "(a(?<x>b)?)"); // prettier-ignore
    const wildcard = oneof(constant("*"), group, constantFrom(":id", ":é", ":a", ":$b"), joined(constantFrom(":c", ":d"), group)); // prettier-ignore
    const modifier = constantFrom("", "", "?", "*", "+");
    const braces = joined(constant("{"), letters, oneof(constant(""), wildcard), letters, constant("}"), modifier);
    const pathPattern = several(oneof(letters, joined(wildcard, modifier), braces), 1, 4).map((rest) => `/${rest}`);
    const pathname = several(
      constantFrom("/", "/", "a", "b", "-", "a.b", "é", "1", "|", "^", "<", ":", "*", "(", "$", "ab", "%"),
      0,
      8,
    );
    assertProperty(
      property(pathPattern, array(pathname, { minLength: 1, maxLength: 4 }), (source, inputs) => {
        const native = parse(() => new URLPattern({ pathname: source }));
        const pattern = parse(() => parsePathPattern(source));
        // We take no pattern that JavaScript refuses.
        if (native === null) expect(pattern).toBe(null);
        if (native === null || pattern === null) return;
        for (const input of inputs) {
          const url = new URL(`https://www.example.com/${input}`);
          compare(pattern, url.pathname, native.test(url.href));
        }
      }),
      fuzzed(3000),
    );
    expect(tally.matched).toBeGreaterThan(500);
    expect(tally.taken - tally.matched).toBeGreaterThan(500);
  });
});
