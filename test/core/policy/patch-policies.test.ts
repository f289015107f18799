import { describe, expect, it } from "vitest";
import { type ChatSources } from "../../../src/core/policy/chat-sources.ts";
import { patchPolicies } from "../../../src/core/policy/patch-policies.ts";
import { API, CLIENT, OWN, sources } from "./sources.ts";

const SCRIPT = `${OWN}widget.js`;
/** Only the widget's script, so that a test shows one change. */
const scriptOnly: ChatSources = { script: [CLIENT], connect: [], image: [], font: [], worker: [], hasStyles: false };

function patch(policy: string, needs = scriptOnly): string | null {
  const decision = patchPolicies({ enforced: policy, reportOnly: null }, needs, OWN);
  return decision.works ? decision.policies.enforced : decision.reason;
}

function nonceOf(policy: string): string | null {
  const decision = patchPolicies({ enforced: policy, reportOnly: null }, scriptOnly, OWN);
  return decision.works ? decision.nonce : null;
}

describe("patchPolicies()", () => {
  it("adds no policy where there is none", () => {
    expect(patchPolicies({ enforced: null, reportOnly: null }, sources, OWN)).toEqual({
      works: true,
      policies: { enforced: null, reportOnly: null },
      nonce: null,
    });
  });

  it.each([
    ["no directive that concerns the chat", "upgrade-insecure-requests; frame-ancestors 'self'"],
    ["everything allowed", "script-src * ; connect-src *"],
    ["an empty policy", ""],
    ["our routes allowed as 'self', and the client by its host", `script-src 'self' ${CLIENT}; connect-src 'self'`],
    ["our routes allowed by their host", `script-src https://www.example.com ${CLIENT}`],
  ])("changes nothing at %s", (_what, policy) => {
    expect(patch(policy)).toBe(policy);
  });

  it.each(["\u00a0", "\u0085", "\u2000", "\ufeff", "\u212a", "\u00e9", "\v", "\0", "\u001f", "\u007f"])(
    "gives up at %j, of which browsers make different things, and leaves it alone where it is only reported",
    (character) => {
      const policy = `default-src *; connect-src${character}'self'`;
      expect(patch(policy, sources)).toBe("csp-unreadable");
      expect(patchPolicies({ enforced: null, reportOnly: policy }, sources, OWN)).toMatchObject({
        policies: { reportOnly: policy },
      });
    },
  );

  it("treats the same characters as white space as browsers do", () => {
    expect(patch("\t\n\f\r script-src\t'self'\n'unsafe-inline'\f\r ;img-src x")).toBe(
      `\t\n\f\r script-src\t'self'\n'unsafe-inline' ${CLIENT}\f\r ;img-src x`,
    );
  });

  it("compares hosts without case, and paths with it", () => {
    expect(patch(`SCRIPT-SRC HTTPS://WWW.Example.com/_chat/widget.js HTTPS://Alias.my.CONNECT.aws`)).toBe(
      `SCRIPT-SRC HTTPS://WWW.Example.com/_chat/widget.js HTTPS://Alias.my.CONNECT.aws`,
    );
    expect(patch(`script-src https://www.example.com/_Chat/widget.js ${CLIENT}`)).toBe(
      `script-src https://www.example.com/_Chat/widget.js ${CLIENT} ${SCRIPT}`,
    );
  });

  it("adds hosts, and no nonce or hash, where 'unsafe-inline' is relied on", () => {
    expect(patch("script-src 'self' 'unsafe-inline'; object-src 'none'")).toBe(
      `script-src 'self' 'unsafe-inline' ${CLIENT}; object-src 'none'`,
    );
  });

  it("adds our script's path, not 'self' and no other, where only hashes or hosts are allowed", () => {
    expect(patch("script-src 'sha256-abc='")).toBe(`script-src 'sha256-abc=' ${SCRIPT} ${CLIENT}`);
    expect(patch("script-src https://cdn.example")).toBe(`script-src https://cdn.example ${SCRIPT} ${CLIENT}`);
  });

  it("reuses the page's nonce, which lets our script in, and adds the client's host", () => {
    expect(patch("script-src 'nonce-r4nd0m'")).toBe(`script-src 'nonce-r4nd0m' ${CLIENT}`);
    expect(nonceOf("script-src 'nonce-r4nd0m'")).toBe("r4nd0m");
  });

  it("adds nothing under 'strict-dynamic' with a nonce", () => {
    const policy = "script-src 'nonce-r4nd0m' 'strict-dynamic' https:";
    expect(patch(policy)).toBe(policy);
    expect(nonceOf(policy)).toBe("r4nd0m");
  });

  it("gives up under 'strict-dynamic' with hashes alone", () => {
    expect(patch("script-src 'sha256-abc=' 'strict-dynamic'")).toBe("csp-strict-dynamic");
  });

  it("patches the most specific directive", () => {
    expect(patch("default-src 'self'; script-src 'self'; script-src-elem https://cdn.example")).toBe(
      `default-src 'self'; script-src 'self'; script-src-elem https://cdn.example ${SCRIPT} ${CLIENT}`,
    );
  });

  it("makes a directive of its own from default-src", () => {
    expect(patch("default-src 'self' https://cdn.example")).toBe(
      `default-src 'self' https://cdn.example; script-src 'self' https://cdn.example ${CLIENT}`,
    );
  });

  it("puts sources in place of a lone 'none'", () => {
    expect(patch("connect-src  'none' ; img-src 'self'")).toBe(`connect-src ${OWN} ; img-src 'self'`);
    expect(patch(`default-src 'NONE'; script-src 'self' ${CLIENT}`)).toBe(
      `default-src 'NONE'; script-src 'self' ${CLIENT}; connect-src ${OWN}`,
    );
  });

  it("keeps the sources beside a 'none', which browsers ignore there", () => {
    expect(patch("script-src 'none' https://cdn.example; connect-src 'none' https://api.example")).toBe(
      `script-src 'none' https://cdn.example ${SCRIPT} ${CLIENT}; connect-src 'none' https://api.example ${OWN}`,
    );
  });

  it("makes no directive for workers under 'strict-dynamic', which lets the site's own start", () => {
    const policy = "script-src 'nonce-a' 'strict-dynamic'";
    expect(patch(policy, { ...scriptOnly, worker: ["blob:"] })).toBe(policy);
  });

  it("keeps every other byte", () => {
    const policy = " Script-Src  'Self'\thttps://A.example ;; IMG-SRC  x;report-uri /r ; ";
    expect(patch(policy)).toBe(` Script-Src  'Self'\thttps://A.example ${CLIENT} ;; IMG-SRC  x;report-uri /r ; `);
  });

  it("ignores a directive that is there twice: the first counts", () => {
    expect(patch("script-src 'self'; script-src 'none'")).toBe(`script-src 'self' ${CLIENT}; script-src 'none'`);
  });

  it("patches each of several policies on its own", () => {
    expect(patch("script-src 'self', default-src x.y,img-src x")).toBe(
      `script-src 'self' ${CLIENT}, default-src x.y; script-src x.y ${SCRIPT} ${CLIENT}; connect-src x.y ${OWN},img-src x`,
    );
  });

  it("uses the nonce of a policy that allows nothing else, and our script's path in the other", () => {
    const policies = "script-src 'nonce-a', script-src 'nonce-b' 'strict-dynamic'";
    expect(nonceOf(policies)).toBe("b");
    expect(patch(policies)).toBe(`script-src 'nonce-a' ${SCRIPT} ${CLIENT}, script-src 'nonce-b' 'strict-dynamic'`);
  });

  it("gives up where two policies each allow their own nonce alone", () => {
    expect(patch("script-src 'nonce-a' 'strict-dynamic', script-src 'nonce-b' 'strict-dynamic'")).toBe(
      "csp-strict-dynamic",
    );
  });

  it("patches a report-only policy in the same way, and never gives up for one", () => {
    const reportOnly = "script-src 'self'; require-trusted-types-for 'script'; sandbox";
    expect(patchPolicies({ enforced: null, reportOnly }, scriptOnly, OWN)).toEqual({
      works: true,
      policies: {
        enforced: null,
        reportOnly: `script-src 'self' ${CLIENT}; require-trusted-types-for 'script'; sandbox`,
      },
      nonce: null,
    });
  });

  it.each([
    ["require-trusted-types-for 'script'", "csp-trusted-types"],
    ["sandbox allow-scripts", "csp-sandbox"],
    ["default-src 'none'", "csp-no-script"],
    ["default-src 'self'; script-src 'NONE'", "csp-no-script"],
    ["script-src", "csp-no-script"],
    ["script-src 'self'; script-src-elem 'none' 'report-sample'", "csp-no-script"],
    ["script-src 'self', default-src 'none'", "csp-no-script"],
    ["default-src none", "csp-no-script"],
    ["default-src 'none' 'unsafe-eval' 'wasm-unsafe-eval'", "csp-no-script"],
    ["script-src 'unsafe-hashes' 'nonce-' about: 'report-sha256'", "csp-no-script"],
    // Each would get all sources.
    ["default-src 'self',".repeat(9), "csp-unreadable"],
    [`default-src 'self'${"; a".repeat(300)}`, "csp-unreadable"],
    [`default-src 'self' ${"a.example ".repeat(2000)}`, "csp-unreadable"],
  ])("gives up under %s", (policy, reason) => {
    expect(patch(policy)).toBe(reason);
  });

  it.each([
    "*",
    "https:",
    "a.example",
    "a.example:8443/x",
    "localhost:*",
    "'unsafe-inline'",
    "'sha256-a'",
    "'nonce-a'",
  ])("takes %s for a source of scripts", (source) => {
    expect(patch(`default-src 'none'; script-src ${source}`)).not.toBe("csp-no-script");
  });

  it("leaves a report-only list as it is that is longer than any site's", () => {
    const reportOnly = "default-src 'self',".repeat(9);
    const decision = patchPolicies({ enforced: null, reportOnly }, sources, OWN);
    expect(decision).toMatchObject({ works: true, policies: { reportOnly } });
  });

  describe("for what the widget loads", () => {
    it("adds all it needs, and makes the directives that are missing", () => {
      expect(patch("default-src 'self'", sources)).toBe(
        [
          "default-src 'self'",
          `script-src 'self' ${CLIENT}`,
          "style-src 'self' 'unsafe-inline'",
          `connect-src 'self' ${CLIENT} ${API}`,
          `img-src 'self' data: ${CLIENT}`,
          "font-src 'self' data:",
          "worker-src 'self' blob:",
        ].join("; "),
      );
    });

    it("adds to the directives that are there", () => {
      expect(patch(`connect-src 'self'; img-src https: ; font-src 'none'; style-src 'self'`, sources)).toBe(
        `connect-src 'self' ${CLIENT} ${API}; img-src https: data: ; font-src data:; style-src 'self' 'unsafe-inline'`,
      );
    });

    it("makes a directive for workers instead of letting blob: into scripts", () => {
      expect(patch(`script-src 'self' ${CLIENT}`, { ...scriptOnly, worker: ["blob:"] })).toBe(
        `script-src 'self' ${CLIENT}; worker-src 'self' ${CLIENT} blob:`,
      );
    });

    it.each(["style-src 'self' 'unsafe-inline'", "style-src 'nonce-a'"])("leaves styles to %s", (policy) => {
      expect(patch(policy, { ...scriptOnly, hasStyles: true })).toBe(policy);
    });

    it("gives up where only styles with a hash are allowed: 'unsafe-inline' would count for nothing", () => {
      expect(patch("style-src 'sha256-abc='", { ...scriptOnly, hasStyles: true })).toBe("csp-style-hashes");
    });
  });
});
