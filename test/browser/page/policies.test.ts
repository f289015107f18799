import { createHash } from "node:crypto";
import { type Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { useServer } from "../../worker/use-workers.ts";
import { toChatPage } from "../chat-page.ts";
import { type OwnPage, serveOwnPages } from "../own-pages.ts";
import { useBrowser, usePlayground } from "../use-chat-pages.ts";

const HASHED = "window.hashed = 1";
const HASH = `'sha256-${createHash("sha256").update(HASHED).digest("base64")}'`;
const NONCE = "'nonce-cGFnZQ'";

/** Notes which of its own scripts the policy allows: the same scripts must run with us and without. */
const PAGE_HEAD = `
<script>window.inline = 1</script>
<script>${HASHED}</script>
<script nonce="cGFnZQ">window.nonced = 1; const added = document.createElement("script"); added.src = "/added.js"; document.head.append(added);</script>
<script src="/own.js"></script>
<script src="/nonced.js" nonce="cGFnZQ"></script>`;
const PAGE_BODY = `
<body><button id="handler" onclick="window.handled = 1">c</button>
<img id="picture" src="data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"></body>`;

const COLLECT = `(() => {
  document.getElementById("handler").click();
  let evaluated = false;
  try { evaluated = new Function("return true")(); } catch {}
  return {
    inline: !!window.inline, hashed: !!window.hashed, nonced: !!window.nonced, added: !!window.added, own: !!window.own,
    noncedFile: !!window.noncedFile, handled: !!window.handled, evaluated,
  };
})()`;

/** Policies under which the chat has to work. */
const POLICIES: readonly (readonly [what: string, policy: string])[] = [
  ["default-src alone", "default-src 'self'"],
  ["a lone 'none' beside scripts", "default-src 'none'; script-src 'self'"],
  ["'unsafe-inline' without nonce", "default-src 'self' 'unsafe-inline'"],
  ["hosts", "script-src 'self' https://cdn.example; style-src 'self'; connect-src 'self'; img-src 'self'"],
  ["hashes alone", `script-src ${HASH}`],
  ["a nonce", `script-src ${NONCE}; style-src ${NONCE}`],
  ["a nonce and default-src", `default-src 'self'; script-src ${NONCE}; style-src ${NONCE} 'self'`],
  ["'strict-dynamic' with a nonce", `script-src ${NONCE} 'strict-dynamic' https: 'unsafe-inline'; object-src 'none'`],
  ["script-src-elem and style-src-elem", "script-src 'none'; script-src-elem 'self'; style-src-elem 'unsafe-inline'"],
  ["several policies", `script-src 'self' ${NONCE}, default-src 'self' 'unsafe-inline'`],
  ["no connection", "connect-src 'none'"],
];

/** Policies under which the chat cannot work: the page stays unchanged. */
const OBSTACLES: readonly (readonly [reason: string, headers: Record<string, string>])[] = [
  ["csp-trusted-types", { "content-security-policy": "require-trusted-types-for 'script'" }],
  ["csp-no-script", { "content-security-policy": "default-src 'none'" }],
  ["csp-unreadable", { "content-security-policy": "script-src 'self'; img-src\u00a0'self'" }],
  ["csp-sandbox", { "content-security-policy": "sandbox allow-scripts allow-same-origin" }],
  ["csp-strict-dynamic", { "content-security-policy": `script-src ${HASH} 'strict-dynamic'` }],
  ["csp-style-hashes", { "content-security-policy": "style-src 'sha256-abc='" }],
  ["coep", { "cross-origin-embedder-policy": "require-corp" }],
  ["integrity-policy", { "integrity-policy": "blocked-destinations=(script)" }],
];

const script = (flag: string) => ({ html: `window.${flag} = 1`, headers: { "content-type": "text/javascript" } });
const pages: Record<string, OwnPage> = {
  "/own.js": script("own"),
  "/nonced.js": script("noncedFile"),
  "/added.js": script("added"),
};
const site = useServer(() => serveOwnPages(pages));
const playground = usePlayground(() => ({ vars: { ORIGIN_URL: site.origin, LOG_LEVEL: "debug" } }));
const browser = useBrowser();

async function open(url: string): Promise<{ page: Page; violations: string[] }> {
  const page = await browser.context.newPage();
  const violations: string[] = [];
  page.on("console", (message) => {
    if (/Content Security Policy|Refused to/.test(message.text())) violations.push(message.text());
  });
  await page.goto(url);
  await page.waitForLoadState("load");
  return { page, violations };
}

/** What a page is like through the Worker, and without it. */
async function compare(path: string) {
  const { page: without } = await open(site.origin + path);
  const withUs = await open(playground.worker.origin + path);
  const [expected, got] = [await without.evaluate(COLLECT), await withUs.page.evaluate(COLLECT)];
  return { ...withUs, expected, got };
}

async function expectChat(page: Page): Promise<void> {
  const chat = toChatPage(page);
  await chat.open();
  await chat.say("hello");
  const color = await chat.chat.locator("[data-role=send]").evaluate((button) => getComputedStyle(button).color);
  // Without the widget's styles, the button would be black.
  expect(color).not.toBe("rgb(0, 0, 0)");
}

describe.each([
  [
    "as a header",
    (policy: string) => ({
      html: `<!doctype html><html><head>${PAGE_HEAD}</head>${PAGE_BODY}</html>`,
      headers: { "content-security-policy": policy },
    }),
  ],
  [
    "in a meta element",
    (policy: string) => ({
      html: `<!doctype html><html><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy.replaceAll("'", "&#39;")}">${PAGE_HEAD}</head>${PAGE_BODY}</html>`,
      headers: {},
    }),
  ],
] as const)("a policy %s", (_where, toPage) => {
  it.each(POLICIES)("with %s: the chat works, and the page's own scripts are as without us", async (_what, policy) => {
    pages["/page"] = toPage(policy);
    const { page, got, expected } = await compare("/page");
    expect(got).toEqual(expected);
    await expectChat(page);
  });
});

describe("a policy in a meta element, written with character references", () => {
  it.each([
    "script-src &apos;self&apos;&semi; img-src &apos;self&apos;",
    "img-src&Tab;&#39self&#39&semi;script-src &#39self&#39 https&colon;&sol;&sol;cdn&period;example",
    "script-src 'self'; report-uri /csp?a=1&b=2",
  ])("%s: the chat works, and the page's own scripts are as without us", async (content) => {
    const meta = `<meta http-equiv="Content-Security-Policy" content="${content}">`;
    pages["/page"] = {
      html: `<!doctype html><html><head>${meta}${PAGE_HEAD}</head>${PAGE_BODY}</html>`,
      headers: {},
    };
    const { page, got, expected } = await compare("/page");
    expect(expected).toMatchObject({ own: true, inline: false });
    expect(got).toEqual(expected);
    await expectChat(page);
  });
});

describe("a report-only policy", () => {
  it("reports nothing of ours", async () => {
    const headers = {
      "content-security-policy-report-only": "script-src 'self'; connect-src 'self'; style-src 'self' 'unsafe-inline'",
    };
    pages["/page"] = { html: `<!doctype html><html><head></head>${PAGE_BODY}</html>`, headers };
    const { page, violations } = await compare("/page");
    await expectChat(page);
    // The client's measurements are an inline script: only a nonce could allow it without allowing others.
    expect(violations.filter((text) => !text.startsWith("Executing inline"))).toEqual([]);
  });
});

describe("a page on which the chat cannot work", () => {
  it.each(OBSTACLES)("is as without us, and the log says why: %s", async (reason, headers) => {
    pages["/page"] = { html: `<!doctype html><html><head>${PAGE_HEAD}</head>${PAGE_BODY}</html>`, headers };
    const before = playground.worker.logs.length;
    const [direct, through] = await Promise.all(
      [site.origin, playground.worker.origin].map((origin) =>
        fetch(`${origin}/page`, { headers: { "sec-fetch-dest": "document" } }),
      ),
    );
    expect(await through?.text()).toBe(await direct?.text());
    for (const name of Object.keys(headers)) expect(through?.headers.get(name)).toBe(headers[name]);
    await expect
      .poll(() => playground.worker.logs.slice(before))
      .toContainEqual(expect.objectContaining({ event: "page.left-alone", reason }));
  });
});

describe("a 304", () => {
  it("keeps a policy under which the stored page's script still runs", async () => {
    const headers = { "content-security-policy": "script-src 'self'", etag: '"v1"', "cache-control": "no-cache" };
    pages["/kept"] = { html: `<!doctype html><html><head></head>${PAGE_BODY}</html>`, headers };
    const { page } = await open(`${playground.worker.origin}/kept`);
    const statuses: number[] = [];
    page.on("response", (response) => {
      if (response.url().endsWith("/kept")) statuses.push(response.status());
    });
    await page.goto("about:blank");
    await page.goto(`${playground.worker.origin}/kept`);
    await expectChat(page);
    expect(statuses).toHaveLength(1);
  });
});
