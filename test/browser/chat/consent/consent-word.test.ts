import { type Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { observe } from "../../../worker/instrumented.ts";
import { type ChatPage } from "../../chat-page.ts";
import { useChatPages } from "../../use-chat-pages.ts";
import { createConsentSteps, mark, say, WAYS_TO_SAY } from "./consent-steps.ts";
import { createSteps, keptLiveChat } from "../steps.ts";

const here = useChatPages(
  { CONSENT_COOKIE: "page", SIGN_OUT_PATHS: "/bye" },
  {
    "/bye": "<body><p>Signed out</p></body>",
    "/element-named-cookie": "<body><img name=cookie><p>A page</p></body>",
  },
);
const { goTo, hold, newest, ownCookies, reported, startsWithoutHistory } = createSteps(here);

const { becomes, readWord } = createConsentSteps(here);

/** What the browser keeps of this visitor, but for the widget's own item. */
const keptOf = (page: Page) =>
  page.evaluate(() => {
    const kept = Object.fromEntries([...Object.entries(localStorage), ...Object.entries(sessionStorage)]);
    delete kept["persistedChatSession"];
    delete kept["persistent-chat:asked"];
    return kept;
  });

async function agree(text: string): Promise<ChatPage> {
  const tab = await here.visit();
  await say(tab.page, true);
  await tab.open();
  await tab.say(text);
  await reported(1);
  return tab;
}

describe("with CONSENT_COOKIE=page", () => {
  it("keeps nothing before the page has said a word", async () => {
    const tab = await here.visit();
    await tab.open();
    await tab.say("nobody");
    await tab.end();
    expect(await ownCookies()).toEqual([]);
    expect(Object.keys(await keptOf(tab.page))).toEqual(["persistent-chat:session"]);
    expect((await observe(here.playground.worker)).calls).toEqual([]);
  });

  it.each(WAYS_TO_SAY)("by %s keeps the next chat, continues it, and forgets after a refusal", async (_way, tell) => {
    const tab = await here.visit();
    await tell(tab.page, true);
    await becomes("1");
    await tab.open();
    await tab.say("first");
    await tab.end();
    await reported(2);
    await tab.open();
    expect(newest()?.attributes["contactId"]).toBe(here.playground.connect.contacts()[1]?.contactId);
    await tab.say("second");
    await reported(3);
    const { persistentChatVisitor } = newest()?.attributes ?? {};

    await tell(tab.page, false);
    await becomes("0");
    await expect.poll(ownCookies).toEqual(["__Host-chat-consent"]);
    await expect.poll(() => keptOf(tab.page)).toEqual({ "persistent-chat:session": "{}" });
    await tab.say("still here");
    await tab.page.reload();
    await tab.shows("still here");
    await tab.end();

    await tell(tab.page, true);
    await becomes(/^1\.\d{13}$/);
    await startsWithoutHistory(tab);
    expect(newest()?.attributes["persistentChatVisitor"]).toMatch(/^[0-9a-f]{64}$/);
    expect(newest()?.attributes["persistentChatVisitor"]).not.toBe(persistentChatVisitor);
  });

  it("counts in every tab, and leaves each tab its running chat after a refusal", async () => {
    const tab = await agree("both");
    const other = await here.visit();
    await other.shows("both");
    await say(other.page, false);
    await expect.poll(() => keptLiveChat(tab.page)).toBeNull();
    await tab.say("from one");
    await other.shows("from one");
    const third = await here.visit();
    expect(await third.showsNoChat()).toBe(true);
  });

  it("makes no call and writes nothing for a refusal without a yes before", async () => {
    const tab = await here.visit();
    await say(tab.page, false);
    await say(tab.page, false);
    await tab.page.waitForTimeout(300);
    expect(here.calls).toEqual([]);
    expect(await keptOf(tab.page)).toEqual({});
    expect(await readWord()).toBe("0");
  });

  it.each(["true", 1, null, {}])("takes %j, which is not true, for a refusal", async (isGiven) => {
    const tab = await here.visit();
    await say(tab.page, isGiven);
    expect(await readWord()).toBe("0");
  });

  it("keeps the word over signing out, and the next person is another visitor", async () => {
    const tab = await agree("private");
    const { persistentChatVisitor } = newest()?.attributes ?? {};
    await goTo(tab, "/bye");
    expect(await ownCookies()).toEqual(expect.arrayContaining(["__Host-chat-consent", "__Host-chat-left"]));
    await startsWithoutHistory(tab);
    expect(newest()?.attributes["persistentChatVisitor"]).not.toBe(persistentChatVisitor);
    await say(tab.page, false);
    await say(tab.page, true);
    await tab.end();
    await startsWithoutHistory(tab);
  });

  it("deletes the cookie also where a chat is being opened at the refusal", async () => {
    const tab = await here.visit();
    await say(tab.page, true);
    const token = await hold("**/_chat/token");
    await tab.button.click();
    await token.reached;
    await say(tab.page, false);
    token.release();
    await tab.say("goes on");
    await expect.poll(() => here.calls.filter((call) => call === "POST token 200")).toHaveLength(2);
    await expect.poll(ownCookies).toEqual(["__Host-chat-consent"]);
  });

  it("writes its cookie once where the page repeats itself, such as after each changed cookie", async () => {
    const tab = await here.visit();
    await tab.page.evaluate(`{
      window.changes = 0;
      cookieStore.addEventListener("change", () => { window.changes += 1; window.persistentChat.consent(true); });
    }`);
    await say(tab.page, true);
    await tab.page.waitForTimeout(300);
    expect(await tab.page.evaluate("window.changes")).toBe(1);
  });

  it.each([
    "void persistentChat.forget(); persistentChat.consent(false)",
    "persistentChat.consent(false); void persistentChat.forget()",
  ])("has the Worker forget where the page asks for both at once: %s", async (script) => {
    const tab = await agree("both at once");
    const erased = async () => {
      const { stored } = await observe(here.playground.worker);
      return Object.keys(stored).filter((key) => key.startsWith("erased:")).length;
    };
    const before = await erased();
    await tab.page.evaluate(script);
    await expect.poll(() => here.calls).toContain("DELETE visitor 204");
    expect(await erased()).toBe(before + 1);
  });

  it("writes nothing before a prerendered page is seen", async () => {
    await here.context.addInitScript(
      "Object.defineProperty(Document.prototype, 'prerendering', { value: true, configurable: true })",
    );
    const { page } = await here.visit();
    await say(page, true);
    await mark(page, "true");
    await page.waitForTimeout(300);
    expect(await readWord()).toBeNull();
    await page.evaluate("document.dispatchEvent(new Event('prerenderingchange'))");
    await becomes("1");
  });

  it("is said on a page with an element named cookie", async () => {
    const tab = await here.visit("/element-named-cookie");
    await say(tab.page, true);
    await becomes("1");
  });
});

describe("the page's word", () => {
  const byCookie = here.useWorker({ CONSENT_COOKIE: "agreed=yes" });
  const needless = here.useWorker({ CONSENT_COOKIE: "" });

  it("counts before a cookie that matches or does not match CONSENT_COOKIE", async () => {
    const tab = await here.visit("/", byCookie);
    await say(tab.page, true);
    await tab.open();
    await reported(1);
    await tab.end();
    await tab.page.evaluate("document.cookie = 'agreed=yes'");
    await say(tab.page, false);
    await startsWithoutHistory(tab);
    expect(newest()?.attributes["persistentChatVisitor"]).toBe("none");
  });

  it("counts for nothing where no consent is needed", async () => {
    const tab = await here.visit("/", needless);
    await say(tab.page, false);
    expect(await readWord()).toBeNull();
  });
});
