import { type Browser, type BrowserContext } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createPreviewPasses } from "../../../src/adapters/preview-passes.ts";
import { type Playground, startPlayground } from "../../playground/playground.ts";
import { openChatPage, toChatPage } from "../chat-page.ts";
import { launchChromium } from "../chromium.ts";

const SECRET = "cHJldmlldyBwcmV2aWV3IHByZXZpZXcgcHJldmlldyE";
const DAY = 86_400;
const BUTTON = "#amazon-connect-open-widget-button";

let browser: Browser;
let playground: Playground;
let context: BrowserContext;

beforeAll(async () => {
  playground = await startPlayground({
    port: 0,
    transcriptDelaySeconds: 1,
    vars: { MODE: "preview", PREVIEW_SECRET: SECRET },
  });
  browser = await launchChromium();
});
afterAll(async () => {
  await browser.close();
  await playground.close();
});
beforeEach(async () => {
  context = await browser.newContext();
});
afterEach(() => context.close());

async function createLink(ageSeconds = 0): Promise<string> {
  const { links } = await createPreviewPasses(Buffer.from(SECRET, "base64url"));
  const token = await links.seal({}, Math.floor(Date.now() / 1000) - ageSeconds);
  return `${playground.worker.origin}/_chat/preview#${token}`;
}

describe("a preview link", () => {
  it("leads to the site's first page, where the chat works", async () => {
    const page = await context.newPage();
    await page.goto(await createLink());
    await page.waitForURL(`${playground.worker.origin}/`);
    const { open, say, messages } = toChatPage(page);
    await open();
    await say("Is this on?");
    expect(await messages()).toContain("Is this on?");
  });

  it("shows the chat to nobody else", async () => {
    const { page } = await openChatPage(context, playground.worker.origin);
    await page.waitForLoadState("networkidle");
    expect(await page.locator(BUTTON).count()).toBe(0);
  });

  it("keeps its token out of the address and the history", async () => {
    const page = await context.newPage();
    const urls: string[] = [];
    page.on("request", (request) => urls.push(request.url()));
    const link = await createLink();
    await page.goto(link);
    await page.waitForURL(`${playground.worker.origin}/`);
    expect(urls.filter((url) => url.includes("preview") && url.includes("ey"))).toEqual([]);
    await page.goBack();
    expect(page.url()).not.toContain("#");
  });

  it("says what to do when it is too old", async () => {
    const page = await context.newPage();
    await page.goto(await createLink(2 * DAY));
    await page.getByText("This link is not valid, or older than a day. Make a new one: npm run preview-link").waitFor();
    expect(await context.cookies()).toEqual([]);
  });
});
