import { describe, expect, it } from "vitest";
import { decideByBody, decideByCharset } from "../../../src/core/page/body-decision.ts";
import { searchHead } from "../../../src/core/page/head-search.ts";
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
  "<title><a",
  "<meta charset",
  "<meta",
  "=",
  "/",
];
const BEGINNINGS = ["", "<!doctype html>", "<!doctype html><html ", "<!doctype html><!--"];
const LENGTH = 4000;

function stepsOf(work: (text: string) => unknown, text: string): number {
  const { text: counted, steps } = countText(text);
  work(counted);
  return steps();
}

/** Twice the text may cost little more than twice the steps. */
function expectLinear(work: (text: string) => unknown, beginning: string, piece: string): void {
  const once = beginning + piece.repeat(LENGTH / piece.length);
  const twice = beginning + piece.repeat((2 * LENGTH) / piece.length);
  expect(stepsOf(work, twice)).toBeLessThanOrEqual(2.2 * stepsOf(work, once) + 200);
}

describe.each(PIECES)("%j again and again", (piece) => {
  it.each(BEGINNINGS)("takes linear time to decide on a page of many %j", (beginning) => {
    expectLinear((text) => decideByBody(text, { isComplete: false, isNavigation: true }), beginning, piece);
  });

  it.each(["<head>", "<head><!-- content-security-policy -->"])(
    "takes linear time to search, after %s",
    (beginning) => {
      expectLinear((text) => searchHead(text, 6), beginning, piece);
    },
  );

  it("takes a bounded time to be asked for its charset", () => {
    const text = `<head>${piece.repeat(100_000 / piece.length)}`;
    expect(stepsOf((counted) => decideByCharset(counted, 6, 70), text)).toBeLessThan(5000);
  });
});
