import { type Browser, type BrowserContext } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Playground, startPlayground, widgetId } from "../../playground/playground.ts";
import { control, instrumentedEntry } from "../../worker/instrumented.ts";
import { openChatPage } from "../chat-page.ts";
import { launchChromium } from "../chromium.ts";
import { type OwnPages, serveOwnPages } from "../own-pages.ts";

const BUTTON = "#amazon-connect-open-widget-button";
const PAGE = "<body><h1>A page</h1></body>";

let browser: Browser;
let pages: OwnPages;
let context: BrowserContext;
const running: Playground[] = [];

beforeAll(async () => {
  pages = await serveOwnPages();
  browser = await launchChromium();
});
afterAll(async () => {
  await browser.close();
  for (const playground of running) await playground.close();
  await pages.close();
});
beforeEach(async () => {
  context = await browser.newContext();
});
afterEach(() => context.close());

async function start(vars: Record<string, string>): Promise<Playground> {
  const playground = await startPlayground({
    port: 0,
    transcriptDelaySeconds: 1,
    entry: instrumentedEntry,
    vars: { ORIGIN_URL: pages.origin, ...vars },
  });
  running.push(playground);
  return playground;
}

describe("MODE", () => {
  let playground: Playground;
  beforeAll(async () => {
    playground = await start({});
    pages.pages["/"] = PAGE;
  });
  afterEach(() => control(playground.worker, {}));

  it("off shows no live chat on the next page, and its reports wait until on", async () => {
    const { open, end, page } = await openChatPage(context, playground.worker.origin);
    await open();
    await context.route("**/_chat/contacts", (route) => route.abort());
    await end();
    await open();
    await context.unroute("**/_chat/contacts");
    const waiting = () =>
      page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('persistent-chat:report')).length");
    const before = await waiting();
    expect(before).toBeGreaterThan(0);

    await control(playground.worker, { mode: "off" });
    await page.reload();
    await page.waitForLoadState("networkidle");
    expect(await page.locator(BUTTON).count()).toBe(0);
    expect(await page.locator("script").count()).toBe(0);
    expect(await waiting()).toBe(before);

    await control(playground.worker, { mode: "configured" });
    await page.reload();
    await expect.poll(waiting).toBe(0);
  });

  it("off ends the chat also on a page that the browser has kept, with its script", async () => {
    pages.pages["/kept"] = {
      html: `<!doctype html><html><head></head>${PAGE}</html>`,
      headers: { "cache-control": "max-age=3600" },
    };
    const { page } = await openChatPage(context, `${playground.worker.origin}/kept`);
    await page.locator(BUTTON).waitFor();
    await control(playground.worker, { mode: "off" });
    // As after five minutes: the browser has to ask for the script again, and not for the page.
    await page.evaluate("fetch('/_chat/widget.js', { cache: 'reload' }).then((response) => response.text())");
    await page.goto("about:blank");
    await page.goto(`${playground.worker.origin}/kept`);
    await page.waitForLoadState("networkidle");
    expect(await page.locator("script[src='/_chat/widget.js']").count()).toBe(1);
    expect(await page.locator(BUTTON).count()).toBe(0);
  });

  it.each([
    ["an ETag", { etag: '"v1"', "cache-control": "no-cache" }],
    ["a date", { "last-modified": "Wed, 01 Oct 2025 10:00:00 GMT", "cache-control": "no-cache" }],
  ])("on and off reach a browser that has the page with %s", async (_what, headers: Record<string, string>) => {
    pages.pages["/validated"] = { html: `<!doctype html><html><head></head>${PAGE}</html>`, headers };
    const page = await context.newPage();
    const visit = async () => {
      await page.goto("about:blank");
      await page.goto(`${playground.worker.origin}/validated`);
      await page.waitForLoadState("networkidle");
      return page.locator(BUTTON).count();
    };
    await control(playground.worker, { mode: "off" });
    expect(await visit()).toBe(0);
    await control(playground.worker, { mode: "configured" });
    expect(await visit()).toBe(1);
    expect(await visit()).toBe(1);
    await control(playground.worker, { mode: "off" });
    expect(await visit()).toBe(0);
  });
});

describe("ROLLOUT_PERCENT", () => {
  let playground: Playground;
  beforeAll(async () => {
    playground = await start({ ROLLOUT_PERCENT: "50" });
    pages.pages["/"] = PAGE;
  });

  const drawn = (lot: number) => context.addInitScript(`localStorage["persistent-chat:draw"] ??= "${lot}"`);

  it("draws a browser's lot once", async () => {
    const { page } = await openChatPage(context, playground.worker.origin);
    const lot = await page.evaluate("localStorage['persistent-chat:draw']");
    expect(Number(lot)).toBeGreaterThanOrEqual(0);
    expect(Number(lot)).toBeLessThan(100);
    await page.reload();
    expect(await page.evaluate("localStorage['persistent-chat:draw']")).toBe(lot);
  });

  it.each([
    [49, 1],
    [50, 0],
  ])("gives a browser with lot %i %i widget", async (lot, count) => {
    await drawn(lot);
    const { page } = await openChatPage(context, playground.worker.origin);
    await page.waitForLoadState("networkidle");
    expect(await page.locator(BUTTON).count()).toBe(count);
  });

  it("lets a live chat stay when the share shrinks", async () => {
    await context.addInitScript("localStorage['persistent-chat:draw'] ??= '10'");
    const { open, say, page, chat } = await openChatPage(context, playground.worker.origin);
    await open();
    await say("hello");
    await page.evaluate("localStorage['persistent-chat:draw'] = '90'");
    await page.reload();
    await chat.getByText("hello", { exact: true }).waitFor();
  });

  it("withholds only the history where the page carries the widget", async () => {
    const carried = await start({ ROLLOUT_PERCENT: "50", WIDGET_SNIPPET: "page", WIDGET_ID: widgetId });
    pages.pages["/carries"] = `<body>${carried.connect.snippet}</body>`;
    await drawn(80);
    const { open, end, page } = await openChatPage(context, `${carried.worker.origin}/carries`);
    await open();
    await end();
    await page.reload();
    await open();
    expect(carried.connect.contacts()[0]?.attributes).toMatchObject({ contactId: "none", chatContinue: "none" });
    await page.evaluate("localStorage['persistent-chat:draw'] = '10'");
    await end();
    await page.reload();
    await open();
    expect(carried.connect.contacts()[0]?.attributes["contactId"]).not.toBe("none");
  });
});

describe("EXCLUDE_PATHS", () => {
  it("holds on client-side navigation too", async () => {
    const playground = await start({ EXCLUDE_PATHS: "/private/*" });
    pages.pages["/"] = PAGE;
    const { page } = await openChatPage(context, playground.worker.origin);
    await page.locator(BUTTON).waitFor();
    await page.evaluate("history.pushState(null, '', '/private/data')");
    await page.locator(BUTTON).waitFor({ state: "hidden" });
    await page.evaluate("history.pushState(null, '', '/public')");
    await page.locator(BUTTON).waitFor({ state: "visible" });
    await page.evaluate("history.pushState(null, '', '/private/data')");
    await page.locator(BUTTON).waitFor({ state: "hidden" });
    await page.goBack();
    await page.locator(BUTTON).waitFor({ state: "visible" });
  });

  it("shows no widget that the site itself has hidden", async () => {
    const playground = await start({ EXCLUDE_PATHS: "/private/*" });
    const { page } = await openChatPage(context, playground.worker.origin);
    await page.locator(BUTTON).waitFor();
    await page.evaluate("document.getElementById('amazon-connect-chat-widget').style.display = 'none'");
    await page.evaluate("history.pushState(null, '', '/public')");
    await page.waitForTimeout(200);
    expect(await page.locator(BUTTON).isVisible()).toBe(false);
  });

  it("keeps the chat off a page that is loaded there", async () => {
    const playground = await start({ INCLUDE_PATHS: "/shop/*", EXCLUDE_PATHS: "/shop/private" });
    Object.assign(pages.pages, { "/shop/a": PAGE, "/shop/private": PAGE, "/other": PAGE });
    const page = await context.newPage();
    const buttonsOn = async (path: string) => {
      await page.goto(playground.worker.origin + path);
      await page.waitForLoadState("networkidle");
      return page.locator(BUTTON).count();
    };
    expect(await buttonsOn("/shop/a")).toBe(1);
    expect(await buttonsOn("/shop/private")).toBe(0);
    expect(await buttonsOn("/other")).toBe(0);
  });
});
