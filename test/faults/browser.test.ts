import { type Browser, type BrowserContext, type Route } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openChatPage } from "../browser/chat-page.ts";
import { launchChromium } from "../browser/chromium.ts";
import { type Playground, startPlayground } from "../playground/playground.ts";
import { control, instrumentedEntry } from "../worker/instrumented.ts";

const BUTTON = "#amazon-connect-open-widget-button";

let browser: Browser;
let playground: Playground;
let context: BrowserContext;
/** Reports of the pages, as "POST 201". */
let reports: string[];

beforeAll(async () => {
  playground = await startPlayground({ port: 0, transcriptDelaySeconds: 1, entry: instrumentedEntry });
  browser = await launchChromium();
});
afterAll(async () => {
  await browser.close();
  await playground.close();
});
beforeEach(async () => {
  await control(playground.worker, {});
  context = await open();
});
afterEach(() => context.close());

async function open(options: Parameters<Browser["newContext"]>[0] = {}): Promise<BrowserContext> {
  const opened = await browser.newContext(options);
  reports = [];
  opened.on("response", (response) => {
    if (response.url().endsWith("/_chat/contacts")) reports.push(`POST ${response.status()}`);
  });
  return opened;
}

const visit = () => openChatPage(context, playground.worker.origin);
const newest = () => playground.connect.contacts()[0];

describe("the visitor's browser", () => {
  it("The browser goes offline between the start of a chat and its report", async () => {
    const isOffline = Promise.withResolvers<void>();
    const goOffline = async (route: Route) => {
      await context.setOffline(true);
      await route.abort("internetdisconnected");
      isOffline.resolve();
    };
    await context.route("**/_chat/contacts", goOffline, { times: 1 });
    const { chat, end, open: openChat, page, say } = await visit();
    await page.click(BUTTON);
    const waiting = () =>
      page.evaluate("Object.keys(localStorage).some((key) => key.startsWith('persistent-chat:report'))");
    await isOffline.promise;
    await expect.poll(waiting).toBe(true);
    const contactId = newest()?.contactId;
    expect(reports).toEqual([]);
    await context.setOffline(false);
    await expect.poll(() => reports).toEqual(["POST 201"]);
    await chat.locator("[data-role=input]").waitFor();
    await say("Online again");
    await end();
    await openChat();
    expect(newest()?.attributes).toMatchObject({ contactId });
  });

  it("The browser is closed before a report is answered", async () => {
    await context.route("**/_chat/contacts", (route) => route.abort());
    const { end, open: openChat } = await visit();
    await openChat();
    await end();
    const contactId = newest()?.contactId;
    const kept = await context.storageState();
    await context.close();
    context = await open({ storageState: kept });
    const { open: openAgain } = await visit();
    await expect.poll(() => reports).toHaveLength(2);
    await openAgain();
    expect(newest()?.attributes).toMatchObject({ contactId });
  });

  it("MODE is switched off and on again while visitors chat", async () => {
    const { end, open: openChat, page, say } = await visit();
    await openChat();
    await say("Hello");
    const contactId = newest()?.contactId;
    await control(playground.worker, { mode: "off" });
    // The open page goes on, and its reports are accepted.
    await end();
    await expect.poll(() => reports.filter((report) => report === "POST 201")).toHaveLength(2);
    await page.reload();
    await page.waitForLoadState("networkidle");
    expect(await page.locator(BUTTON).count()).toBe(0);
    await control(playground.worker, {});
    await page.reload();
    await openChat();
    expect(newest()?.attributes).toMatchObject({ contactId });
  });
});
