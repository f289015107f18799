import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Finding } from "../../../src/cli/doctor/catalogue.ts";
import { type RunningSite, startSite } from "../../playground/site/site.ts";
import { snippet, widgetId } from "../../worker/settings.ts";
import { type Fault, type FaultyProxy, startFaultyProxy, withBody, withHeaders } from "./faulty-proxy.ts";
import { runCli } from "../run-cli.ts";

let folder: string;
let site: RunningSite;
let proxy: FaultyProxy;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "doctor-test-"));
  site = await startSite({ port: 0 });
  proxy = await startFaultyProxy(site.origin);
});
afterAll(async () => {
  await proxy.close();
  await site.close();
  await rm(folder, { recursive: true });
});

interface Seen {
  readonly verdict: { readonly isFine: boolean; readonly text: string };
  readonly pages: readonly { readonly path: string; readonly reason: string | null }[];
  readonly live: unknown;
  readonly findings: readonly Finding[];
}

const doctor = (...args: string[]) => runCli("doctor", args, { cwd: folder });

async function examine(...args: string[]): Promise<Seen & { readonly code: unknown }> {
  const { code, err, out } = await doctor(...args, "--json");
  if (out === "") throw new Error(err);
  const seen: Seen = JSON.parse(out);
  return { ...seen, code };
}

const linksTo = (paths: readonly string[]) =>
  withBody(`<!doctype html><title>Links</title>${paths.map((path) => `<a href="${path}">${path}</a>`).join("\n")}`);
const page = (head: string) => `<!doctype html><html><head>${head}<title>Page</title></head><body>Page</body></html>`;
const withPolicy = (policy: string) => withHeaders({ "content-security-policy": policy });

const UNREADABLE = `<!doctype html><head><meta http-equiv="Content-Security-Policy" content="script-src 'self'&Semi;"></head>`;
const OWN_SCRIPT = "<script>amazon_connect('customLaunchBehavior', { skipIconButtonAndAutoLaunch: true });</script>";

/** Each code, the page that has the fault, and how it gets there; without that, the playground's site has it. */
const PLANTED: readonly (readonly [code: string, path: string, fault: Fault | null])[] = [
  ["csp-strict-dynamic", "/shop/green", withPolicy("script-src 'strict-dynamic' 'sha256-abc'")],
  ["csp-style-hashes", "/shop/black", withPolicy("style-src 'sha256-abc'")],
  ["csp-trusted-types", "/shop/teaware", withPolicy("require-trusted-types-for 'script'")],
  ["csp-sandbox", "/about", withPolicy("sandbox allow-scripts")],
  ["csp-no-script", "/upload", withBody(page(""), { "content-security-policy": "default-src 'none'" })],
  ["csp-unreadable", "/unreadable", withBody(UNREADABLE)],
  ["coep", "/help", withHeaders({ "cross-origin-embedder-policy": "require-corp" })],
  ["encoding", "/try/encoding/zstd", null],
  ["charset", "/try/charset/utf-16", null],
  [
    "late-charset",
    "/late-charset",
    withBody(`<!doctype html><head>${" ".repeat(960)}<meta charset="utf-8">`, { "content-type": "text/html" }),
  ],
  ["no-transform", "/try/document/no-transform", null],
  ["download", "/try/document/download", null],
  ["amp", "/try/document/amp", null],
  ["content-type", "/try/document/xhtml", null],
  ["not-html", "/try/document/json", null],
  ["empty", "/try/document/empty", null],
  ["no-head-found", "/late-head", withBody(`<!--${"x".repeat(20_000)}--><!doctype html><title>Late</title>`)],
  ["policies-change", "/cart", withPolicy("default-src 'self'")],
  ["cached-pages", "/privacy", withHeaders({ "cache-control": "public, s-maxage=3600" })],
  ["service-worker", "/try/shell/", null],
  ["challenged", "/account", (answer) => ({ ...withHeaders({ "cf-mitigated": "challenge" })(answer), status: 403 })],
  ["existing-widget", "/with-widget", withBody(page(snippet))],
  ["auto-launch", "/launching", withBody(page(OWN_SCRIPT))],
];

const FINE = [
  "/product/dragon-well",
  "/try/document/unclosed-select",
  "/try/encoding/negotiated",
  "/try/stream/broken",
];

describe("npm run doctor, before the Worker is live", () => {
  let seen: Awaited<ReturnType<typeof examine>>;
  let asked: FaultyProxy["asked"];
  beforeAll(async () => {
    const paths = PLANTED.map(([, path]) => path);
    for (const [, path, fault] of PLANTED) if (fault !== null) proxy.faults.set(path, fault);
    proxy.faults.set("/", linksTo([...paths, ...FINE, "/secret", "/cart/add?product=tea", "/tea.pdf"]));
    proxy.faults.set("/robots.txt", withBody("User-agent: *\nDisallow: /secret\n", { "content-type": "text/plain" }));
    proxy.asked.length = 0;
    seen = await examine(proxy.origin, "--pages", "40");
    asked = [...proxy.asked];
    proxy.faults.clear();
  });

  const find = (code: string) => seen.findings.filter((finding) => finding.code === code);
  const pagesOf = (code: string) => find(code).flatMap(({ pages }) => pages);

  it.each(PLANTED.filter(([code]) => code !== "existing-widget"))("finds %s on %s, and nowhere else", (code, path) => {
    expect(pagesOf(code)).toEqual([path]);
  });

  it("finds existing-widget wherever a page carries a part of one", () => {
    expect(pagesOf("existing-widget").toSorted()).toEqual(["/launching", "/with-widget"]);
  });

  it("finds robots where it keeps the doctor out", () => {
    expect(find("robots")).toEqual([expect.objectContaining({ weight: "notes", details: ["addresses: 1"] })]);
    expect(asked.map(({ line }) => line)).not.toContain("GET /secret");
  });

  it("finds no-snippet before there is one", () => {
    expect(find("no-snippet")).toHaveLength(1);
  });

  it("shows what changes in a policy", () => {
    expect(find("policies-change")[0]?.details).toContainEqual(
      expect.stringMatching(/^img-src \(new\): \+ 'self' data: https?:\/\/\S+$/),
    );
  });

  it.each(FINE)("finds nothing on %s", (path) => {
    expect(seen.findings.filter(({ pages }) => pages.includes(path))).toEqual([]);
    if (path !== "/try/stream/broken")
      expect(seen.pages).toContainEqual(expect.objectContaining({ path, reason: null }));
  });

  it("puts the heaviest first, and says so in verdict and exit code", () => {
    expect(seen.findings.map(({ weight }) => weight)).toEqual(
      ["blocks", "warns", "notes"].flatMap((weight) => seen.findings.map((f) => f.weight).filter((w) => w === weight)),
    );
    expect([seen.code, seen.verdict.isFine, seen.live]).toEqual([1, false, null]);
    expect(seen.verdict.text).toMatch(/^Not ready: Pages carry an Amazon Connect widget/);
  });

  it("asks for each page once, with no cookie, and for nothing that is no page or does something", () => {
    const gets = asked.map(({ line }) => line).filter((line) => !line.includes("_chat"));
    expect(new Set(gets).size).toBe(gets.length);
    expect(gets.filter((line) => /cart\/add|\.pdf/.test(line))).toEqual([]);
    expect(asked.flatMap(({ headers }) => headers)).not.toContain("cookie");
    expect(asked.every(({ line }) => line.startsWith("GET "))).toBe(true);
  });
});

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

  it("passes on nothing of a page that a terminal would obey", async () => {
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

  it("finds not-live where no Worker answers in time and one should", async () => {
    const { code, findings } = await examine(site.origin, "--pages", "1", "--live", "1");
    expect([code, findings[0]]).toEqual([1, expect.objectContaining({ code: "not-live", weight: "blocks" })]);
  });

  it("never asks for more pages than it may", async () => {
    proxy.asked.length = 0;
    await doctor(proxy.origin, "--pages", "2");
    const others = /robots\.txt|sitemap\.xml|_chat|w(?:orker)?\.js/;
    expect(proxy.asked.filter(({ line }) => !others.test(line))).toHaveLength(2);
  });

  it("chooses among some thousands where a page leads to more", async () => {
    const links = Array.from({ length: 140_000 }, (_, index) => `<a href=/${index.toString(36)}>`).join("");
    proxy.faults.set("/", withBody(links, { "content-type": "text/html" }));
    const { out } = await doctor(proxy.origin, "--pages", "2");
    expect(out).toContain("1 of 1 page");
  });

  it("goes by a sitemap too", async () => {
    proxy.faults.set("/", linksTo([]));
    const map = `<urlset><url><loc>${proxy.origin}/help</loc></url><url><loc>https://other.example/</loc></url></urlset>`;
    proxy.faults.set("/sitemap.xml", withBody(map, { "content-type": "application/xml" }));
    const { pages } = await examine(proxy.origin, "--pages", "2");
    expect(pages.map(({ path }) => path)).toEqual(["/", "/help"]);
  });

  it("finds no-page where no page would get the chat", async () => {
    const seen = await examine(`${site.origin}/try/document/amp`, "--pages", "1");
    expect(seen).toMatchObject({
      code: 1,
      verdict: { text: "Not ready: No page that was looked at would get the chat." },
    });
    expect(codes(seen)).toEqual(["no-page", "amp", "no-snippet"]);
  });

  it("finds settings-invalid, names the settings, and looks at the pages all the same", async () => {
    await setSecrets({ WIDGET_SNIPPET: "<script>ga()</script>", WIDGET_SECURITY_KEY: "short" });
    const seen = await examine(site.origin, "--pages", "1");
    expect(codes(seen)).toEqual(["settings-invalid", "no-snippet"]);
    expect(seen.findings[0]?.details).toEqual([
      expect.stringMatching(/^WIDGET_SNIPPET: .*no amazon_connect in it/),
      expect.stringMatching(/^WIDGET_SECURITY_KEY: .*found 5 characters$/),
    ]);
    expect(seen.pages).toMatchObject([{ path: "/", reason: null }]);
    expect(JSON.stringify(seen)).not.toContain("short");
  });

  it("finds widget-missing with WIDGET_SNIPPET=page and no widget on the pages", async () => {
    await setSecrets({ WIDGET_SNIPPET: "page", WIDGET_ID: widgetId });
    expect(codes(await examine(site.origin, "--pages", "1"))).toEqual(["widget-missing"]);
  });

  it("takes a widget of the page's own for what WIDGET_SNIPPET=page means", async () => {
    await setSecrets({ WIDGET_SNIPPET: "page", WIDGET_ID: widgetId });
    proxy.faults.set("/", withBody(page(snippet)));
    expect(codes(await examine(proxy.origin, "--pages", "1"))).toEqual([]);
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

describe("npm run doctor, misused", () => {
  afterEach(() => proxy.faults.clear());

  it.each([
    [[], "such as https://www.example.com, found nothing"],
    [["shop"], "such as https://www.example.com, found shop"],
    [["ftp://x.example"], "found ftp://x.example"],
    [["https://a.example", "https://b.example"], "found more than one"],
    [["https://a.example", "--pages", "0"], "--pages: expected a number from 1 to 200, found 0"],
    [["https://a.example", "--live", "soon"], "--live: expected a number from 0 to 600, found soon"],
    [["https://a.example", "--start-call"], "--start-call needs the snippet"],
    [["https://a.example", "--aws"], "--aws: not set: AWS_ACCESS_KEY_ID"],
  ])("says what is wrong with %j", async (args, message) => {
    const { code, err, out } = await doctor(...args);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain(message);
  });

  it("does not take temporary credentials for the Worker's", async () => {
    const env = {
      AWS_ACCESS_KEY_ID: "ASIAEXAMPLEEXAMPLE00",
      AWS_SECRET_ACCESS_KEY: "x",
      AWS_SESSION_TOKEN: "y",
      CONNECT_REGION: "eu-central-1",
      CONNECT_INSTANCE_ID: widgetId,
    };
    const { code, err } = await runCli("doctor", [site.origin, "--aws"], { cwd: folder, env });
    expect([code, err]).toEqual([2, expect.stringContaining("temporary credentials")]);
  });

  it("says which address to use where the site leads elsewhere", async () => {
    const { code, err } = await doctor(`${site.origin}/try/redirect/elsewhere`);
    expect([code, err]).toEqual([2, expect.stringContaining("repeat with https://elsewhere.example")]);
  });

  it("follows a redirect within the site", async () => {
    proxy.faults.set("/", (answer) => ({ ...withHeaders({ location: "/help" })(answer), status: 302 }));
    const { pages } = await examine(proxy.origin, "--pages", "1");
    expect(pages.map(({ path }) => path)).toEqual(["/help"]);
  });

  it("gives a circle of redirects up", async () => {
    proxy.faults.set("/", (answer) => ({ ...withHeaders({ location: "/" })(answer), status: 302 }));
    expect((await doctor(proxy.origin)).err).toContain("redirects in circles");
  });

  it.each([
    ["/assets/shop.css", 2, "is no HTML page (text/css)"],
    ["/try/status/503", 1, "answers 503"],
  ])("says why it cannot look at %s", async (path, expected, message) => {
    const { code, err } = await doctor(site.origin + path);
    expect([code, err]).toEqual([expected, expect.stringContaining(message)]);
  });

  it("says why it cannot look behind a challenge", async () => {
    proxy.faults.set("/", (answer) => ({ ...withHeaders({ "cf-mitigated": "challenge" })(answer), status: 403 }));
    const { code, err } = await doctor(proxy.origin);
    expect([code, err]).toEqual([1, expect.stringContaining("proof of being human")]);
  });

  it("says why a site is out of reach", async () => {
    const { code, err } = await doctor("http://127.0.0.1:1");
    expect([code, err]).toEqual([1, expect.stringContaining("nothing listens there")]);
  });
});
