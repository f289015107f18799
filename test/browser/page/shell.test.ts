import { type Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { openChatPage } from "../chat-page.ts";
import { useBrowser, usePlayground } from "../use-chat-pages.ts";

const playground = usePlayground();
const browser = useBrowser();

// A service worker fetches pages by script, and the Worker puts no tag into such an answer.
describe("a page kept by a service worker", () => {
  const TAG = 'script[src="/_chat/widget.js"]';

  /** The page as the network has it, then as the service worker has kept it. */
  async function visitTwice(origin: string): Promise<{ page: Page; problems: string[] }> {
    const page = await browser.context.newPage();
    const problems: string[] = [];
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
    await page.goto(`${origin}/try/shell/`);
    await page.evaluate(async () => {
      await navigator.serviceWorker.ready;
      if (navigator.serviceWorker.controller !== null) return;
      await new Promise((resolve) => navigator.serviceWorker.addEventListener("controllerchange", resolve));
    });
    const response = await page.goto(`${origin}/try/shell/anywhere`);
    expect(response?.fromServiceWorker()).toBe(true);
    return { page, problems };
  }

  it("has the chat the first time, which comes from the network", async () => {
    const { button } = await openChatPage(browser.context, `${playground.worker.origin}/try/shell/`);
    await button.waitFor();
  });

  it("is the same as without the Worker, and works", async () => {
    const [ours, bare] = [await visitTwice(playground.worker.origin), await visitTwice(playground.site.origin)];
    expect(await ours.page.locator("#place").innerText()).toBe("/try/shell/anywhere");
    expect(await ours.page.content()).toBe(await bare.page.content());
    expect(ours.problems).toEqual([]);
  });

  it("has no chat: a known limit", async () => {
    const { page } = await visitTwice(playground.worker.origin);
    await page.waitForLoadState("networkidle");
    expect(await page.locator(TAG).count()).toBe(0);
    expect(await page.locator("#amazon-connect-chat-widget").count()).toBe(0);
  });
});
