import { parseEnv } from "node:util";
import { describe, expect, it } from "vitest";
import { type Answers } from "../../../src/cli/setup/answers.ts";
import {
  buildPlan,
  listMissingKeys,
  mayWorkerLink,
  type Present,
  renderDevVars,
  renderPlan,
} from "../../../src/cli/setup/plan.ts";
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
  linkBy: "flow",
  consent: "",
  context: "",
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

describe("buildPlan() for a Worker that links the chats", () => {
  const worker = {
    linkBy: "worker",
    region: "eu-central-1",
    instanceId: "11111111-2222-4333-8444-555555555555",
  } as const;
  const key = { AWS_ACCESS_KEY_ID: "AKIA", AWS_SECRET_ACCESS_KEY: "secret" };

  it("sets LINK_BY", () => {
    expect(plan(worker).toml.variables).toMatchObject({ LINK_BY: "worker" });
  });

  it("sends Cloudflare the AWS key in .dev.vars, where Cloudflare has none", () => {
    expect(plan(worker, { kept: key }).secrets).toMatchObject(key);
    expect(plan(worker, { kept: key, secretNames: ["AWS_ACCESS_KEY_ID"] }).secrets).not.toHaveProperty(
      "AWS_ACCESS_KEY_ID",
    );
    expect(plan({}, { kept: key }).secrets).not.toHaveProperty("AWS_ACCESS_KEY_ID");
  });

  it("goes back to the flow, and then ends no abandoned chats", () => {
    const variables = { LINK_BY: "worker", END_ABANDONED: "1" };
    expect(plan({}, { variables }).toml.variables).toMatchObject({ LINK_BY: "flow", END_ABANDONED: "0" });
  });

  it("writes that the flow was chosen, so that it is proposed next time", () => {
    const chosen = plan({ instanceId: worker.instanceId }, { kept: key, variables: { LINK_BY: "" } });
    expect(chosen.toml.variables).toMatchObject({ LINK_BY: "flow" });
    expect(plan({}, { variables: { LINK_BY: "" } }).toml.variables).not.toHaveProperty("LINK_BY");
  });

  it("needs no new lines in an older wrangler.toml where the flow links", () => {
    const { variables } = plan({}).toml;
    expect(variables).not.toHaveProperty("LINK_BY");
    expect(variables).not.toHaveProperty("END_ABANDONED");
  });

  it("names the policy in place of the flow", () => {
    const render = (answered: Partial<Answers>) => renderPlan(plan(answered), present).at(-1);
    expect(render({})).toContain("the contact flow to import");
    expect(render(worker)).toBe(".connect        the policy for the Worker's AWS key");
  });
});

describe("listMissingKeys()", () => {
  it("looks for the AWS key at Cloudflare and in .dev.vars", () => {
    const list = (found: Partial<Present>) => listMissingKeys({ ...present, ...found });
    expect(list({})).toEqual(["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]);
    expect(list({ kept: { AWS_ACCESS_KEY_ID: "AKIA" }, secretNames: ["AWS_SECRET_ACCESS_KEY"] })).toEqual([]);
    expect(list({ kept: { AWS_ACCESS_KEY_ID: "" } })).toContain("AWS_ACCESS_KEY_ID");
  });
});

describe("mayWorkerLink()", () => {
  const may = (found: Partial<Present>, instanceId = "11111111-2222-4333-8444-555555555555") =>
    mayWorkerLink({ ...present, ...found }, instanceId);
  const secretNames = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"];

  it("needs an AWS key and an instance", () => {
    expect([may({}), may({ secretNames }), may({ secretNames }, "")]).toEqual([false, true, false]);
  });

  it("takes the earlier answer for a key that cannot be seen", () => {
    expect(may({ variables: { LINK_BY: "worker" } })).toBe(true);
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

describe("buildPlan() for CONSENT_COOKIE", () => {
  it("sets it, and takes it back together with the wait for it", () => {
    expect(plan({ consent: "tcf:1,3" }).toml.variables).toMatchObject({ CONSENT_COOKIE: "tcf:1,3" });
    const variables = { CONSENT_COOKIE: "page", CONSENT_LOAD: "1" };
    expect(plan({}, { variables }).toml.variables).toMatchObject({ CONSENT_COOKIE: "", CONSENT_LOAD: "0" });
    expect(plan({ consent: "gcm" }, { variables }).toml.variables).not.toHaveProperty("CONSENT_LOAD");
  });

  it("needs no line in a file from before, where nobody is asked", () => {
    expect(plan({}).toml.variables).not.toHaveProperty("CONSENT_COOKIE");
  });
});

describe("buildPlan() for CONTEXT", () => {
  it("sets the words, and takes them back", () => {
    expect(plan({ context: "page title" }).toml.variables).toMatchObject({ CONTEXT: "page title" });
    expect(plan({}, { variables: { CONTEXT: "page" } }).toml.variables).toMatchObject({ CONTEXT: "" });
  });

  it("needs no line in a file from before, where nothing is told", () => {
    expect(plan({}).toml.variables).not.toHaveProperty("CONTEXT");
  });
});
