import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { securityKey, snippet, widgetId } from "../../worker/settings.ts";
import { runCli } from "../run-cli.ts";
import { type Run, useSetup } from "./use-setup.ts";

const here = useSetup();

describe("npm run setup without a Cloudflare login", () => {
  it("keeps every secret in .dev.vars, and lists the commands to run later", async () => {
    const { code, out } = await here.setup({ isLoggedIn: false });
    expect(code).toBe(0);
    expect(await here.readDevVars()).toEqual({
      WIDGET_SNIPPET: snippet,
      WIDGET_SECURITY_KEY: securityKey,
      COOKIE_SECRET: expect.stringMatching(/^[\w-]{43}$/),
      PREVIEW_SECRET: expect.stringMatching(/^[\w-]{43}$/),
    });
    expect(out).toMatch(/npx wrangler login\n +npm run setup/);
  });

  it("reads the snippet from standard input with --snippet -", async () => {
    await here.setup({ args: ["--snippet", "-"], input: snippet, isLoggedIn: false });
    expect(await here.readDevVars()).toHaveProperty("WIDGET_SNIPPET", snippet);
  });

  it("needs no id of a KV namespace in wrangler.toml", async () => {
    const toml = (await here.read("wrangler.toml")).replace(/^id = "0+"\n/m, "");
    await writeFile(join(here.folder, "wrangler.toml"), toml);
    expect(await here.setup({ isLoggedIn: false })).toMatchObject({ code: 0, err: "" });
  });

  it("uses the kept answers in a run after the login", async () => {
    await here.setup({ isLoggedIn: false });
    const { COOKIE_SECRET } = await here.readDevVars();
    const { code } = await here.setup({ args: [], env: { WIDGET_SECURITY_KEY: "" } });
    expect(code).toBe(0);
    expect(here.cloudflare.secrets.get("WIDGET_SNIPPET")).toBe(snippet);
    expect(here.cloudflare.secrets.get("COOKIE_SECRET")).toBe(COOKIE_SECRET);
    expect(await here.readDevVars()).not.toHaveProperty("COOKIE_SECRET");
  });
});

describe("npm run setup where Cloudflare refuses the secrets", () => {
  it("keeps them in .dev.vars", async () => {
    await here.setup({ isLoggedIn: false });
    const before = await here.readDevVars();
    here.cloudflare.denied = "/secrets-bulk";
    expect((await here.setup({ args: [], env: { WIDGET_SECURITY_KEY: "" } })).code).toBe(1);
    expect(await here.readDevVars()).toEqual(before);
  });
});

describe("npm run setup with a wrong answer", () => {
  const wrong: readonly [string, Run, string][] = [
    ["another vendor's snippet", { args: ["--snippet", "other.html"] }, "another vendor's snippet, or no snippet"],
    ["half a snippet", { args: ["--snippet", "half.html"] }, "--snippet: Expected the snippet as copied"],
    ["an HTML page", { args: ["--snippet", "page.html"] }, "--snippet: Expected the snippet as copied"],
    ["no such file", { args: ["--snippet", "nowhere.html"] }, "--snippet: cannot read nowhere.html"],
    ["a key of another length", { env: { WIDGET_SECURITY_KEY: "short" } }, "found 5 characters"],
    [
      "a widget id of another form",
      { args: ["--page-widget", "widget"] },
      "--page-widget: Expected the widget's id, a UUID",
    ],
    [
      "a region of another form",
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
      "a site that cannot be reached",
      { args: ["--snippet", "snippet.html", "--site", "http://localhost:1"] },
      "Cannot reach http://localhost:1",
    ],
  ];
  it.each(wrong)("(%s) names the mistake, and changes nothing", async (_what, run, message) => {
    await writeFile(join(here.folder, "other.html"), "<script src='https://chat.example/w.js'></script>");
    await writeFile(join(here.folder, "half.html"), snippet.slice(0, snippet.length / 2));
    await writeFile(join(here.folder, "page.html"), "<!doctype html><h1>Tea</h1>");
    const { code, err } = await here.setup(run);
    expect([code, err]).toEqual([2, expect.stringContaining(message)]);
    expect(err).not.toContain("short\n");
    await expect(here.read(".dev.vars")).rejects.toThrow("ENOENT");
  });

  it("names the address that a redirecting site leads to", async () => {
    here.page = { status: 301, headers: { location: "https://www.example.com/" }, body: "" };
    const { code, err } = await here.setup();
    expect([code, err]).toEqual([2, expect.stringContaining("leads to https://www.example.com: give that address")]);
  });

  it("warns of a site that carries the widget already", async () => {
    here.page = { status: 200, headers: {}, body: "<script>amazon_connect('snippetId', 'x')</script>" };
    const { code, err } = await here.setup();
    expect([code, err]).toEqual([0, expect.stringContaining("--page-widget <id>")]);
  });

  it.each([
    ["a snippet that opens the chat by itself", "--snippet", "launching.html", "LOAD_WIDGET = idle delays that"],
    ["the widget in the site's pages", "--page-widget", widgetId, "LOAD_WIDGET must be now"],
  ])("warns of LOAD_WIDGET with %s", async (_what, option, value, message) => {
    const launch = "amazon_connect('customLaunchBehavior', { skipIconButtonAndAutoLaunch: true });</script>";
    await writeFile(
      join(here.folder, "launching.html"),
      snippet.replace("</script>", () => launch),
    );
    expect((await here.setup({ args: [option, value, "--dry-run"] })).err).toBe("");
    const toml = (await here.read("wrangler.toml")).replace('LOAD_WIDGET = "now"', 'LOAD_WIDGET = "idle"');
    await writeFile(join(here.folder, "wrangler.toml"), toml);
    const { code, err } = await here.setup({ args: [option, value, "--dry-run"] });
    expect([code, err]).toEqual([0, expect.stringContaining(message)]);
  });

  it.each([
    ["warns of a snippet that lets the site's own back end start the chats", "", "Remove customStartChat"],
    ["says nothing of customStartChat in a comment", "// ", ""],
  ])("%s", async (_what, before, message) => {
    const start = `\n${before}amazon_connect('customStartChat', (callback) => start(callback));\n</script>`;
    await writeFile(
      join(here.folder, "starting.html"),
      snippet.replace("</script>", () => start),
    );
    const { code, err } = await here.setup({ args: ["--snippet", "starting.html", "--dry-run"] });
    expect([code, err]).toEqual([0, message === "" ? "" : expect.stringContaining(message)]);
  });

  it("refuses to ask without a terminal", async () => {
    const { code, err } = await runCli("setup", [], { cwd: here.folder });
    expect([code, err]).toEqual([2, expect.stringContaining("--yes")]);
  });
});
