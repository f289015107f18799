import { type Browser, type BrowserContext, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Playground, startPlayground } from "../../playground/playground.ts";
import { control, instrumentedEntry, observe } from "../../worker/instrumented.ts";
import { type ChatPage, openChatPage } from "../chat-page.ts";
import { launchChromium } from "../chromium.ts";
import { type OwnPages, serveOwnPages } from "../own-pages.ts";

let browser: Browser;
let pages: OwnPages;
let context: BrowserContext;
/** Chat calls of the pages, as "token 200". */
let calls: string[];

beforeAll(async () => {
  pages = await serveOwnPages();
  pages.pages["/"] = "<body><p>Nothing but a page</p></body>";
  browser = await launchChromium();
});
afterAll(async () => {
  await browser.close();
  await pages.close();
});
beforeEach(async () => {
  context = await browser.newContext();
  calls = [];
  context.on("response", (response) => {
    const route = /\/_chat\/(token|contacts|visitor)$/.exec(response.url())?.[1];
    if (route !== undefined) calls.push(`${route} ${response.status()}`);
  });
});
afterEach(() => context.close());

const startHere = (vars: Readonly<Record<string, string>>) =>
  startPlayground({
    port: 0,
    transcriptDelaySeconds: 1,
    entry: instrumentedEntry,
    vars: { ORIGIN_URL: pages.origin, CONSENT_COOKIE: "agreed=^(all|chat)$", ...vars },
  });
const agree = (page: Page, value = "chat") => page.evaluate((text) => (document.cookie = `agreed=${text}`), value);
const kept = async (page: Page) => ({
  cookies: (await context.cookies()).map(({ name }) => name),
  lasting: await page.evaluate(() => Object.keys(localStorage)),
});
const nothing = { cookies: [], lasting: [] };

describe("with CONSENT_COOKIE", () => {
  let playground: Playground;
  beforeAll(async () => {
    playground = await startHere({});
  });
  afterAll(() => playground.close());
  beforeEach(() => control(playground.worker, {}));

  const visit = () => openChatPage(context, playground.worker.origin);
  const chatOnce = async ({ open, say, end }: ChatPage, text: string) => {
    await open();
    await say(text);
    await end();
  };
  const newest = () => playground.connect.contacts()[0];

  it("chats without consent, keeps nothing and continues nothing", async () => {
    const tab = await visit();
    await chatOnce(tab, "first");
    await chatOnce(tab, "second");
    expect(newest()?.attributes).toMatchObject({ contactId: "none", chatContinue: "none", chatWaitSeconds: "0" });
    expect(await kept(tab.page)).toEqual(nothing);
    expect(calls).toEqual(["token 200", "token 200"]);
    expect((await observe(playground.worker)).calls).toEqual([]);
  });

  it("does not hand a live chat to other tabs without consent, and keeps it in its own", async () => {
    const tab = await visit();
    await tab.open();
    await tab.say("just here");
    const other = await visit();
    await other.page.locator("#amazon-connect-open-widget-button").waitFor();
    expect(await kept(other.page)).toEqual(nothing);
    expect(await other.page.locator("#amazon-connect-chat-widget-iframe").count()).toBe(0);
    await tab.page.reload();
    await tab.chat.getByText("just here", { exact: true }).waitFor();
  });

  it("continues with consent, from the first chat after it", async () => {
    const tab = await visit();
    await chatOnce(tab, "before");
    await agree(tab.page);
    await chatOnce(tab, "after");
    await expect.poll(() => calls.filter((call) => call === "contacts 201")).toHaveLength(2);
    const contactId = newest()?.contactId;
    await tab.open();
    expect(newest()?.attributes["contactId"]).toBe(contactId);
  });

  it("keeps the wish to be forgotten when consent is gone before the Worker could be reached", async () => {
    const tab = await visit();
    await agree(tab.page);
    await chatOnce(tab, "to be forgotten");
    await expect.poll(() => calls.filter((call) => call === "contacts 201")).toHaveLength(2);
    await control(playground.worker, { kv: "fails", kvCalls: "put" });
    expect(await tab.page.evaluate("window.persistentChat.forget()")).toBe(false);
    await agree(tab.page, "none");
    await tab.page.reload();
    await control(playground.worker, {});
    await tab.page.reload();
    await expect.poll(() => calls).toContain("visitor 204");
  });

  it("ignores what is known of a visitor whose consent is gone, and clears it from the browser", async () => {
    const tab = await visit();
    await agree(tab.page);
    await tab.open();
    await tab.say("agreed");
    await expect.poll(() => calls).toContain("contacts 201");
    expect((await kept(tab.page)).lasting).toEqual(["persistent-chat:live"]);
    await agree(tab.page, "none");
    await tab.page.reload();
    await tab.chat.getByText("agreed", { exact: true }).waitFor();
    expect((await kept(tab.page)).lasting).toEqual([]);
    await tab.end();
    await tab.open();
    expect(newest()?.attributes).toMatchObject({ contactId: "none", chatContinue: "none" });
  });

  it("takes no other value for consent", async () => {
    const tab = await visit();
    await agree(tab.page, "notall");
    await chatOnce(tab, "no");
    expect(calls).toEqual(["token 200"]);
  });
});

describe("with CONSENT_LOAD=1", () => {
  let playground: Playground;
  beforeAll(async () => {
    playground = await startHere({ CONSENT_LOAD: "1" });
  });
  afterAll(() => playground.close());

  const button = "#amazon-connect-open-widget-button";

  it.each([
    ["tells of changed cookies", ""],
    ["does not tell of changed cookies", "Object.defineProperty(window, 'cookieStore', { value: undefined })"],
  ])("holds the widget back until the visitor agrees, in a browser that %s", async (_how, script) => {
    if (script !== "") await context.addInitScript(script);
    const { page, open } = await openChatPage(context, playground.worker.origin);
    await page.waitForTimeout(1200);
    expect(await page.locator(button).count()).toBe(0);
    expect(await page.locator('script[src*="amazon-connect-chat-interface"]').count()).toBe(0);
    await agree(page, "nothing");
    await page.waitForTimeout(1200);
    expect(await page.locator(button).count()).toBe(0);
    await agree(page);
    await page.locator(button).waitFor({ timeout: 3000 });
    await open();
    await expect.poll(() => calls).toEqual(["token 200", "contacts 201"]);
    await agree(page, "all");
    await page.waitForTimeout(1200);
    expect(await page.locator('script[src*="amazon-connect-chat-interface"]').count()).toBe(1);
  });

  it("starts at once for a visitor who has agreed", async () => {
    const { page } = await openChatPage(context, playground.worker.origin);
    await agree(page, "all");
    const scripts: string[] = [];
    page.on("request", (request) => scripts.push(new URL(request.url()).pathname));
    await page.reload();
    await page.locator(button).waitFor();
    expect(scripts.filter((path) => path === "/_chat/widget.js")).toHaveLength(1);
  });
});
