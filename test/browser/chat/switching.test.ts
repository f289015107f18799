import { describe, expect, it } from "vitest";
import { widgetId } from "../../playground/playground.ts";
import { control } from "../../worker/instrumented.ts";
import { useChatPages } from "../use-chat-pages.ts";
import { createSteps, WAITING_REPORTS } from "./steps.ts";

const PAGE = "<body><h1>A page</h1></body>";

const here = useChatPages({}, { "/": PAGE });
const { newest } = createSteps(here);

describe("MODE", () => {
  it("off shows no live chat on the next page, and its reports wait until on", async () => {
    const { button, open, end, page } = await here.visit();
    await open();
    await here.context.route("**/_chat/contacts", (route) => route.abort());
    await end();
    await open();
    await here.context.unroute("**/_chat/contacts");
    const waiting = () => page.evaluate(WAITING_REPORTS);
    const before = await waiting();
    expect(before).toBeGreaterThan(0);

    await control(here.playground.worker, { mode: "off" });
    await page.reload();
    await page.waitForLoadState("networkidle");
    expect(await button.count()).toBe(0);
    expect(await page.locator("script").count()).toBe(0);
    expect(await waiting()).toBe(before);

    await control(here.playground.worker, { mode: "configured" });
    await page.reload();
    await expect.poll(waiting).toBe(0);
  });

  it("off ends the chat also on a page that the browser has kept, with its script", async () => {
    here.pages["/kept"] = {
      html: `<!doctype html><html><head></head>${PAGE}</html>`,
      headers: { "cache-control": "max-age=3600" },
    };
    const { button, page } = await here.visit("/kept");
    await button.waitFor();
    await control(here.playground.worker, { mode: "off" });
    // As after five minutes: the browser asks for the script again, but not for the page.
    await page.evaluate("fetch('/_chat/widget.js', { cache: 'reload' }).then((response) => response.text())");
    await page.goto("about:blank");
    await page.goto(`${here.playground.worker.origin}/kept`);
    await page.waitForLoadState("networkidle");
    expect(await page.locator("script[src='/_chat/widget.js']").count()).toBe(1);
    expect(await button.count()).toBe(0);
  });

  it.each([
    ["an ETag", { etag: '"v1"', "cache-control": "no-cache" }],
    ["a date", { "last-modified": "Wed, 01 Oct 2025 10:00:00 GMT", "cache-control": "no-cache" }],
  ])("on and off reach a browser that has the page with %s", async (_what, headers: Record<string, string>) => {
    here.pages["/validated"] = { html: `<!doctype html><html><head></head>${PAGE}</html>`, headers };
    const { button, page } = await here.visit();
    const visit = async () => {
      await page.goto("about:blank");
      await page.goto(`${here.playground.worker.origin}/validated`);
      await page.waitForLoadState("networkidle");
      return button.count();
    };
    await control(here.playground.worker, { mode: "off" });
    expect(await visit()).toBe(0);
    await control(here.playground.worker, { mode: "configured" });
    expect(await visit()).toBe(1);
    expect(await visit()).toBe(1);
    await control(here.playground.worker, { mode: "off" });
    expect(await visit()).toBe(0);
  });
});

describe("ROLLOUT_PERCENT", () => {
  const worker = here.useWorker({ ROLLOUT_PERCENT: "50" });
  const forPage = here.useWorker({ ROLLOUT_PERCENT: "50", WIDGET_SNIPPET: "page", WIDGET_ID: widgetId });

  const hasDrawn = (number: number) =>
    here.context.addInitScript(`localStorage["persistent-chat:draw"] ??= "${number}"`);

  it("draws a browser's number once", async () => {
    const { page } = await here.visit("/", worker);
    const drawn = await page.evaluate("localStorage['persistent-chat:draw']");
    expect(Number(drawn)).toBeGreaterThanOrEqual(0);
    expect(Number(drawn)).toBeLessThan(100);
    await page.reload();
    expect(await page.evaluate("localStorage['persistent-chat:draw']")).toBe(drawn);
  });

  it.each([
    [49, 1],
    [50, 0],
  ])("gives a browser with number %i %i widgets", async (number, count) => {
    await hasDrawn(number);
    const { button, page } = await here.visit("/", worker);
    await page.waitForLoadState("networkidle");
    expect(await button.count()).toBe(count);
  });

  it("lets a live chat stay when the share shrinks", async () => {
    await hasDrawn(10);
    const { open, say, page, shows } = await here.visit("/", worker);
    await open();
    await say("hello");
    await page.evaluate("localStorage['persistent-chat:draw'] = '90'");
    await page.reload();
    await shows("hello");
  });

  it("starts chats without history where the page carries the widget", async () => {
    here.pages["/carries"] = `<body>${here.playground.connect.snippet}</body>`;
    await hasDrawn(80);
    const { open, end, page } = await here.visit("/carries", forPage);
    await open();
    await end();
    await page.reload();
    await open();
    expect(newest()?.attributes).toMatchObject({ contactId: "none", chatContinue: "none" });
    await page.evaluate("localStorage['persistent-chat:draw'] = '10'");
    await end();
    await page.reload();
    await open();
    expect(newest()?.attributes["contactId"]).not.toBe("none");
  });
});

describe("EXCLUDE_PATHS", () => {
  const worker = here.useWorker({ EXCLUDE_PATHS: "/private/*" });
  const forShop = here.useWorker({ INCLUDE_PATHS: "/shop/*", EXCLUDE_PATHS: "/shop/private" });

  it("holds on client-side navigation too", async () => {
    const { button, page } = await here.visit("/", worker);
    await button.waitFor();
    await page.evaluate("history.pushState(null, '', '/private/data')");
    await button.waitFor({ state: "hidden" });
    await page.evaluate("history.pushState(null, '', '/public')");
    await button.waitFor({ state: "visible" });
    await page.evaluate("history.pushState(null, '', '/private/data')");
    await button.waitFor({ state: "hidden" });
    await page.goBack();
    await button.waitFor({ state: "visible" });
  });

  it("shows no widget that the site itself has hidden", async () => {
    const { button, page } = await here.visit("/", worker);
    await button.waitFor();
    await page.evaluate("document.getElementById('amazon-connect-chat-widget').style.display = 'none'");
    await page.evaluate("history.pushState(null, '', '/public')");
    await page.waitForTimeout(200);
    expect(await button.isVisible()).toBe(false);
  });

  it("keeps the chat off a page that is loaded there", async () => {
    Object.assign(here.pages, { "/shop/a": PAGE, "/shop/private": PAGE, "/other": PAGE });
    const buttonsOn = async (path: string) => {
      const { button, page } = await here.visit(path, forShop);
      await page.waitForLoadState("networkidle");
      return button.count();
    };
    expect(await buttonsOn("/shop/a")).toBe(1);
    expect(await buttonsOn("/shop/private")).toBe(0);
    expect(await buttonsOn("/other")).toBe(0);
  });
});
