import { type Browser, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { useServer } from "../../worker/use-workers.ts";
import { toChatPage } from "../chat-page.ts";
import { launchChromium } from "../chromium.ts";
import { serveOwnPages } from "../own-pages.ts";
import { usePlayground } from "../use-chat-pages.ts";

const UNLOAD = "addEventListener('unload', () => {})";

const site = useServer(() =>
  serveOwnPages({ "/": "<body><h1>Tea</h1></body>", "/next": "<body><h1>Next</h1></body>" }),
);
const playground = usePlayground(() => ({ vars: { ORIGIN_URL: site.origin } }));

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium(["--disable-back-forward-cache"]);
});
afterAll(() => browser.close());

/**
 * Opens a page in a new browser, leaves the page, and comes back by the back button.
 *
 * @param use What the visitor does before leaving.
 * @returns Why the browser did not keep the page as it was: nothing, where the browser did. The Chromium of the npm package
 *   never keeps a page, but says what else would have kept it from doing so.
 */
async function comeBack(origin: string, use: (page: Page) => Promise<unknown>): Promise<string[]> {
  const context = await browser.newContext();
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  const { promise, resolve } = Promise.withResolvers<string[]>();
  session.on("Page.backForwardCacheNotUsed", ({ notRestoredExplanations }) =>
    resolve(notRestoredExplanations.map(({ reason }) => reason).sort()),
  );
  session.on("Page.frameNavigated", ({ type }) => {
    if (type === "BackForwardCacheRestore") resolve([]);
  });
  await session.send("Page.enable");
  await page.goto(origin);
  await use(page);
  await page.goto(`${origin}/next`);
  await page.evaluate("void setTimeout(() => history.back())");
  const reasons = await promise;
  await context.close();
  return reasons;
}

describe("the back/forward cache", () => {
  let without: string[];
  beforeAll(async () => {
    without = await comeBack(site.origin, async () => undefined);
  });

  it("is refused to a page with an unload handler: these tests can fail", async () => {
    const reasons = await comeBack(site.origin, (page) => page.evaluate(UNLOAD));
    expect(reasons).toContain("UnloadHandlerExistsInMainFrame");
    expect(without).not.toContain("UnloadHandlerExistsInMainFrame");
  });

  it.each(["now", "idle", "interaction"])(
    "keeps a page with the widget as it keeps the site's own page (LOAD_WIDGET=%s)",
    async (value) => {
      const { origin } = await playground.addWorker({
        port: 0,
        vars: { ORIGIN_URL: site.origin, LOAD_WIDGET: value },
      });
      const reasons = await comeBack(origin, async (page) => {
        if (value === "interaction") await page.mouse.move(5, 5, { steps: 3 });
        await toChatPage(page).button.waitFor();
      });
      expect(reasons).toEqual(without);
    },
  );

  it("keeps a page that still waits for the visitor's first sign", async () => {
    const { origin } = await playground.addWorker({
      port: 0,
      vars: { ORIGIN_URL: site.origin, LOAD_WIDGET: "interaction" },
    });
    const reasons = await comeBack(origin, (page) => page.waitForFunction("window.persistentChat"));
    expect(reasons).toEqual(without);
  });
});
