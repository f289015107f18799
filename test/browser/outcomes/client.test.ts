import { describe, expect, it } from "vitest";
import { toChatPage } from "../chat-page.ts";
import { useChatPages } from "../use-chat-pages.ts";
import { renderScriptTag } from "../../../src/core/page/script-tag.ts";
import { CLIENT_FILE, expectTold, leave, readTold } from "./told.ts";

const TAG = renderScriptTag({ chatPath: "/_chat", async: true, nonce: null });
const underPolicy = (headers: Record<string, string>, body = "") => ({
  html: `<!doctype html><head>${TAG}</head><body><p>by hand</p>${body}</body>`,
  headers,
});

const here = useChatPages({ EXCLUDE_PATHS: "/by-hand*" });
const { playground } = here;

describe("client-failed", () => {
  it("is told where the script of Amazon's client does not load", async () => {
    await here.context.route(CLIENT_FILE, (route) => route.fulfill({ status: 404 }));
    const { page } = await here.visit();
    await page.waitForTimeout(1500);
    await leave(page);
    await expectTold(playground.worker, "client-failed");
  });

  it("is not told where other scripts fail, or other visitors' pictures", async () => {
    here.pages["/other"] = `<body><script src="/missing.js"></script>
      <img src="/missing/amazon-connect-chat-interface-client.js"></body>`;
    const { page } = await here.visit("/other");
    await page.waitForTimeout(1500);
    await leave(page);
    await page.waitForTimeout(300);
    expect(await readTold(playground.worker)).toEqual([]);
  });
});

describe("policy-blocked", () => {
  it("is told alone where the page's policy blocks the client's script", async () => {
    here.pages["/by-hand"] = underPolicy({ "content-security-policy": "script-src 'self'" });
    const { page } = await here.visit("/by-hand");
    await page.waitForTimeout(1500);
    await leave(page);
    await expectTold(playground.worker, "policy-blocked");
  });

  it.each([
    ["https://participant.connect.eu-central-1.amazonaws.com/participant/connection", ["policy-blocked"]],
    ["wss://abc.transport.connect.us-east-1.amazonaws.com/socket", ["policy-blocked"]],
    ["https://alias.my.connect.aws/connectwidget/api/1/start", ["policy-blocked"]],
    ["https://abc.telemetry.connect.us-east-1.amazonaws.com/", []],
    ["https://connect.example/participant", []],
    ["https://collector.example/?u=https://participant.connect.eu-central-1.amazonaws.com/x", []],
    ["https://shop-support.connect.example/aws/ping", []],
    ["https://partner.example/connectwidget/data.json", []],
  ])("follows from the address that was called: %s", async (url, told) => {
    here.pages["/by-hand-3"] = underPolicy({ "content-security-policy": "connect-src 'self'" });
    const { page } = await here.visit("/by-hand-3");
    await page.waitForFunction("window.persistentChat");
    const call = url.startsWith("wss:") ? `new WebSocket("${url}")` : `fetch("${url}").catch(() => undefined)`;
    await page.evaluate(`(() => { try { ${call} } catch {} })()`);
    await page.waitForTimeout(300);
    await leave(page);
    await page.waitForTimeout(300);
    await expectTold(playground.worker, ...told);
  });

  it("is not told for a picture that another visitor put into the page", async () => {
    const policy = { "content-security-policy": "img-src 'self'; connect-src 'self' *; font-src data:" };
    const picture = `<img src="https://other.my.connect.aws/connectwidget/static/picture.png">`;
    here.pages["/by-hand-4"] = underPolicy(
      policy,
      `<script>onload = () => setTimeout(() => {
      document.body.insertAdjacentHTML("beforeend", '${picture}'); }, 300);</script>`,
    );
    const { page } = await here.visit("/by-hand-4");
    await page.waitForTimeout(1500);
    await leave(page);
    await page.waitForTimeout(300);
    expect(await readTold(playground.worker)).toEqual([]);
  });

  it("is not told of a policy that only reports", async () => {
    here.pages["/by-hand-5"] = underPolicy({ "content-security-policy-report-only": "script-src 'self'" });
    const { button, page } = await here.visit("/by-hand-5");
    await button.waitFor();
    await page.waitForTimeout(500);
    await leave(page);
    await page.waitForTimeout(300);
    expect(await readTold(playground.worker)).toEqual([]);
  });
});

describe("never-ready", () => {
  const visitEmpty = async (origin: string) => {
    await here.context.route(CLIENT_FILE, (route) =>
      route.fulfill({ headers: { "content-type": "text/javascript" }, body: "void 0" }),
    );
    const page = await here.context.newPage();
    await page.clock.install();
    const loaded = page.waitForResponse(CLIENT_FILE);
    await page.goto(origin);
    await loaded;
    await page.waitForTimeout(300);
    return page;
  };

  it("is told where the widget has not appeared 20 seconds after the client has loaded", async () => {
    const page = await visitEmpty(playground.worker.origin);
    await page.clock.runFor(20_500);
    await leave(page);
    await expectTold(playground.worker, "never-ready");
  });

  it.each([
    ["earlier", 19_000, ""],
    ["of a page that nobody sees", 20_500, "Object.defineProperty(Document.prototype, 'hidden', { value: true })"],
    [
      "where the page itself opens the widget",
      20_500,
      "amazon_connect('customLaunchBehavior', { alwaysHideWidgetButton: true })",
    ],
  ])("is not told %s", async (_when, milliseconds, script) => {
    const page = await visitEmpty(playground.worker.origin);
    await page.evaluate(script);
    await page.clock.runFor(milliseconds);
    await leave(page);
    await page.waitForTimeout(300);
    expect(await readTold(playground.worker)).toEqual([]);
  });

  it("is not told of a widget that is there", async () => {
    const page = await here.context.newPage();
    await page.clock.install();
    await page.goto(playground.worker.origin);
    await toChatPage(page).button.waitFor();
    await page.clock.runFor(20_500);
    await leave(page);
    await page.waitForTimeout(300);
    expect(await readTold(playground.worker)).toEqual([]);
  });
});
