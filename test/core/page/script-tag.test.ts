import { describe, expect, it } from "vitest";
import { renderScriptTag } from "../../../src/core/page/script-tag.ts";

const usual = { chatPath: "/_chat", async: true, nonce: null };

describe("renderScriptTag()", () => {
  it("is one constant element", () => {
    expect(renderScriptTag(usual)).toBe('<script data-cfasync="false" async src="/_chat/widget.js"></script>');
  });

  it("runs before the rest of the page where the page brings its own snippet", () => {
    expect(renderScriptTag({ ...usual, async: false })).toBe(
      '<script data-cfasync="false" src="/_chat/widget.js"></script>',
    );
  });

  it("carries the page's nonce", () => {
    expect(renderScriptTag({ ...usual, nonce: "r4nd0m+/=" })).toBe(
      '<script data-cfasync="false" async nonce="r4nd0m+/=" src="/_chat/widget.js"></script>',
    );
  });

  it.each([
    ['"><script>alert(1)</script>', "&#34;&#62;&#60;script&#62;alert(1)&#60;/script&#62;"],
    ["a&quot;b", "a&#38;quot;b"],
    ["caf\u00e9 \u{1f375}", "caf&#233; &#127861;"],
  ])("escapes the nonce %j", (nonce, escaped) => {
    expect(renderScriptTag({ ...usual, nonce })).toContain(` nonce="${escaped}" `);
  });

  it("escapes the path", () => {
    expect(renderScriptTag({ ...usual, chatPath: '/a"b' })).toContain('src="/a&#34;b/widget.js"');
  });
});
