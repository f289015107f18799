import { type Browser, type BrowserContext, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { toChatPage } from "../browser/chat-page.ts";
import { launchChromium } from "../browser/chromium.ts";
import { type Playground, startPlayground } from "../playground/playground.ts";
import { settings } from "../worker/settings.ts";
import { type AnsweringWorker } from "../worker/start-worker.ts";
import { startWorkerd } from "../worker/start-workerd.ts";
import { type NextServer, startNext } from "./next-server.ts";
import { openWatched } from "./watched-page.ts";

const PAGES = ["/", "/tea/sencha", "/slow"];
const TAG = 'script[src="/_chat/widget.js"]';
/** The origin of Amazon's client, in the snippet of these settings. */
const CLIENT = "https://example-alias.my.connect.aws/";
const BUTTON = "button[data-hydrated]";

let next: NextServer;
let playground: Playground;
/** The Worker on workerd alone: wrangler's dev server holds a streamed page back until it is complete. */
let alone: AnsweringWorker;
let browser: Browser;
let context: BrowserContext;

beforeAll(async () => {
  next = await startNext();
  playground = await startPlayground({ port: 0, transcriptDelaySeconds: 1, vars: { ORIGIN_URL: next.origin } });
  alone = await startWorkerd({ vars: { ...settings, ORIGIN_URL: next.origin } });
  browser = await launchChromium();
});
afterAll(async () => {
  await browser.close();
  await alone.close();
  await playground.close();
  await next.close();
});
beforeEach(async () => {
  context = await browser.newContext();
});
afterEach(() => context.close());

/** Waits until React has taken over the page and has put its elements into the document. */
async function openHydrated(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.locator(`${BUTTON}[data-hydrated=true]`).waitFor();
}

describe("a page rendered on a server by Next", () => {
  it.each(PAGES)("%s gets the tag, and is taken over without a complaint", async (path) => {
    const { page, problems } = await openWatched(context);
    await openHydrated(page, playground.worker.origin + path);
    expect(await page.locator(TAG).count()).toBe(1);
    await page.locator("#amazon-connect-open-widget-button").waitFor();
    expect(problems).toEqual([]);
  });

  it.each(PAGES)("%s works", async (path) => {
    const { page } = await openWatched(context);
    await openHydrated(page, playground.worker.origin + path);
    await page.click(BUTTON);
    await page.click(BUTTON);
    expect(await page.locator(BUTTON).innerText()).toBe("Cups: 2");
  });

  it.each(PAGES)("%s is the document that it is without the Worker, but for our element", async (path) => {
    // Without Amazon's client, which puts its widget into the page: this test compares what the Worker does.
    await context.route(`${CLIENT}**`, (route) => route.fulfill({ contentType: "text/javascript", body: "" }));
    const [ours, bare] = [await openWatched(context), await openWatched(context)];
    await openHydrated(bare.page, next.origin + path);
    await openHydrated(ours.page, alone.origin + path);
    expect(await serialize(ours.page)).toBe(await serialize(bare.page));
  });

  it("makes React complain when its text differs, so that the test above would notice", async () => {
    await context.route(`${playground.worker.origin}/`, async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: (await response.text()).replace("Cups: <!-- -->0", "Cups: <!-- -->1") });
    });
    const { page, problems } = await openWatched(context);
    await openHydrated(page, `${playground.worker.origin}/`);
    expect(problems.join()).toMatch(/React error #4\d\d/);
  });

  it.each([
    ["without the Worker", () => next],
    ["with it", () => alone],
  ])("shows its fallback before the rest of it is there, %s", async (_what, server) => {
    const { page } = await openWatched(context);
    await page.goto(`${server().origin}/slow`, { waitUntil: "commit" });
    await page.getByText("Still brewing").waitFor({ timeout: 5000 });
    expect(await page.getByText("Brewed").count()).toBe(0);
    await page.getByText("Brewed").waitFor();
  });
});

describe("the chat on a site by Next", () => {
  it("goes on over a client-side navigation", async () => {
    const { page, problems } = await openWatched(context);
    const visit = toChatPage(page);
    await openHydrated(page, `${playground.worker.origin}/`);
    await page.evaluate(() => Object.assign(window, { isSamePage: true }));
    await visit.open();
    await visit.say("before");
    await page.getByRole("link", { name: "Sencha" }).click();
    await page.getByRole("heading", { name: "Tea: sencha" }).waitFor();
    await visit.say("after");
    await page.getByRole("link", { name: "Slow" }).click();
    await page.getByText("Brewed").waitFor();
    await visit.say("later");
    expect(await visit.messages()).toEqual(["before", "after", "later"]);
    expect(await page.evaluate(() => Reflect.get(window, "isSamePage"))).toBe(true);
    expect(await page.locator("#amazon-connect-chat-widget").count()).toBe(1);
    expect(await page.locator(TAG).count()).toBe(1);
    expect(problems).toEqual([]);
  });

  it("begins after a client-side navigation", async () => {
    const { page, problems } = await openWatched(context);
    const visit = toChatPage(page);
    await openHydrated(page, `${playground.worker.origin}/tea/sencha`);
    await page.getByRole("link", { name: "Home" }).click();
    await page.getByRole("heading", { name: "Home" }).waitFor();
    await visit.open();
    await visit.say("hello");
    expect(await visit.messages()).toEqual(["hello"]);
    expect(problems).toEqual([]);
  });
});

/** The document without our element, and without the element that the owner's snippet adds for Amazon's client. */
async function serialize(page: Page): Promise<string> {
  await page.waitForLoadState("networkidle");
  return page.evaluate(
    ([tag, client]) => {
      const copy = document.documentElement.cloneNode(true);
      if (!(copy instanceof Element)) throw new Error("Cannot be: a document is an element");
      for (const element of copy.querySelectorAll(`${tag}, script[src^="${client}"]`)) element.remove();
      return copy.outerHTML;
    },
    [TAG, CLIENT] as const,
  );
}
