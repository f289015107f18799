import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { renderWidgetScript } from "../../../src/core/widget/widget-script.ts";

const browserPart = '(function(settings){"use strict";received(settings);return settings.path!=="/waits"})\n';

const config = {
  path: "/_chat",
  rolloutPercent: 100,
  paths: { include: [], exclude: [{ prefix: "/admin/", program: [-6] }] },
  forgetByClick: false,
  loadWidget: "now" as const,
  resumeMinutes: 30,
  chatMinutes: 1500,
  consent: { source: "cookie" as const, name: "agreed", value: { prefix: "yes", program: [-2, -6] }, load: false },
};

function run(snippet: string | null, path = "/_chat") {
  const seen: unknown[] = [];
  const page: Record<string, unknown> = { received: (value: unknown) => seen.push(value) };
  runInNewContext(renderWidgetScript(browserPart, { ...config, path }, snippet), page);
  return { config: seen[0], page };
}

describe("renderWidgetScript()", () => {
  it("hands the browser part its configuration", () => {
    expect(run(null).config).toEqual({ ...config, hasSnippet: false });
    expect(run("a = 1").config).toEqual({ ...config, hasSnippet: true });
  });

  it("runs the snippet outside strict mode, where the stock one can assign its undeclared variable", () => {
    expect(run("s = 1; page = this === undefined").page).toMatchObject({ s: 1, page: false });
  });

  it("lets the snippet share its variables and functions with the page, and none of ours", () => {
    const { page } = run("var button = 1; function openChat() {} leaked = typeof config + typeof part");
    expect(page).toMatchObject({ button: 1, openChat: expect.any(Function), leaked: "undefinedundefined" });
  });

  it("does not run the snippet when the browser part says no", () => {
    expect(run("a = 1", "/waits").page).not.toHaveProperty("a");
  });

  it.each(["a = 1 // the end", "a = 1\n<!-- hidden", "<!-- hidden\na = 1"])("holds a snippet such as %j", (snippet) => {
    expect(run(snippet).page["a"]).toBe(1);
  });
});
