import { copyFile, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { securityKey, snippet } from "../../worker/settings.ts";
import { type Cloudflare, loginTo, NAMESPACE, startCloudflare } from "../cloudflare.ts";
import { runCli } from "../run-cli.ts";

let folder: string;
let site: Server;
let siteUrl: string;
let page: { status: number; headers: Record<string, string>; body: string };
let cloudflare: Cloudflare;

beforeAll(async () => {
  site = createServer((_request, response) => response.writeHead(page.status, page.headers).end(page.body));
  await new Promise<void>((resolve) => site.listen(0, "127.0.0.1", resolve));
  const address = site.address();
  siteUrl = `http://localhost:${typeof address === "object" ? address?.port : 0}`;
});
afterAll(() => {
  site.close();
});
beforeEach(async () => {
  page = { status: 200, headers: {}, body: "<h1>Tea</h1>" };
  cloudflare = await startCloudflare();
  folder = await mkdtemp(join(tmpdir(), "setup-test-"));
  await copyFile(join(import.meta.dirname, "../../../wrangler.toml"), join(folder, "wrangler.toml"));
  await writeFile(join(folder, "snippet.html"), snippet);
});
afterEach(async () => {
  cloudflare.close();
  await rm(folder, { recursive: true });
});

const read = (name: string) => readFile(join(folder, name), "utf8");
const readDevVars = async () => parseEnv(await read(".dev.vars"));

interface Run {
  readonly args?: readonly string[];
  readonly env?: Record<string, string>;
  readonly isLoggedIn?: boolean;
  readonly input?: string;
}

function setup(run: Run = {}) {
  return setupAlone({ ...run, args: ["--site", siteUrl, ...(run.args ?? ["--snippet", "snippet.html"])] });
}

/** Without a site that is told. */
function setupAlone({ args = [], env = {}, isLoggedIn = true, input }: Run) {
  const login = isLoggedIn ? loginTo(cloudflare) : { CLOUDFLARE_API_TOKEN: "" };
  return runCli("setup", ["--yes", ...args], {
    cwd: folder,
    env: { WIDGET_SECURITY_KEY: securityKey, XDG_CONFIG_HOME: folder, HOME: folder, ...login, ...env },
    ...(input !== undefined && { input }),
  });
}

describe("npm run setup with a Cloudflare login", () => {
  it("writes wrangler.toml, the namespace, the secrets and the contact flow, and says what is left to do", async () => {
    const { code, out, err } = await setup();
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const toml = await read("wrangler.toml");
    expect(toml).toContain('\nroutes = ["localhost/*"]\n');
    expect(toml).toContain(`\nid = "${NAMESPACE}"\n`);
    expect([...cloudflare.secrets.keys()].toSorted((a, b) => a.localeCompare(b))).toEqual([
      "COOKIE_SECRET",
      "PREVIEW_SECRET",
      "WIDGET_SECURITY_KEY",
      "WIDGET_SNIPPET",
    ]);
    expect(cloudflare.secrets.get("WIDGET_SNIPPET")).toBe(snippet);
    expect(cloudflare.secrets.get("COOKIE_SECRET")).toMatch(/^[\w-]{43}$/);
    expect(JSON.parse(await read(".connect/contact-flow.json"))).toHaveProperty("Actions");
    expect(out).toContain(`to the allowed domains, exactly so: ${siteUrl}`);
    expect(out).toContain("npm run deploy");
    expect(out).not.toContain("wrangler login");
    for (const secret of cloudflare.secrets.values()) expect(out).not.toContain(secret);
  });

  it("keeps here only what your own commands need, for your eyes alone", async () => {
    await setup();
    expect(await readDevVars()).toEqual({
      WIDGET_SNIPPET: snippet,
      PREVIEW_SECRET: cloudflare.secrets.get("PREVIEW_SECRET"),
    });
    expect((await stat(join(folder, ".dev.vars"))).mode & 0o777).toBe(0o600);
  });

  it("can be run again: nothing is made twice, and cookies that are out still open", async () => {
    await setup();
    const before = new Map(cloudflare.secrets);
    const toml = await read("wrangler.toml");
    const { code } = await setup();
    expect(code).toBe(0);
    expect(cloudflare.secrets.get("COOKIE_SECRET")).toBe(before.get("COOKIE_SECRET"));
    expect(cloudflare.secrets.get("PREVIEW_SECRET")).toBe(before.get("PREVIEW_SECRET"));
    expect(cloudflare.namespaces).toHaveLength(1);
    expect(await read("wrangler.toml")).toBe(toml);
  });

  it("keeps what was told before where nothing else is told", async () => {
    const instance = "11111111-2222-4333-8444-555555555555";
    await setup({
      args: ["--snippet", "snippet.html", "--region", "eu-central-1", "--instance", instance, "--elsewhere"],
    });
    const secrets = new Map(cloudflare.secrets);
    const toml = await read("wrangler.toml");
    const { code, err } = await setupAlone({ env: { WIDGET_SECURITY_KEY: "" } });
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(cloudflare.secrets).toEqual(secrets);
    expect(await read("wrangler.toml")).toBe(toml);
    expect(toml).toContain(`\nCONNECT_INSTANCE_ID = "${instance}"`);
  });

  it("takes away the parts of a longer snippet from before", async () => {
    await writeFile(join(folder, "long.html"), snippet.replace("</script>", `// ${"tea ".repeat(2000)}\n</script>`));
    await setup({ args: ["--snippet", "long.html"] });
    expect(cloudflare.secrets.has("WIDGET_SNIPPET_2")).toBe(true);
    const { out } = await setup();
    expect(out).toContain("WIDGET_SNIPPET_2 (no longer needed: removed)");
    expect(cloudflare.secrets.has("WIDGET_SNIPPET_2")).toBe(false);
  });

  it("says that a Route needs a zone, where the account has none for the site, and changes nothing", async () => {
    cloudflare.zones.clear();
    const { code, err } = await setup();
    expect([code, err]).toEqual([
      2,
      expect.stringMatching(/^--site: Your Cloudflare account has no zone for localhost.*For that: --elsewhere/),
    ]);
    expect(cloudflare.calls.filter((call) => !call.startsWith("GET"))).toEqual([]);
    expect((await setup({ args: ["--snippet", "snippet.html", "--elsewhere"] })).code).toBe(0);
  });

  it("goes on where the login may not see zones", async () => {
    cloudflare.denied = "/zones";
    expect((await setup()).code).toBe(0);
  });

  it("finds the namespace of an earlier run that failed after it", async () => {
    cloudflare.namespaces.push({ id: NAMESPACE, title: "persistent-chat-edge-visitors" });
    await setup();
    expect(cloudflare.namespaces).toHaveLength(1);
    expect(await read("wrangler.toml")).toContain(`\nid = "${NAMESPACE}"\n`);
  });

  it("passes on what Cloudflare denies", async () => {
    cloudflare.denied = "/storage/kv/namespaces";
    const { code, err } = await setup();
    expect([code, err]).toEqual([
      1,
      expect.stringMatching(/Authentication error[^]*lacks a permission: see \.github\/OPERATING\.md/),
    ]);
  });

  it("says with --dry-run what it would do, and does nothing", async () => {
    const { code, out } = await setup({ args: ["--snippet", "snippet.html", "--dry-run"] });
    expect(code).toBe(0);
    expect(out).toMatch(
      /the route localhost[^]*a namespace[^]*the secrets WIDGET_SNIPPET, WIDGET_SECURITY_KEY, COOKIE_SECRET/,
    );
    expect(cloudflare.calls.filter((call) => !call.startsWith("GET"))).toEqual([]);
    expect(await read("wrangler.toml")).toBe(
      await readFile(join(import.meta.dirname, "../../../wrangler.toml"), "utf8"),
    );
    await expect(read(".dev.vars")).rejects.toThrow("ENOENT");
  });

  it("gives a site elsewhere an address on workers.dev", async () => {
    await setup({ args: ["--snippet", "snippet.html", "--elsewhere"] });
    const toml = await read("wrangler.toml");
    expect(toml).toContain(`\nORIGIN_URL = "${siteUrl}"`);
    expect(toml).toContain("\nworkers_dev = true\n");
    expect(toml).toContain("\n# routes = ");
  });

  it("splits a snippet that one secret does not hold", async () => {
    const long = snippet.replace("</script>", `// ${"tea ".repeat(2000)}\n</script>`);
    await writeFile(join(folder, "snippet.html"), long);
    await setup();
    const { secrets } = cloudflare;
    expect(`${secrets.get("WIDGET_SNIPPET")}${secrets.get("WIDGET_SNIPPET_2")}`).toBe(long);
  });
});

describe("npm run setup without a Cloudflare login", () => {
  it("keeps everything here, and says what to run later", async () => {
    const { code, out } = await setup({ isLoggedIn: false });
    expect(code).toBe(0);
    expect(await readDevVars()).toEqual({
      WIDGET_SNIPPET: snippet,
      WIDGET_SECURITY_KEY: securityKey,
      COOKIE_SECRET: expect.stringMatching(/^[\w-]{43}$/),
      PREVIEW_SECRET: expect.stringMatching(/^[\w-]{43}$/),
    });
    expect(out).toMatch(/npx wrangler login\n +npm run setup/);
  });

  it("goes on from there after the login, without being told again", async () => {
    await setup({ isLoggedIn: false });
    const { COOKIE_SECRET } = await readDevVars();
    const { code } = await setup({ args: [], env: { WIDGET_SECURITY_KEY: "" } });
    expect(code).toBe(0);
    expect(cloudflare.secrets.get("WIDGET_SNIPPET")).toBe(snippet);
    expect(cloudflare.secrets.get("COOKIE_SECRET")).toBe(COOKIE_SECRET);
    expect(await readDevVars()).not.toHaveProperty("COOKIE_SECRET");
  });
});

describe("npm run setup, where Cloudflare does not take the secrets", () => {
  it("still has them here", async () => {
    await setup({ isLoggedIn: false });
    const before = await readDevVars();
    cloudflare.denied = "/secrets-bulk";
    expect((await setup({ args: [], env: { WIDGET_SECURITY_KEY: "" } })).code).toBe(1);
    expect(await readDevVars()).toEqual(before);
  });
});

describe("npm run setup, told something wrong", () => {
  const wrong: readonly [string, Run, string][] = [
    ["another vendor's snippet", { args: ["--snippet", "other.html"] }, "another vendor's snippet, or no snippet"],
    ["half a snippet", { args: ["--snippet", "half.html"] }, "--snippet: Expected the snippet as copied"],
    ["an HTML page", { args: ["--snippet", "page.html"] }, "--snippet: Expected the snippet as copied"],
    ["no such file", { args: ["--snippet", "nowhere.html"] }, "--snippet: cannot read nowhere.html"],
    ["a key of another length", { env: { WIDGET_SECURITY_KEY: "short" } }, "found 5 characters"],
    ["an id that is none", { args: ["--page-widget", "widget"] }, "--page-widget: Expected the widget's id, a UUID"],
    [
      "a region that is none",
      { args: ["--snippet", "snippet.html", "--region", "europe"] },
      "--region: Expected an AWS region",
    ],
    ["no address", { args: ["--snippet", "snippet.html", "--site", "the tea shop"] }, "--site: Expected the address"],
    [
      "a Route to a part of a site",
      { args: ["--snippet", "snippet.html", "--site", "www.example.com/tea/*"] },
      "--site: Expected the whole site, www.example.com",
    ],
    [
      "a site that is not there",
      { args: ["--snippet", "snippet.html", "--site", "http://localhost:1"] },
      "Cannot reach http://localhost:1",
    ],
  ];
  it.each(wrong)("(%s) says so in a sentence, and changes nothing", async (_what, run, message) => {
    await writeFile(join(folder, "other.html"), "<script src='https://chat.example/w.js'></script>");
    await writeFile(join(folder, "half.html"), snippet.slice(0, snippet.length / 2));
    await writeFile(join(folder, "page.html"), "<!doctype html><h1>Tea</h1>");
    const { code, err } = await setup(run);
    expect([code, err]).toEqual([2, expect.stringContaining(message)]);
    expect(err).not.toContain("short\n");
    await expect(read(".dev.vars")).rejects.toThrow("ENOENT");
  });

  it("names the address that a redirecting site leads to", async () => {
    page = { status: 301, headers: { location: "https://www.example.com/" }, body: "" };
    const { code, err } = await setup();
    expect([code, err]).toEqual([2, expect.stringContaining("leads to https://www.example.com: give that address")]);
  });

  it("warns of a site that carries the widget already", async () => {
    page = { status: 200, headers: {}, body: "<script>amazon_connect('snippetId', 'x')</script>" };
    const { code, err } = await setup();
    expect([code, err]).toEqual([0, expect.stringContaining("--page-widget <id>")]);
  });

  it("does not wait for answers where nobody can give any", async () => {
    const { code, err } = await runCli("setup", [], { cwd: folder });
    expect([code, err]).toEqual([2, expect.stringContaining("--yes")]);
  });
});
