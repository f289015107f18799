import { describe, expect, it } from "vitest";
import { type ChatPage } from "../chat-page.ts";
import { useChatPages } from "../use-chat-pages.ts";
import { createSteps, keptKeys } from "./steps.ts";

const here = useChatPages({ SIGN_OUT_PATHS: "/bye" }, { "/bye": "<body><p>Signed out</p></body>" });
const { goTo, haveChat, hold, newest, ownCookies, reported, startChat, startsWithoutHistory } = createSteps(here);

/** Nothing runs in a page that the browser keeps for going back: it hears of no cookie. */
async function visitKeptPage(): Promise<ChatPage> {
  const tab = await here.visit();
  await tab.page.evaluate("Reflect.deleteProperty(window, 'cookieStore'); window.setInterval = () => 0");
  return tab;
}

/** Goes back to a kept page. @param next What came after it in its tab. */
async function showAgain(tab: ChatPage, next: ChatPage): Promise<void> {
  const stored = await next.page.evaluate(() => Object.entries(sessionStorage));
  await tab.page.evaluate((entries) => {
    sessionStorage.clear();
    for (const [key, value] of entries) sessionStorage.setItem(key, value);
    dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
  }, stored);
}

describe("signing out", () => {
  it("clears the visitor from the browser, and the next chat starts without history", async () => {
    const tab = await startChat("private");
    const { persistentChatVisitor } = newest()?.attributes ?? {};
    await goTo(tab, "/bye");
    await tab.button.waitFor();
    expect(await ownCookies()).toEqual(["__Host-chat-left"]);
    expect(await keptKeys(tab.page)).toEqual([]);
    expect(await tab.page.locator("#amazon-connect-chat-widget-iframe").count()).toBe(0);
    await startsWithoutHistory(tab);
    expect(newest()?.attributes["persistentChatVisitor"]).not.toBe(persistentChatVisitor);
    expect(await tab.messages()).toEqual([]);
  });

  it("takes the chat off the screen of the other tabs when the visitor looks at them again", async () => {
    const other = await startChat("private");
    await here.visit("/bye");
    await other.page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
    expect(await other.page.locator("#amazon-connect-chat-widget").count()).toBe(0);
    expect(await keptKeys(other.page)).toEqual([]);
  });

  it("keeps a tab in the background from handing its chat over", async () => {
    await startChat("private");
    const tab = await here.visit("/bye");
    await goTo(tab, "/");
    await tab.page.evaluate(() => localStorage.setItem("persistent-chat:live", ""));
    await tab.page.reload();
    await startsWithoutHistory(tab);
  });

  it("drops the reports that wait", async () => {
    await here.context.route("**/_chat/contacts", (route) => route.abort());
    const tab = await here.visit();
    await tab.open();
    await tab.end();
    expect(await keptKeys(tab.page)).toHaveLength(3);
    await here.context.unroute("**/_chat/contacts");
    here.calls.length = 0;
    await goTo(tab, "/bye");
    await tab.page.waitForLoadState("networkidle");
    expect(await keptKeys(tab.page)).toEqual([]);
    expect(here.calls).toEqual([]);
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
    await here.context.addInitScript(prepare);
    const tab = await startChat("private");
    const other = await here.visit();
    await other.shows("private");
    expect(await tab.page.evaluate("'cookieStore' in window")).toBe(_when === "at once");
    await tab.page.evaluate(() => fetch("/bye", { method: "POST" }));
    for (const { page } of [tab, other]) {
      await expect.poll(() => page.locator("#amazon-connect-chat-widget").count()).toBe(0);
      expect(await keptKeys(page)).toEqual([]);
    }
  });

  it("keeps the chat of a browser in which somebody deletes the mark, as some banners do", async () => {
    const tab = await here.visit("/bye");
    await goTo(tab, "/");
    await tab.open();
    await tab.say("of the guest");
    await reported(1);
    const kept = await keptKeys(tab.page);
    await tab.page.evaluate("document.cookie = '__Host-chat-left=;path=/;secure;max-age=0'");
    await tab.page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
    expect(await keptKeys(tab.page)).toEqual(kept);
    await tab.page.reload();
    await tab.shows("of the guest");
  });

  it.each(["live", "over"])("leaves no chat that is %s on a page to which the back button leads", async (state) => {
    const tab = await visitKeptPage();
    await tab.open();
    await tab.say("private");
    await reported(1);
    if (state === "over") {
      await tab.chat.locator("[data-role=end-chat]").click();
      await reported(2);
    }
    await showAgain(tab, await here.visit("/bye"));
    expect(await tab.page.locator("#amazon-connect-chat-widget").count()).toBe(0);
  });

  it("leaves the next visitor's chat in a tab in which the back button leads to a page from before", async () => {
    const tab = await visitKeptPage();
    const next = await here.visit("/bye");
    await goTo(next, "/");
    await next.open();
    await reported(1);
    await showAgain(tab, next);
    expect(await tab.page.evaluate("sessionStorage.getItem('persistedChatSession')")).not.toBeNull();
  });

  it("takes the transcript of a chat that is over off the screen", async () => {
    const tab = await startChat("private");
    await tab.chat.locator("[data-role=end-chat]").click();
    await reported(2);
    await tab.page.evaluate(() => fetch("/bye", { method: "POST" }));
    await expect.poll(() => tab.page.locator("#amazon-connect-chat-widget").count()).toBe(0);
  });

  it("keeps the button of a widget that shows no chat", async () => {
    const tab = await haveChat("private");
    await tab.page.evaluate(() => fetch("/bye", { method: "POST" }));
    await tab.page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
    expect(await tab.button.isVisible()).toBe(true);
  });

  it("is not undone by a late answer that sets the old cookie again", async () => {
    const tab = await startChat("private");
    const report = await hold("**/_chat/contacts");
    await tab.end();
    await report.reached;
    await tab.page.evaluate(() => fetch("/bye"));
    expect(await ownCookies()).toEqual(["__Host-chat-left"]);
    report.release();
    await expect.poll(ownCookies).toEqual(expect.arrayContaining(["__Host-chat-*", "__Host-chat-left"]));
    await startsWithoutHistory(tab);
  });

  it("lets the next visitor chat, and their chat goes on in new tabs", async () => {
    const tab = await startChat("first visitor");
    await goTo(tab, "/bye");
    await tab.open();
    await tab.say("second visitor");
    const other = await here.visit();
    await other.shows("second visitor");
    await goTo(tab, "/");
    await tab.shows("second visitor");
  });

  it("keeps the number that this browser has drawn for ROLLOUT_PERCENT", async () => {
    const tab = await here.visit();
    await tab.page.evaluate(() => localStorage.setItem("persistent-chat:draw", "7"));
    await goTo(tab, "/bye");
    expect(await keptKeys(tab.page)).toEqual(["persistent-chat:draw"]);
  });
});
