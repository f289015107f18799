import { describe, expect, it } from "vitest";
import { decideByCharset } from "../../../src/core/page/charset-decision.ts";
import { searchHead, type HeadProgress } from "../../../src/core/page/head-search.ts";
import { decidePlace, type UndecidedPlace } from "../../../src/core/page/page-decision.ts";
import { countText } from "./counted-text.ts";

/** Beginnings of a page that an attacker may choose; each is repeated. */
const PIECES = [
  "<!---->",
  "<!----!>",
  "<!-- a -->",
  "<!--",
  "-",
  "--!",
  "<?x>",
  "<?",
  "<a",
  "<a ",
  "<a b='",
  '<a b="c" ',
  "<a b=",
  "<",
  "</",
  "</x>",
  " ",
  "\0",
  "<script>",
  "<script>a</script>",
  "<script><!--<script>",
  "<title><a",
  "<template>",
  "<meta charset",
  "<meta http-equiv=",
  "<meta",
  "=",
  "/",
];
const BEGINNINGS = [
  "",
  "<!doctype html>",
  "<!doctype html><html ",
  "<!doctype html><html amp='",
  "<!doctype html><!--",
];
const LENGTH = 4000;

/** What a character may cost, however it arrives. */
const STEPS_PER_CHARACTER = 12;
/** What a piece may cost beside its characters. */
const STEPS_PER_PIECE = 60;

/** Looks at a text that arrives in pieces, and counts the characters that are looked at. */
function expectLinear(text: string, size: number, look: (beginning: string, isComplete: boolean) => boolean): void {
  let steps = 0;
  let pieces = 0;
  for (let length = Math.min(size, text.length); ; length = Math.min(length + size, text.length)) {
    const counted = countText(text.slice(0, length));
    pieces += 1;
    const goesOn = look(counted.text, length === text.length);
    steps += counted.steps();
    if (!goesOn || length === text.length) break;
  }
  expect(steps, text.slice(0, 60)).toBeLessThan(STEPS_PER_CHARACTER * text.length + STEPS_PER_PIECE * pieces);
}

describe.each([1, 7, 64, Number.POSITIVE_INFINITY])("a page in pieces of %d", (size) => {
  it.each(PIECES)("takes linear time to decide on, with %j again and again", (piece) => {
    for (const beginning of BEGINNINGS) {
      for (const hasCharset of [true, false]) {
        let from: UndecidedPlace | undefined;
        const facts = { isNavigation: true, hasCharset, tagBytes: 70 };
        expectLinear(beginning + piece.repeat(LENGTH / piece.length), size, (html, isComplete) => {
          const decision = decidePlace(html, { ...facts, isComplete, from });
          from = decision.kind === "more" ? decision : undefined;
          return from !== undefined;
        });
      }
    }
  });

  it.each(PIECES)("has its head searched in linear time, with %j again and again", (piece) => {
    for (const beginning of ["<head>", "<head><!--", "<head><script>", "<head><template>"]) {
      let from: number | HeadProgress | null = "<head>".length;
      expectLinear(beginning + piece.repeat(LENGTH / piece.length), size, (html) => {
        if (from !== null) from = searchHead(html, from).next;
        return from !== null;
      });
    }
  });
});

it.each(PIECES)("takes a bounded time to be asked for its charset, with %j again and again", (piece) => {
  const { text, steps } = countText(`<head>${piece.repeat(100_000 / piece.length)}`);
  decideByCharset(text, { place: "<head>".length, tagBytes: 70, isComplete: true });
  expect(steps()).toBeLessThan(10 * 1024);
});
