import { describe, expect, it } from "vitest";
import { readRequirements } from "../../../../src/cli/connect/rehearse/requirements.ts";
import { PLACEHOLDERS } from "../../../../src/cli/doctor/settings.ts";
import { Misuse } from "../../../../src/cli/shared/command-line.ts";

const site = new URL("https://www.example.com/");
const snippet = PLACEHOLDERS["WIDGET_SNIPPET"] ?? "";

describe("readRequirements()", () => {
  it("gives the snippet, the settings and the site", () => {
    const found = readRequirements({ WIDGET_SNIPPET: snippet, READY_AFTER_SECONDS: "7" }, {}, site);
    expect(found.snippet.widgetId).toBe("00000000-0000-4000-8000-000000000000");
    expect(found.settings.READY_AFTER_SECONDS).toBe(7);
    expect(found.site).toBe(site);
  });

  it("takes the snippet of the environment in place of all parts in .dev.vars", () => {
    const own = { WIDGET_SNIPPET: "page", WIDGET_SNIPPET_2: "rest" };
    expect(readRequirements(own, { WIDGET_SNIPPET: snippet }, site).snippet.script).toContain("snippetId");
  });

  const cloudfront = snippet.replace("your-instance.my.connect.aws/connectwidget/static", "d1.cloudfront.net");
  it.each<[string, Record<string, string>, URL | null, RegExp]>([
    ["no address", { WIDGET_SNIPPET: snippet }, null, /Give the address/],
    ["no snippet", {}, site, /needs the widget's snippet: run npm run setup/],
    [
      "the word page",
      { WIDGET_SNIPPET: "page", WIDGET_ID: "00000000-0000-4000-8000-000000000000" },
      site,
      /is the word page.*by hand/,
    ],
    ["a snippet of CloudFront", { WIDGET_SNIPPET: cloudfront }, site, /cloudfront\.net.*copy the snippet.*by hand/],
    ["a broken setting", { WIDGET_SNIPPET: snippet, READY_AFTER_SECONDS: "soon" }, site, /READY_AFTER_SECONDS/],
  ])("says what to do with %s", (_what, own, where, message) => {
    const read = () => readRequirements(own, {}, where);
    expect(read).toThrow(message);
    expect(read).toThrow(Misuse);
  });
});
