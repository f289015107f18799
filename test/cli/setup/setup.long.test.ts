import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { snippet } from "../../worker/settings.ts";
import { NAMESPACE } from "../cloudflare.ts";
import { useSetup } from "./use-setup.ts";

const here = useSetup();

describe("npm run setup with a Cloudflare login", () => {
  it("writes wrangler.toml, the namespace, the secrets and the contact flow, and lists the next steps", async () => {
    const { code, out, err } = await here.setup();
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const toml = await here.read("wrangler.toml");
    expect(toml).toContain('\nroutes = ["localhost/*"]\n');
    expect(toml).toContain(`\nid = "${NAMESPACE}"\n`);
    expect([...here.cloudflare.secrets.keys()].toSorted((a, b) => a.localeCompare(b))).toEqual([
      "COOKIE_SECRET",
      "PREVIEW_SECRET",
      "WIDGET_SECURITY_KEY",
      "WIDGET_SNIPPET",
    ]);
    expect(here.cloudflare.secrets.get("WIDGET_SNIPPET")).toBe(snippet);
    expect(here.cloudflare.secrets.get("COOKIE_SECRET")).toMatch(/^[\w-]{43}$/);
    expect(JSON.parse(await here.read(".connect/contact-flow.json"))).toHaveProperty("Actions");
    expect(out).toContain(`exactly this to the allowed domains: ${here.siteUrl}`);
    expect(out).toMatch(/npm run connect -- check[^]*npm run deploy/);
    expect(out).not.toContain("wrangler login");
    for (const secret of here.cloudflare.secrets.values()) expect(out).not.toContain(secret);
  });

  it("keeps in .dev.vars only what your commands need, readable by you alone", async () => {
    await here.setup();
    expect(await here.readDevVars()).toEqual({
      WIDGET_SNIPPET: snippet,
      PREVIEW_SECRET: here.cloudflare.secrets.get("PREVIEW_SECRET"),
    });
    expect((await stat(join(here.folder, ".dev.vars"))).mode & 0o777).toBe(0o600);
  });

  it("can be run again: keeps the namespace, the secrets and wrangler.toml", async () => {
    await here.setup();
    const before = new Map(here.cloudflare.secrets);
    const toml = await here.read("wrangler.toml");
    const { code } = await here.setup();
    expect(code).toBe(0);
    expect(here.cloudflare.secrets.get("COOKIE_SECRET")).toBe(before.get("COOKIE_SECRET"));
    expect(here.cloudflare.secrets.get("PREVIEW_SECRET")).toBe(before.get("PREVIEW_SECRET"));
    expect(here.cloudflare.namespaces).toHaveLength(1);
    expect(await here.read("wrangler.toml")).toBe(toml);
  });

  it("keeps the earlier answers where no new ones are given", async () => {
    const instance = "11111111-2222-4333-8444-555555555555";
    await here.setup({
      args: ["--snippet", "snippet.html", "--region", "eu-central-1", "--instance", instance, "--elsewhere"],
    });
    const secrets = new Map(here.cloudflare.secrets);
    const toml = await here.read("wrangler.toml");
    const { code, err } = await here.setupAlone({ env: { WIDGET_SECURITY_KEY: "" } });
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(here.cloudflare.secrets).toEqual(secrets);
    expect(await here.read("wrangler.toml")).toBe(toml);
    expect(toml).toContain(`\nCONNECT_INSTANCE_ID = "${instance}"`);
  });

  it("removes the extra parts of an earlier, longer snippet", async () => {
    await writeFile(
      join(here.folder, "long.html"),
      snippet.replace("</script>", `// ${"tea ".repeat(2000)}\n</script>`),
    );
    await here.setup({ args: ["--snippet", "long.html"] });
    expect(here.cloudflare.secrets.has("WIDGET_SNIPPET_2")).toBe(true);
    const { out } = await here.setup();
    expect(out).toContain("WIDGET_SNIPPET_2 (no longer needed: removed)");
    expect(here.cloudflare.secrets.has("WIDGET_SNIPPET_2")).toBe(false);
  });

  it("refuses a site for which the account has no zone, and changes nothing", async () => {
    here.cloudflare.zones.clear();
    const { code, err } = await here.setup();
    expect([code, err]).toEqual([
      2,
      expect.stringMatching(/^--site: Your Cloudflare account has no zone for localhost.*For workers.dev: --elsewhere/),
    ]);
    expect(here.cloudflare.calls.filter((call) => !call.startsWith("GET"))).toEqual([]);
    expect((await here.setup({ args: ["--snippet", "snippet.html", "--elsewhere"] })).code).toBe(0);
  });

  it("continues where the login may not see zones", async () => {
    here.cloudflare.denied = "/zones";
    expect((await here.setup()).code).toBe(0);
  });

  it("uses the namespace that an earlier, failed run created", async () => {
    here.cloudflare.namespaces.push({ id: NAMESPACE, title: "persistent-chat-edge-visitors" });
    await here.setup();
    expect(here.cloudflare.namespaces).toHaveLength(1);
    expect(await here.read("wrangler.toml")).toContain(`\nid = "${NAMESPACE}"\n`);
  });

  it("shows Cloudflare's refusal, and names the page about permissions", async () => {
    here.cloudflare.denied = "/storage/kv/namespaces";
    const { code, err } = await here.setup();
    expect([code, err]).toEqual([
      1,
      expect.stringMatching(/Authentication error[^]*lacks a permission: see \.github\/OPERATING\.md/),
    ]);
  });

  describe("--asset-routes", () => {
    const args = ["--snippet", "snippet.html", "--asset-routes"];
    const toRoutes = () => here.cloudflare.routes;
    beforeEach(() => {
      here.page.headers = { "content-type": "text/html" };
      here.page.body = `<img src="/assets/a.png"><img src="/assets/b.png"><img src="/media/c.png"><a href="/media/">Media</a>`;
    });

    it("adds Routes without a Worker for folders that hold only files, once", async () => {
      const { code, err, out } = await here.setup({ args });
      expect({ code, err }).toEqual({ code: 0, err: "" });
      expect(out).toContain("Cloudflare: the Route localhost/assets/*, without a Worker");
      expect(toRoutes()).toEqual([{ pattern: "localhost/assets/*" }]);
      await here.setup({ args });
      expect(toRoutes()).toHaveLength(1);
    });

    it("shows them with --dry-run, and adds none", async () => {
      const { out } = await here.setup({ args: [...args, "--dry-run"] });
      expect(out).toContain("Routes without a Worker: localhost/assets/*");
      expect(toRoutes()).toEqual([]);
    });

    it("adds none without the option", async () => {
      await here.setup();
      expect(toRoutes()).toEqual([]);
    });

    it.each([
      ["of another Worker", { pattern: "localhost/assets/*", script: "other" }],
      ["without a Worker, for more", { pattern: "*localhost/ass*" }],
    ])("leaves a Route alone that is there already: %s", async (_what, route) => {
      toRoutes().push(route);
      expect((await here.setup({ args })).code).toBe(0);
      expect(toRoutes()).toEqual([route]);
    });

    it("adds one beside a Route of a Worker for the whole site", async () => {
      toRoutes().push({ pattern: "localhost/*", script: "persistent-chat-edge" });
      await here.setup({ args });
      expect(toRoutes()).toHaveLength(2);
    });

    it("adds none where the Worker's only Route is for the chat", async () => {
      const toml = await here.read("wrangler.toml");
      await writeFile(
        join(here.folder, "wrangler.toml"),
        toml.replace(/^# routes = .*$/m, `routes = ["localhost/_chat/*"]`),
      );
      expect((await here.setup({ args })).code).toBe(0);
      expect(toRoutes()).toEqual([]);
    });

    it("adds none where the login may not see Routes, and shows the reason where it may not add them", async () => {
      here.cloudflare.denied = "GET /zones/zone/workers/routes";
      expect((await here.setup({ args })).code).toBe(0);
      here.cloudflare.denied = "POST /zones/zone/workers/routes";
      const { code, err } = await here.setup({ args });
      expect([code, err]).toEqual([
        1,
        expect.stringMatching(
          /^Cannot add the Route localhost\/assets\/\*: Cloudflare answered 403 Authentication error/,
        ),
      ]);
    });

    it("refuses a site elsewhere, and a run without a login", async () => {
      expect((await here.setup({ args: [...args, "--elsewhere"] })).code).toBe(2);
      const { code, err } = await here.setup({ args, isLoggedIn: false });
      expect([code, err]).toEqual([2, expect.stringMatching(/^--asset-routes: expected .* a login/)]);
    });
  });

  it("shows the plan with --dry-run, and does nothing", async () => {
    const { code, out } = await here.setup({ args: ["--snippet", "snippet.html", "--dry-run"] });
    expect(code).toBe(0);
    expect(out).toMatch(
      /the route localhost[^]*a namespace[^]*the secrets WIDGET_SNIPPET, WIDGET_SECURITY_KEY, COOKIE_SECRET/,
    );
    expect(here.cloudflare.calls.filter((call) => !call.startsWith("GET"))).toEqual([]);
    expect(await here.read("wrangler.toml")).toBe(
      await readFile(join(import.meta.dirname, "../../../wrangler.toml"), "utf8"),
    );
    await expect(here.read(".dev.vars")).rejects.toThrow("ENOENT");
  });

  it("gives the Worker an address on workers.dev where the site is elsewhere", async () => {
    await here.setup({ args: ["--snippet", "snippet.html", "--elsewhere"] });
    const toml = await here.read("wrangler.toml");
    expect(toml).toContain(`\nORIGIN_URL = "${here.siteUrl}"`);
    expect(toml).toContain("\nworkers_dev = true\n");
    expect(toml).toContain("\n# routes = ");
  });

  it("splits a snippet that is too long for one secret", async () => {
    const long = snippet.replace("</script>", `// ${"tea ".repeat(2000)}\n</script>`);
    await writeFile(join(here.folder, "snippet.html"), long);
    await here.setup();
    const { secrets } = here.cloudflare;
    expect(`${secrets.get("WIDGET_SNIPPET")}${secrets.get("WIDGET_SNIPPET_2")}`).toBe(long);
  });
});
