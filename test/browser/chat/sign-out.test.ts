import { type Browser, type BrowserContext, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { defaultSwitches } from "../../playground/connect/switches.ts";
import { type Playground, startPlayground } from "../../playground/playground.ts";
import { control, instrumentedEntry } from "../../worker/instrumented.ts";
import { type ChatPage, openChatPage } from "../chat-page.ts";
import { launchChromium } from "../chromium.ts";
import { type OwnPages, serveOwnPages } from "../own-pages.ts";

let browser: Browser;
let pages: OwnPages;
let playground: Playground;
let context: BrowserContext;
/** Chat calls of the pages, as "POST token 200". */
let calls: string[];

beforeAll(async () => {
  pages = await serveOwnPages();
  pages.pages["/"] = "<body><p>Nothing but a page</p></body>";
  pages.pages["/bye"] = "<body><p>Signed out</p></body>";
  pages.pages["/privacy"] =
    "<body><button data-chat-forget onclick='event.stopPropagation()'><b>Forget my chats</b></button></body>";
  playground = await startPlayground({
    port: 0,
    transcriptDelaySeconds: 1,
    entry: instrumentedEntry,
    vars: { ORIGIN_URL: pages.origin, SIGN_OUT_PATHS: "/bye", FORGET_BY_CLICK: "1" },
  });
  browser = await launchChromium();
});
afterAll(async () => {
  await browser.close();
  await playground.close();
  await pages.close();
});
beforeEach(async () => {
  Object.assign(playground.connect.switches, defaultSwitches);
  await control(playground.worker, {});
  context = await browser.newContext();
  calls = [];
  context.on("response", (response) => {
    const name = /\/_chat\/(token|contacts|visitor)$/.exec(response.url())?.[1];
    if (name !== undefined) calls.push(`${response.request().method()} ${name} ${response.status()}`);
  });
});
afterEach(() => context.close());

const visit = (path = "/") => openChatPage(context, playground.worker.origin + path);
const newest = () => playground.connect.contacts()[0];
const startChat = async (text: string): Promise<ChatPage> => {
  const tab = await visit();
  await tab.open();
  await tab.say(text);
  await expect.poll(() => calls).toContain("POST contacts 201");
  return tab;
};
const haveChat = async (text: string): Promise<ChatPage> => {
  const tab = await startChat(text);
  await tab.end();
  await expect.poll(() => calls.filter((call) => call === "POST contacts 201")).toHaveLength(2);
  return tab;
};
const ownCookies = async () => (await context.cookies()).map(({ name }) => name.replace(/-[0-9a-f]{8}$/, "-*"));
/** What is kept in the browser of the visitor, in this tab and for all. */
const keptKeys = (page: Page) =>
  page.evaluate(() =>
    [...Object.keys(localStorage), ...Object.keys(sessionStorage)].filter(
      // They tell nothing of the visitor.
      (key) => key !== "persistent-chat:left" && key !== "persistent-chat:asked",
    ),
  );
const startsWithoutHistory = async ({ open }: ChatPage) => {
  await open();
  expect(newest()?.attributes).toMatchObject({ contactId: "none", contactIdFallback: "none", chatContinue: "none" });
};
const goTo = ({ page }: ChatPage, path: string) => page.goto(playground.worker.origin + path);

describe("signing out", () => {
  it("leaves nothing of the visitor in the browser, and the next chat starts without history", async () => {
    const tab = await startChat("private");
    const { persistentChatVisitor } = newest()?.attributes ?? {};
    await goTo(tab, "/bye");
    await tab.page.locator("#amazon-connect-open-widget-button").waitFor();
    expect(await ownCookies()).toEqual(["__Host-chat-left"]);
    expect(await keptKeys(tab.page)).toEqual([]);
    expect(await tab.page.locator("#amazon-connect-chat-widget-iframe").count()).toBe(0);
    await startsWithoutHistory(tab);
    expect(newest()?.attributes["persistentChatVisitor"]).not.toBe(persistentChatVisitor);
    expect(await tab.messages()).toEqual([]);
  });

  it("takes the chat off the screen of the other tabs when they are looked at again", async () => {
    const other = await startChat("private");
    await visit("/bye");
    await other.page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
    expect(await other.page.locator("#amazon-connect-chat-widget").count()).toBe(0);
    expect(await keptKeys(other.page)).toEqual([]);
  });

  it("keeps a tab that was not looked at from handing its chat over", async () => {
    await startChat("private");
    const tab = await visit("/bye");
    await goTo(tab, "/");
    await tab.page.evaluate(() => localStorage.setItem("persistent-chat:live", ""));
    await tab.page.reload();
    await startsWithoutHistory(tab);
  });

  it("drops the reports that wait", async () => {
    await context.route("**/_chat/contacts", (route) => route.abort());
    const tab = await visit();
    await tab.open();
    await tab.end();
    expect(await keptKeys(tab.page)).toHaveLength(3);
    await context.unroute("**/_chat/contacts");
    calls.length = 0;
    await goTo(tab, "/bye");
    await tab.page.waitForLoadState("networkidle");
    expect(await keptKeys(tab.page)).toEqual([]);
    expect(calls).toEqual([]);
  });

  it("by a call of the page itself counts for the chat that follows on that page", async () => {
    const tab = await haveChat("private");
    await tab.page.evaluate(() => fetch("/bye"));
    await startsWithoutHistory(tab);
  });

  it.each([
    ["at once", () => undefined],
    // As Safari before 18.4 and Firefox before 140.
    ["within a second, in browsers without cookieStore", () => Reflect.deleteProperty(window, "cookieStore")],
  ])("by a call of the page itself takes the live chat off the screen of every tab, %s", async (_when, prepare) => {
    await context.addInitScript(prepare);
    const tab = await startChat("private");
    const other = await visit();
    await other.chat.getByText("private", { exact: true }).waitFor();
    expect(await tab.page.evaluate("'cookieStore' in window")).toBe(_when === "at once");
    await tab.page.evaluate(() => fetch("/bye", { method: "POST" }));
    for (const { page } of [tab, other]) {
      await expect.poll(() => page.locator("#amazon-connect-chat-widget").count()).toBe(0);
      expect(await keptKeys(page)).toEqual([]);
    }
  });

  it("takes the transcript of a chat that is over off the screen", async () => {
    const tab = await startChat("private");
    await tab.chat.locator("[data-role=end-chat]").click();
    await expect.poll(() => calls.filter((call) => call === "POST contacts 201")).toHaveLength(2);
    await tab.page.evaluate(() => fetch("/bye", { method: "POST" }));
    await expect.poll(() => tab.page.locator("#amazon-connect-chat-widget").count()).toBe(0);
  });

  it("leaves the button of a widget that shows no chat", async () => {
    const tab = await haveChat("private");
    await tab.page.evaluate(() => fetch("/bye", { method: "POST" }));
    await tab.page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
    expect(await tab.page.locator("#amazon-connect-open-widget-button").isVisible()).toBe(true);
  });

  it("holds against an answer that brings the cookie back since it was on its way", async () => {
    const tab = await startChat("private");
    const [answered, left] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    await context.route("**/_chat/contacts", async (route) => {
      const response = await route.fetch();
      answered.resolve();
      await left.promise;
      await route.fulfill({ response });
    });
    await tab.end();
    await answered.promise;
    await tab.page.evaluate(() => fetch("/bye"));
    expect(await ownCookies()).toEqual(["__Host-chat-left"]);
    left.resolve();
    await expect.poll(ownCookies).toEqual(expect.arrayContaining(["__Host-chat-*", "__Host-chat-left"]));
    await context.unroute("**/_chat/contacts");
    await startsWithoutHistory(tab);
  });

  it("lets the next visitor chat, and their chat goes on in new tabs", async () => {
    const tab = await startChat("first visitor");
    await goTo(tab, "/bye");
    await tab.open();
    await tab.say("second visitor");
    const other = await visit();
    await other.chat.getByText("second visitor", { exact: true }).waitFor();
    await goTo(tab, "/");
    await tab.chat.getByText("second visitor", { exact: true }).waitFor();
  });

  it("keeps this browser's lot in the owner's share", async () => {
    const tab = await visit();
    await tab.page.evaluate(() => localStorage.setItem("persistent-chat:draw", "7"));
    await goTo(tab, "/bye");
    expect(await keptKeys(tab.page)).toEqual(["persistent-chat:draw"]);
  });
});

describe("forgetting", () => {
  it.each([
    ["window.persistentChat.forget()", (page: Page) => page.evaluate("window.persistentChat.forget()")],
    ["a click within an element with data-chat-forget", (page: Page) => page.click("[data-chat-forget] b")],
  ])("by %s erases cookie, record and what the browser keeps", async (_how, forget) => {
    const tab = await haveChat("to be forgotten");
    const old = newest()?.attributes["persistentChatVisitor"];
    await goTo(tab, "/privacy");
    tab.page.on("dialog", (dialog) => dialog.accept());
    await forget(tab.page);
    await expect.poll(() => calls).toContain("DELETE visitor 204");
    expect(await ownCookies()).toEqual(["__Host-chat-left"]);
    await expect.poll(() => keptKeys(tab.page)).toEqual([]);
    await startsWithoutHistory(tab);
    expect(newest()?.attributes["persistentChatVisitor"]).not.toBe(old);
  });

  it("does not happen by a click when the visitor thinks better of it", async () => {
    const tab = await haveChat("to be kept");
    await goTo(tab, "/privacy");
    const asked: string[] = [];
    tab.page.on("dialog", async (dialog) => {
      asked.push(dialog.message());
      await dialog.dismiss();
    });
    await tab.page.click("[data-chat-forget] b");
    expect(asked).toEqual(["Forget your chats on this site? They cannot be brought back."]);
    await tab.page.reload();
    expect(calls).not.toContain("DELETE visitor 204");
    expect(await ownCookies()).toEqual(["__Host-chat-*"]);
  });

  it("takes a live chat off the screen and out of every tab", async () => {
    const [other, tab] = [await startChat("live"), await visit("/privacy")];
    await tab.chat.getByText("live", { exact: true }).waitFor();
    expect(await tab.page.evaluate("window.persistentChat.forget()")).toBe(true);
    expect(await tab.page.locator("#amazon-connect-chat-widget").count()).toBe(0);
    await other.page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
    expect(await other.page.locator("#amazon-connect-chat-widget").count()).toBe(0);
    await startsWithoutHistory(await visit());
  });

  it("waits until the Worker can be reached, and offers nothing meanwhile", async () => {
    const tab = await haveChat("to be forgotten");
    await control(playground.worker, { kv: "fails", kvCalls: "put" });
    expect(await tab.page.evaluate("window.persistentChat.forget()")).toBe(false);
    expect(calls).toContain("DELETE visitor 503");
    await startsWithoutHistory(tab);
    await control(playground.worker, {});
    await goTo(tab, "/privacy");
    await expect.poll(() => calls).toContain("DELETE visitor 204");
    const other = await visit();
    await startsWithoutHistory(other);
  });

  it("also waits when something else than the Worker answers", async () => {
    await context.route("**/_chat/visitor", (route) => route.fulfill({ status: 404, body: "<h1>Not found</h1>" }));
    const tab = await haveChat("to be forgotten");
    expect(await tab.page.evaluate("window.persistentChat.forget()")).toBe(false);
    await context.unroute("**/_chat/visitor");
    await tab.page.reload();
    await expect.poll(() => calls).toContain("DELETE visitor 204");
  });

  it("is there where the widget is not shown", async () => {
    await haveChat("to be forgotten");
    pages.pages["/own"] = `<body>${playground.connect.snippet}</body>`;
    const page = await context.newPage();
    await page.route("**/_chat/widget.js", async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 300));
      await route.continue();
    });
    await page.goto(`${playground.worker.origin}/own`);
    await page.waitForFunction("window.persistentChat !== undefined");
    expect(await page.evaluate("window.persistentChat.forget()")).toBe(true);
  });
});

describe("window.persistentChat.startFresh()", () => {
  it("lets the next chat start without history, and the one after continue from it", async () => {
    const tab = await haveChat("old topic");
    await tab.page.evaluate("window.persistentChat.startFresh()");
    // Which chat is the newer one is known by the second.
    await tab.page.waitForTimeout(1000);
    await startsWithoutHistory(tab);
    await tab.say("new topic");
    const contactId = newest()?.contactId;
    await tab.end();
    await expect.poll(() => calls.filter((call) => call === "POST contacts 201")).toHaveLength(4);
    await tab.open();
    expect(newest()?.attributes["contactId"]).toBe(contactId);
  });

  it("counts still when the first try for a token fails", async () => {
    const tab = await haveChat("old topic");
    await tab.page.evaluate("window.persistentChat.startFresh()");
    let tries = 0;
    await context.route("**/_chat/token", (route) => (++tries < 3 ? route.abort() : route.continue()));
    await startsWithoutHistory(tab);
  });
});
