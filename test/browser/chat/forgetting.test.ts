import { type Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { control, observe } from "../../worker/instrumented.ts";
import { toChatPage } from "../chat-page.ts";
import { useChatPages } from "../use-chat-pages.ts";
import { createSteps, keptKeys } from "./steps.ts";

const here = useChatPages(
  { FORGET_BY_CLICK: "1" },
  {
    "/privacy":
      "<body><button data-chat-forget onclick='event.stopPropagation()'><b>Forget my chats</b></button></body>",
  },
);
const { goTo, haveChat, newest, ownCookies, reported, startChat, startsWithoutHistory } = createSteps(here);

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
    await expect.poll(() => here.calls).toContain("DELETE visitor 204");
    expect(await ownCookies()).toEqual(["__Host-chat-left"]);
    await expect.poll(() => keptKeys(tab.page)).toEqual([]);
    await startsWithoutHistory(tab);
    expect(newest()?.attributes["persistentChatVisitor"]).not.toBe(old);
  });

  it("does not happen by a click when the visitor says no to the question", async () => {
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
    expect(here.calls).not.toContain("DELETE visitor 204");
    expect(await ownCookies()).toEqual(["__Host-chat-*"]);
  });

  it("takes a live chat off the screen and out of every tab", async () => {
    const [other, tab] = [await startChat("live"), await here.visit("/privacy")];
    await tab.shows("live");
    expect(await tab.page.evaluate("window.persistentChat.forget()")).toBe(true);
    expect(await tab.page.locator("#amazon-connect-chat-widget").count()).toBe(0);
    await other.page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
    expect(await other.page.locator("#amazon-connect-chat-widget").count()).toBe(0);
    await startsWithoutHistory(await here.visit());
  });

  it("waits until the Worker can be reached, and until then chats start without history", async () => {
    const tab = await haveChat("to be forgotten");
    await control(here.playground.worker, { kv: "fails", kvCalls: "put" });
    expect(await tab.page.evaluate("window.persistentChat.forget()")).toBe(false);
    expect(here.calls).toContain("DELETE visitor 503");
    await startsWithoutHistory(tab);
    await control(here.playground.worker, {});
    await goTo(tab, "/privacy");
    await expect.poll(() => keptKeys(tab.page)).toEqual([]);
    const other = await here.visit();
    await startsWithoutHistory(other);
  });

  it("also waits when another server answers", async () => {
    await here.context.route("**/_chat/visitor", (route) => route.fulfill({ status: 404, body: "<h1>Not found</h1>" }));
    const tab = await haveChat("to be forgotten");
    expect(await tab.page.evaluate("window.persistentChat.forget()")).toBe(false);
    await here.context.unroute("**/_chat/visitor");
    await tab.page.reload();
    await expect.poll(() => keptKeys(tab.page)).toEqual([]);
    expect((await observe(here.playground.worker)).calls).toContain("put visitor");
  });

  it("works where the widget is not shown", async () => {
    await haveChat("to be forgotten");
    here.pages["/own"] = `<body>${here.playground.connect.snippet}</body>`;
    const page = await here.context.newPage();
    await page.route("**/_chat/widget.js", async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 300));
      await route.continue();
    });
    await page.goto(`${here.playground.worker.origin}/own`);
    await page.waitForFunction("window.persistentChat !== undefined");
    expect(await page.evaluate("window.persistentChat.forget()")).toBe(true);
  });
});

describe("window.persistentChat.startFresh()", () => {
  it("lets the next chat start without history, and the one after continue from it", async () => {
    const tab = await haveChat("old topic");
    await tab.page.evaluate("window.persistentChat.startFresh()");
    // The Worker orders chats by whole seconds.
    await tab.page.waitForTimeout(1000);
    await startsWithoutHistory(tab);
    await tab.say("new topic");
    const contactId = newest()?.contactId;
    await tab.end();
    await reported(4);
    await tab.open();
    expect(newest()?.attributes["contactId"]).toBe(contactId);
  });

  it("still counts where Connect asks for a token before the chat is started", async () => {
    await haveChat("old topic");
    here.playground.connect.switches.authenticateWithoutChat = "yes";
    let loadClient = () => {};
    const isCalled = new Promise<void>((resolve) => (loadClient = resolve));
    await here.context.route("**/amazon-connect-chat-interface-client.js", async (route) => {
      await isCalled;
      await route.continue();
    });
    const page = await here.context.newPage();
    // The client that is not there yet keeps the page from being loaded.
    await page.goto(here.playground.worker.origin, { waitUntil: "commit" });
    await page.waitForFunction("window.persistentChat !== undefined");
    await page.evaluate("window.persistentChat.startFresh()");
    const asked = page.waitForResponse("**/_chat/token");
    loadClient();
    await asked;
    await startsWithoutHistory(toChatPage(page));
  });

  it("still counts when the first try for a token fails", async () => {
    const tab = await haveChat("old topic");
    await tab.page.evaluate("window.persistentChat.startFresh()");
    let tries = 0;
    await here.context.route("**/_chat/token", (route) => (++tries < 3 ? route.abort() : route.continue()));
    await startsWithoutHistory(tab);
  });
});
