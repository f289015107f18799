import { type Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { control, observe } from "../../../worker/instrumented.ts";
import { type ChatPage } from "../../chat-page.ts";
import { useChatPages } from "../../use-chat-pages.ts";
import { createSteps } from "../steps.ts";

const here = useChatPages({ CONSENT_COOKIE: "agreed=^(all|chat)$" });
const { newest, reported } = createSteps(here);
const agree = (page: Page, value = "chat") => page.evaluate((text) => (document.cookie = `agreed=${text}`), value);
const kept = async (page: Page) => ({
  cookies: (await here.context.cookies()).map(({ name }) => name),
  lasting: await page.evaluate(() => Object.keys(localStorage)),
});
const nothing = { cookies: [], lasting: [] };

describe("with CONSENT_COOKIE", () => {
  const chatOnce = async ({ open, say, end }: ChatPage, text: string) => {
    await open();
    await say(text);
    await end();
  };

  it("chats without consent, keeps nothing and continues nothing", async () => {
    const tab = await here.visit();
    await chatOnce(tab, "first");
    await chatOnce(tab, "second");
    expect(newest()?.attributes).toMatchObject({ contactId: "none", chatContinue: "none", chatWaitSeconds: "0" });
    expect(await kept(tab.page)).toEqual(nothing);
    expect(here.calls).toEqual(["POST token 200", "POST token 200"]);
    expect((await observe(here.playground.worker)).calls).toEqual([]);
  });

  it("does not hand a live chat to other tabs without consent, and keeps it in its own", async () => {
    const tab = await here.visit();
    await tab.open();
    await tab.say("just here");
    const other = await here.visit();
    expect(await other.showsNoChat()).toBe(true);
    expect(await kept(other.page)).toEqual(nothing);
    await tab.page.reload();
    await tab.shows("just here");
  });

  it("continues with consent, from the first chat after it", async () => {
    const tab = await here.visit();
    await chatOnce(tab, "before");
    await agree(tab.page);
    await chatOnce(tab, "after");
    await reported(2);
    const contactId = newest()?.contactId;
    await tab.open();
    expect(newest()?.attributes["contactId"]).toBe(contactId);
  });

  it("keeps the wish to be forgotten when consent is gone before the Worker could be reached", async () => {
    const tab = await here.visit();
    await agree(tab.page);
    await chatOnce(tab, "to be forgotten");
    await reported(2);
    await control(here.playground.worker, { kv: "fails", kvCalls: "put" });
    expect(await tab.page.evaluate("window.persistentChat.forget()")).toBe(false);
    await agree(tab.page, "none");
    here.calls.length = 0;
    await tab.page.reload();
    await expect.poll(() => here.calls).toContain("DELETE visitor 503");
    await control(here.playground.worker, {});
    await tab.page.reload();
    // A page that is left while its call is answered shows the browser no answer: what counts is what the Worker did.
    await expect.poll(async () => (await observe(here.playground.worker)).calls).toContain("put visitor");
    await expect.poll(async () => (await kept(tab.page)).lasting).toEqual([]);
  });

  it("ignores what is known of a visitor whose consent is gone, and clears it from the browser", async () => {
    const tab = await here.visit();
    await agree(tab.page);
    await tab.open();
    await tab.say("agreed");
    await reported(1);
    expect((await kept(tab.page)).lasting).toEqual(["persistent-chat:live"]);
    await agree(tab.page, "none");
    await tab.page.reload();
    await tab.shows("agreed");
    expect((await kept(tab.page)).lasting).toEqual([]);
    await tab.end();
    await tab.open();
    expect(newest()?.attributes).toMatchObject({ contactId: "none", chatContinue: "none" });
  });

  it("takes no other value for consent", async () => {
    const tab = await here.visit();
    await agree(tab.page, "notall");
    await chatOnce(tab, "no");
    expect(here.calls).toEqual(["POST token 200"]);
  });
});

describe("with CONSENT_LOAD=1", () => {
  const worker = here.useWorker({ CONSENT_LOAD: "1" });

  it.each([
    ["tells of changed cookies", ""],
    ["does not tell of changed cookies", "Object.defineProperty(window, 'cookieStore', { value: undefined })"],
  ])("holds the widget back until the visitor agrees, in a browser that %s", async (_how, script) => {
    if (script !== "") await here.context.addInitScript(script);
    const { button, page, open } = await here.visit("/", worker);
    await page.waitForTimeout(1200);
    expect(await button.count()).toBe(0);
    expect(await page.locator('script[src*="amazon-connect-chat-interface"]').count()).toBe(0);
    await agree(page, "nothing");
    await page.waitForTimeout(1200);
    expect(await button.count()).toBe(0);
    await agree(page);
    await button.waitFor({ timeout: 3000 });
    await open();
    await expect.poll(() => here.calls).toEqual(["POST token 200", "POST contacts 201"]);
    await agree(page, "all");
    await page.waitForTimeout(1200);
    expect(await page.locator('script[src*="amazon-connect-chat-interface"]').count()).toBe(1);
  });

  it("starts at once for a visitor who has agreed", async () => {
    const { button, page } = await here.visit("/", worker);
    await agree(page, "all");
    const scripts: string[] = [];
    page.on("request", (request) => scripts.push(new URL(request.url()).pathname));
    await page.reload();
    await button.waitFor();
    expect(scripts.filter((path) => path === "/_chat/widget.js")).toHaveLength(1);
  });
});
