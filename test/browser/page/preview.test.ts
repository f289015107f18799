import { describe, expect, it } from "vitest";
import { createPreviewPasses } from "../../../src/adapters/preview-passes.ts";
import { openChatPage, toChatPage } from "../chat-page.ts";
import { useBrowser, usePlayground } from "../use-chat-pages.ts";

const SECRET = "cHJldmlldyBwcmV2aWV3IHByZXZpZXcgcHJldmlldyE";
const DAY = 86_400;

const playground = usePlayground({ vars: { MODE: "preview", PREVIEW_SECRET: SECRET } });
const browser = useBrowser();

async function createLink(ageSeconds = 0, { origin } = playground.worker): Promise<string> {
  const { links } = await createPreviewPasses(Buffer.from(SECRET, "base64url"));
  const token = await links.seal({}, Math.floor(Date.now() / 1000) - ageSeconds);
  return `${origin}/_chat/preview#${token}`;
}

describe("a preview link", () => {
  it("leads to the site's first page, where the chat works", async () => {
    const page = await browser.context.newPage();
    await page.goto(await createLink());
    await page.waitForURL(`${playground.worker.origin}/`);
    const { open, say, messages } = toChatPage(page);
    await open();
    await say("Is this on?");
    expect(await messages()).toContain("Is this on?");
  });

  it("leads to the chat also where the widget loads later", async () => {
    const vars = { MODE: "preview", PREVIEW_SECRET: SECRET, LOAD_WIDGET: "interaction" };
    const worker = await playground.addWorker({ port: 0, vars });
    const page = await browser.context.newPage();
    await page.goto(await createLink(0, worker));
    await page.waitForURL(`${worker.origin}/`);
    await page.keyboard.press("Tab");
    const { open, say } = toChatPage(page);
    await open();
    await say("Is this on?");
  });

  it("shows the chat to nobody else", async () => {
    const { button, page } = await openChatPage(browser.context, playground.worker.origin);
    await page.waitForLoadState("networkidle");
    expect(await button.count()).toBe(0);
  });

  it("keeps its token out of the address and the history", async () => {
    const page = await browser.context.newPage();
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
    const page = await browser.context.newPage();
    await page.goto(await createLink(2 * DAY));
    await page.getByText("This link is not valid, or older than a day. Make a new one: npm run preview-link").waitFor();
    expect(await browser.context.cookies()).toEqual([]);
  });
});
