import { Script } from "node:vm";
import { array, assert as assertProperty, constantFrom, oneof, property, string } from "fast-check";
import { transformSync } from "esbuild";
import { describe, expect, it } from "vitest";
import { parseSnippet, type Snippet, SnippetError, UUID } from "../../../src/core/widget/snippet.ts";
import { renderWidgetScript } from "../../../src/core/widget/widget-script.ts";
import { snippet } from "../../worker/settings.ts";
import { FUZZ_TIMEOUT_MS, fuzzed } from "../fuzz.ts";
import { mutated } from "../mutation.ts";

const code = snippet.replace(/^<script[^>]*>|<\/script>$/g, "");
const EXAMPLES = [
  snippet,
  code,
  transformSync(code, { minify: true }).code,
  `<!-- Connect, don't touch -->\n<button title='a > b'>It's us</button>${snippet}<script>let a = 1;</script>`,
  `${code}; if (a) /['"(]/.test(b); var c = d++ / 2, e = \`it's \${ { b: \`}\${c}"\` }.b } (\`;`,
];
const FRAGMENTS = [
  "<script>", "</script>", "<script src=a.js>", "<script type=module>", "</script", "<!--", "-->", "<html>", "<body>", "//", "/*", "*/", "'",
  '"', "`", "${", "}", "{", "(", ")", "[", "]", "\\", "\n", "\r", "\u2028", "\0", "\ufeff", "/", "/=", "/[/]/", "++", "?.", "=>", ";", ",",
  "return", "if (a)", "else", "function f(){}", "class A {}", "import", "await", "u0041", "\\x41", "\\u{41}", "1e5", ".5", "0x1F", "10n",
  "amazon_connect", "amazon_connect('authenticate', f)", "amazon_connect('disableCSM', true)", "'snippetId'", "REPLACE_ME", ".src=", ".id=",
  "\u{1f375}", "\ud800", "\u201c", "#a", "@", "=", "+",
]; // prettier-ignore

const nearlySnippet = mutated(EXAMPLES, FRAGMENTS);
const soup = array(constantFrom(...FRAGMENTS, "a", " "), { maxLength: 25 }).map((pieces) => pieces.join(""));
const texts = oneof(
  { weight: 12, arbitrary: nearlySnippet },
  { weight: 2, arbitrary: soup.map((text) => code + text) },
  { weight: 1, arbitrary: string({ unit: "binary" }) },
);

function parse(text: string): Snippet | SnippetError {
  try {
    return parseSnippet(text);
  } catch (error) {
    if (error instanceof SnippetError) return error;
    throw error;
  }
}

function isScript(text: string): boolean {
  try {
    return new Script(text) instanceof Script;
  } catch {
    return false;
  }
}

const CONFIG = {
  path: "/_chat",
  rolloutPercent: 100,
  paths: { include: [], exclude: [] },
  forgetByClick: false,
  loadWidget: "now" as const,
  resumeMinutes: 30,
  chatMinutes: 1500,
  consent: null,
};

describe("parseSnippet()", () => {
  it("takes a widget out of any text, or says what the text is", { timeout: FUZZ_TIMEOUT_MS }, () => {
    assertProperty(
      property(texts, (text) => {
        const result = parse(text);
        if (result instanceof SnippetError) return;
        expect(result.widgetId).toMatch(UUID);
        expect(new URL(result.scriptUrl).protocol).toMatch(/^https?:$/);
        expect(result.snippetId).not.toBe("");
        // The owner's own text, byte for byte; where two elements meet, a semicolon may be the owner's or ours.
        for (const script of result.script.split(/[\n;]*\n;\n[\n;]*/)) expect(text).toContain(script);
      }),
      fuzzed(1500),
    );
  });
});

describe("renderWidgetScript()", () => {
  it("runs a snippet only where the browser part lets it run", { timeout: FUZZ_TIMEOUT_MS }, () => {
    assertProperty(
      property(texts, (text) => {
        const result = parse(text);
        if (result instanceof SnippetError) return;
        // What is no script alone must not become one with the braces around it, which it would have to close.
        const script = renderWidgetScript("(function(){return true})", CONFIG, result.script);
        expect(isScript(script)).toBe(isScript(result.script));
      }),
      fuzzed(1500),
    );
  });
});
