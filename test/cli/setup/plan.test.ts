import { parseEnv } from "node:util";
import { describe, expect, it } from "vitest";
import { type Answers } from "../../../src/cli/setup/answers.ts";
import { buildPlan, type Present, renderDevVars, renderPlan } from "../../../src/cli/setup/plan.ts";
import { parseWidget } from "../../../src/core/widget/widget.ts";
import { securityKey, snippet } from "../../worker/settings.ts";

const answers: Answers = {
  snippet,
  widgetId: "",
  securityKey,
  site: new URL("https://www.example.com"),
  isOnCloudflare: true,
  assetRoutes: [],
  region: "",
  instanceId: "",
};
const present: Present = {
  isLoggedIn: true,
  hasNamespace: false,
  secretNames: [],
  kept: {},
  variables: {},
  routes: [],
  site: "",
};

const plan = (answered: Partial<Answers>, found: Partial<Present> = {}) =>
  buildPlan({ ...answers, ...answered }, { ...present, ...found }, () => "made");

describe("buildPlan()", () => {
  it("keeps the owner's other lines of .dev.vars", () => {
    const kept = {
      AWS_ACCESS_KEY_ID: "AKIA",
      WIDGET_SNIPPET: "old",
      WIDGET_SNIPPET_2: "old",
      WIDGET_SECURITY_KEY: "old",
    };
    expect(plan({}, { kept }).devVars).toEqual({
      AWS_ACCESS_KEY_ID: "AKIA",
      WIDGET_SNIPPET: snippet,
      PREVIEW_SECRET: "made",
    });
  });

  it("makes no cookie secret where Cloudflare has one", () => {
    expect(plan({}, { secretNames: ["COOKIE_SECRET"] }).secrets).not.toHaveProperty("COOKIE_SECRET");
  });

  it("sends no security key where the owner gives none", () => {
    expect(plan({ securityKey: null }).secrets).not.toHaveProperty("WIDGET_SECURITY_KEY");
  });
});

describe("renderPlan()", () => {
  const render = (...routes: string[]) => renderPlan(plan({}), { isLoggedIn: true, routes })[0];

  it("names the new Route, or the owner's Routes that stay", () => {
    expect(render()).toBe("wrangler.toml   the route www.example.com/*");
    expect(render("shop.example.com/*")).toBe("wrangler.toml   the route www.example.com/*");
    expect(render("www.example.com/_chat/*")).toBe("wrangler.toml   its Routes stay: www.example.com/_chat/*");
  });
});

describe("renderDevVars()", () => {
  it.each([
    ["single and double quotes", `say('"');`],
    ["quotes of every kind, and a backslash", "say('\"', `\\n`, \"\\n'`\");"],
  ])("keeps a snippet with %s unchanged", (_what, call) => {
    const text = snippet.replace("</script>", `${call}</script>`);
    const read = parseEnv(renderDevVars(plan({ snippet: text }).devVars));
    const widget = parseWidget(read);
    expect(widget.source === "snippet" && widget.snippet.script).toContain(call);
    expect(read["PREVIEW_SECRET"]).toBe("made");
  });
});
