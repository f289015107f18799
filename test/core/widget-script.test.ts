import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { renderWidgetScript } from "../../src/core/widget-script.ts";

const browserPart = '(function(config,snippet){"use strict";received(config);if(snippet)snippet()})\n';

function run(snippet: string | null) {
  const seen: unknown[] = [];
  const page: Record<string, unknown> = { received: (config: unknown) => seen.push(config) };
  runInNewContext(renderWidgetScript(browserPart, { path: "/_chat", snippet }), page);
  return { config: seen[0], page };
}

describe("renderWidgetScript()", () => {
  it("hands the browser part its configuration", () => {
    expect(run(null).config).toEqual({ path: "/_chat" });
  });

  it("runs the snippet outside strict mode, where the stock one can assign its undeclared variable", () => {
    expect(run("s = 1; page = this === undefined").page).toMatchObject({ s: 1, page: false });
  });

  it("lets the snippet see none of our variables", () => {
    expect(run("leaked = typeof config + typeof snippet").page["leaked"]).toBe("undefinedundefined");
  });

  it.each(["a = 1 // the end", "a = 1\n<!-- hidden", "<!-- hidden\na = 1"])("holds a snippet such as %j", (snippet) => {
    expect(run(snippet).page["a"]).toBe(1);
  });
});
