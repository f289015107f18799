import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { snippet, widgetId } from "../../../worker/settings.ts";
import { doctor, examine, folder, proxy, type Seen, site, useSite } from "./doctor-site.ts";
import { withBody } from "../faulty-proxy.ts";
import { linksTo, OWN_SCRIPT, page } from "./planted.ts";

useSite();

describe("npm run doctor, with one site", () => {
  afterEach(async () => {
    proxy.faults.clear();
    await rm(join(folder, ".dev.vars"), { force: true });
  });
  const codes = ({ findings }: Seen) => findings.map(({ code }) => code);
  const setSecrets = (secrets: Record<string, string>) =>
    writeFile(
      join(folder, ".dev.vars"),
      Object.entries(secrets)
        .map(([name, value]) => `${name}='${value}'\n`)
        .join(""),
    );

  it("prints the verdict first, and exits with 0 where all is fine", async () => {
    const { code, err, out } = await doctor(site.origin, "--pages", "3");
    expect(out).toMatch(/^Ready: 3 of 3 pages would get the chat\.\n[^]*note {2}no-snippet\n/);
    expect(err).toContain("Page 3 of at most 3:");
    expect(code).toBe(0);
  });

  it("prints no terminal control that comes from a page", async () => {
    const headers = { "content-type": "text/html; charset=utf-8", "cache-control": "max-age=9, \u009b2J" };
    proxy.faults.set("/", withBody(page(""), headers));
    const { err, out } = await doctor(proxy.origin, "--pages", "1");
    expect(out).toContain(String.raw`Cache-Control: max-age=9, \u009b2J`);
    expect(`${out}${err}`).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u);
  });

  it("finds csp-unreadable where a policy has a character that browsers read differently", async () => {
    const policy = `<meta http-equiv="content-security-policy" content="default-src &#27;[8m a\u202eb">`;
    proxy.faults.set("/", withBody(page(policy), { "content-type": "text/html; charset=utf-8" }));
    const { out } = await doctor(proxy.origin, "--pages", "1");
    expect(out).toContain("csp-unreadable");
    expect(out).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u);
  });

  it("finds not-live where no Worker answers in time", async () => {
    const { code, findings } = await examine(site.origin, "--pages", "1", "--live", "1");
    expect([code, findings[0]]).toEqual([1, expect.objectContaining({ code: "not-live", weight: "blocks" })]);
  });

  it("asks for no more than --pages", async () => {
    proxy.asked.length = 0;
    await doctor(proxy.origin, "--pages", "2");
    const others = /robots\.txt|sitemap\.xml|_chat|w(?:orker)?\.js/;
    expect(proxy.asked.filter(({ line }) => !others.test(line))).toHaveLength(2);
  });

  it("chooses among the first thousands of links on a page", async () => {
    const links = Array.from({ length: 140_000 }, (_, index) => `<a href=/${index.toString(36)}>`).join("");
    proxy.faults.set("/", withBody(links, { "content-type": "text/html" }));
    const { out } = await doctor(proxy.origin, "--pages", "2");
    expect(out).toContain("1 of 1 page");
  });

  it("reads the sitemap", async () => {
    proxy.faults.set("/", linksTo([]));
    const map = `<urlset><url><loc>${proxy.origin}/help</loc></url><url><loc>https://other.example/</loc></url></urlset>`;
    proxy.faults.set("/sitemap.xml", withBody(map, { "content-type": "application/xml" }));
    const { pages } = await examine(proxy.origin, "--pages", "2");
    expect(pages.map(({ path }) => path)).toEqual(["/", "/help"]);
  });

  describe("asset-requests", () => {
    const files = ["/assets/a.css", "/assets/js/b.js", "/media/c.png", "/docs/img/d.png", "/docs/img/e.png"];
    const images = files.map((file) => `<img src="${file}">`).join("");
    const find = ({ findings }: Seen) => findings.find(({ code }) => code === "asset-requests")?.details;

    it("counts the files of a page view, and proposes folders without pages, also by link and sitemap", async () => {
      proxy.faults.set("/", withBody(page(`<title>x</title>${images}<a href="/media/press?year=2026">Press</a>`)));
      const map = `<urlset><url><loc>${proxy.origin}/docs/start</loc></url></urlset>`;
      proxy.faults.set("/sitemap.xml", withBody(map, { "content-type": "application/xml" }));
      proxy.faults.set("/docs/start", withBody(page("")));
      expect(find(await examine(proxy.origin, "--pages", "2"))).toEqual([
        "a first view of a page: 1 request for the page, 2.5 for files (average; pages: 2)",
        "127.0.0.1/assets/* without a Worker saves 1",
        "127.0.0.1/docs/img/* without a Worker saves 1",
      ]);
    });

    it("says so where no folder has only files", async () => {
      proxy.faults.set("/", withBody(page(images)));
      await setSecrets({ SIGN_OUT_PATHS: "/:lang/logout" });
      expect(find(await examine(proxy.origin, "--pages", "1"))?.[1]).toMatch(/^no folder has only files/);
    });

    it("says nothing with ORIGIN_URL, where every request reaches the Worker", async () => {
      proxy.faults.set("/", withBody(page(images)));
      await setSecrets({ ORIGIN_URL: "https://origin.example.com" });
      expect(find(await examine(proxy.origin, "--pages", "1"))).toBeUndefined();
    });
  });

  it("finds no-page where no page would get the chat", async () => {
    const seen = await examine(`${site.origin}/try/document/amp`, "--pages", "1");
    expect(seen).toMatchObject({
      code: 1,
      verdict: { text: "Not ready: No page that was looked at would get the chat." },
    });
    expect(codes(seen)).toEqual(["no-page", "amp", "no-snippet"]);
  });

  it("finds settings-invalid, names the settings, and examines the pages all the same", async () => {
    await setSecrets({ WIDGET_SNIPPET: "<script>ga()</script>", WIDGET_SECURITY_KEY: "short" });
    const seen = await examine(site.origin, "--pages", "1");
    expect(codes(seen)).toEqual(["settings-invalid", "asset-requests", "no-snippet"]);
    expect(seen.findings[0]?.details).toEqual([
      expect.stringMatching(/^WIDGET_SNIPPET: .*no amazon_connect in it/),
      expect.stringMatching(/^WIDGET_SECURITY_KEY: .*found 5 characters$/),
    ]);
    expect(seen.pages).toMatchObject([{ path: "/", reason: null }]);
    expect(JSON.stringify(seen)).not.toContain("short");
  });

  it("finds widget-missing with WIDGET_SNIPPET=page and no widget on the pages", async () => {
    await setSecrets({ WIDGET_SNIPPET: "page", WIDGET_ID: widgetId });
    expect(codes(await examine(site.origin, "--pages", "1"))).toEqual(["widget-missing", "asset-requests"]);
  });

  it("finds nothing where WIDGET_SNIPPET=page and the page has a widget", async () => {
    await setSecrets({ WIDGET_SNIPPET: "page", WIDGET_ID: widgetId });
    proxy.faults.set("/", withBody(page(snippet)));
    expect(codes(await examine(proxy.origin, "--pages", "1"))).toEqual([]);
  });

  it("finds launch-delayed and unload-handler in the owner's own settings", async () => {
    const launching = snippet.replace(
      "</script>",
      () =>
        'amazon_connect("customLaunchBehavior", { programmaticLaunch: (launch) => { window.onunload = launch; } });</script>',
    );
    await setSecrets({ WIDGET_SNIPPET: launching.replaceAll("'", '"'), LOAD_WIDGET: "interaction" });
    const found = codes(await examine(site.origin, "--pages", "1"));
    expect(found).toEqual(["launch-delayed", "unload-handler", "asset-requests"]);
  });

  it("finds custom-start in the owner's own snippet, and in a page", async () => {
    const starting = "<script>amazon_connect(`customStartChat`, (callback) => start(callback))</script>";
    await setSecrets({ WIDGET_SNIPPET: `${snippet}${starting}`.replaceAll("'", '"') });
    const found = codes(await examine(site.origin, "--pages", "1"));
    expect(found).toEqual(["custom-start", "asset-requests"]);
    await setSecrets({ WIDGET_SNIPPET: "page", WIDGET_ID: widgetId });
    proxy.faults.set("/", withBody(page(snippet + starting)));
    const { findings } = await examine(proxy.origin, "--pages", "1");
    expect(findings).toMatchObject([{ code: "custom-start", pages: ["/"] }]);
  });

  it("finds auto-launch and excluded-path in the owner's own settings", async () => {
    const launching = `${snippet}${OWN_SCRIPT}`.replaceAll("'", '"');
    await setSecrets({ WIDGET_SNIPPET: launching, EXCLUDE_PATHS: "/shop/*" });
    proxy.faults.set("/", linksTo(["/shop/green"]));
    const { findings } = await examine(proxy.origin, "--pages", "2");
    expect(findings).toMatchObject([
      { code: "auto-launch", pages: [] },
      { code: "excluded-path", pages: ["/shop/green"] },
    ]);
  });
});
