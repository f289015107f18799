import { type Browser, type BrowserContext, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { defaultSwitches, type Switches } from "../../playground/connect/switches.ts";
import { type Playground, startPlayground } from "../../playground/playground.ts";
import { type ChatPage, openChatPage, toChatPage } from "../chat-page.ts";
import { launchChromium } from "../chromium.ts";
import { type OwnPages, serveOwnPages } from "../own-pages.ts";

const TRANSCRIPT_DELAY_SECONDS = 1;

let browser: Browser;
let pages: OwnPages;
let playground: Playground;
let context: BrowserContext;
/** Chat calls of the pages, as "token 200". */
let calls: string[];

beforeAll(async () => {
  pages = await serveOwnPages();
  pages.pages["/"] = "<body><p>Nothing but a page</p></body>";
  pages.pages["/bye"] = "<body><p>Signed out</p></body>";
  playground = await startHere({});
  browser = await launchChromium();
});
afterAll(async () => {
  await browser.close();
  await playground.close();
  await pages.close();
});
beforeEach(async () => {
  Object.assign(playground.connect.switches, defaultSwitches);
  await openBrowser();
});
afterEach(() => context.close());

function startHere(vars: Readonly<Record<string, string>>): Promise<Playground> {
  return startPlayground({
    port: 0,
    transcriptDelaySeconds: TRANSCRIPT_DELAY_SECONDS,
    vars: { ORIGIN_URL: pages.origin, SIGN_OUT_PATHS: "/bye", ...vars },
  });
}

async function openBrowser(kept?: Awaited<ReturnType<BrowserContext["storageState"]>>): Promise<void> {
  context = await browser.newContext(kept === undefined ? {} : { storageState: kept });
  calls = [];
  context.on("response", (response) => {
    const route = /\/_chat\/(token|contacts)$/.exec(response.url())?.[1];
    if (route !== undefined) calls.push(`${route} ${response.status()}`);
  });
}

/** As when every window is closed: what belongs to a tab is gone. */
async function reopenBrowser(change: (kept: string) => string = (kept) => kept): Promise<void> {
  for (const page of context.pages()) await page.close({ runBeforeUnload: true });
  const state = await context.storageState();
  await context.close();
  const kept: typeof state = JSON.parse(change(JSON.stringify(state)));
  await openBrowser(kept);
}

const visit = (path = "/", { worker } = playground) => openChatPage(context, worker.origin + path);
const reported = () => expect.poll(() => calls).toContain("contacts 201");
const startChat = async (text: string, place = playground): Promise<ChatPage> => {
  const tab = await visit("/", place);
  await tab.open();
  await tab.say(text);
  await reported();
  return tab;
};
const transcriptReady = () => new Promise((resolve) => setTimeout(resolve, TRANSCRIPT_DELAY_SECONDS * 1000 + 1200));
const newest = ({ connect } = playground) => connect.contacts()[0];
const kept = (page: Page) => page.evaluate(() => localStorage.getItem("persistent-chat:live"));
const shows = ({ chat }: ChatPage, text: string) => chat.getByText(text, { exact: true }).waitFor({ timeout: 5000 });
const showsNoChat = async ({ page }: ChatPage) => {
  await page.locator("#amazon-connect-open-widget-button").waitFor();
  await page.waitForTimeout(300);
  expect(await page.locator("#amazon-connect-chat-widget-iframe").count()).toBe(0);
};

/** What may differ in how a chat is begun and resumed. */
const positions: Partial<Switches>[] = [
  {},
  { authenticateOnResume: "yes" },
  { authenticateTwice: "yes" },
  { metadataHandler: "repeats" },
  { metadataHandler: "never" },
  { initialContactIdInEvents: "no" },
  { authenticateOnResume: "yes", metadataHandler: "repeats", initialContactIdInEvents: "no" },
  { authenticateOnResume: "yes", metadataHandler: "never", initialContactIdInEvents: "no" },
];

describe.each(positions)("a live chat, Connect with %j", (position) => {
  beforeEach(() => Object.assign(playground.connect.switches, position));

  it("goes on in a new tab, and ends in both", async () => {
    const before = playground.connect.contacts().length;
    const first = await startChat("in the first tab");
    const second = await visit();
    await shows(second, "in the first tab");
    await second.say("in the second tab");
    await shows(first, "in the second tab");
    await second.end();
    await expect.poll(() => calls.filter((call) => call === "contacts 201")).toHaveLength(2);
    await first.chat.locator("[data-role=ended]").waitFor();
    await showsNoChat(await visit());
    expect(playground.connect.contacts()).toHaveLength(before + 1);
    expect(calls.filter((call) => !/ 20[01]$/.test(call))).toEqual([]);
  });

  it("goes on after the browser was closed, and its end is reported", async () => {
    const before = playground.connect.contacts().length;
    await startChat("before closing");
    await reopenBrowser();
    const tab = await visit();
    await shows(tab, "before closing");
    await tab.say("after closing");
    await tab.end();
    await reported();
    expect(playground.connect.contacts()).toHaveLength(before + 1);
    expect(await kept(tab.page)).toBeNull();
  });

  it("is continued when the agent ended it after the tab was closed", async () => {
    const { page } = await startChat("left alone");
    await page.close();
    const contactId = newest()?.contactId ?? "";
    playground.connect.agent.end(contactId);
    await transcriptReady();
    const tab = await visit();
    await tab.open();
    await shows(tab, "left alone");
    expect(newest()).toMatchObject({ relatedContactId: contactId, attributes: { chatContinue: "now" } });
    await tab.say("back again");
    await reported();
    await shows(await visit(), "back again");
  });
});

describe("a live chat in another tab", () => {
  it("is asked for only where there may be one, and nobody waits long for an answer", async () => {
    await context.addInitScript(`
      const { postMessage } = BroadcastChannel.prototype;
      BroadcastChannel.prototype.postMessage = function (message) { (window.asked ??= []).push(message); return postMessage.call(this, message); };
    `);
    const { page } = await visit();
    await page.locator("#amazon-connect-open-widget-button").waitFor();
    expect(await page.evaluate("window.asked")).toBeUndefined();
    await page.evaluate(() => localStorage.setItem("persistent-chat:live", ""));
    await page.reload();
    await page.locator("#amazon-connect-open-widget-button").waitFor();
    expect(await page.evaluate("window.asked.length")).toBe(1);
    expect(await kept(page)).toBeNull();
  });

  it("is found again after going back to a page", async () => {
    const first = await startChat("to and fro");
    await first.page.goto(`${playground.worker.origin}/bye-not`);
    await first.page.goBack();
    await shows(first, "to and fro");
    await shows(await visit(), "to and fro");
  });

  it("is never sent to the Worker", async () => {
    const sent: string[] = [];
    context.on("request", async (request) => {
      if (!request.url().startsWith(playground.worker.origin)) return;
      sent.push(request.url(), request.postData() ?? "", JSON.stringify(await request.allHeaders()));
    });
    const first = await startChat("secret");
    const second = await visit();
    await shows(second, "secret");
    const value = await first.page.evaluate(() => sessionStorage.getItem("persistedChatSession"));
    expect(value).toBe(await second.page.evaluate(() => sessionStorage.getItem("persistedChatSession")));
    await second.end();
    await expect.poll(() => calls.filter((call) => call === "contacts 201")).toHaveLength(2);
    expect(sent.join()).not.toContain(value);
  });

  it("is not taken for a new one by a tab that chats itself", async () => {
    const [first, second] = [await visit(), await visit()];
    await first.open();
    await first.say("one");
    await second.open();
    await second.say("two");
    await expect.poll(() => calls.filter((call) => call === "contacts 201")).toHaveLength(2);
    await first.page.reload();
    await second.page.reload();
    await shows(first, "one");
    await shows(second, "two");
  });

  it("stays in the chat when the owner's share is nobody", async () => {
    await startChat("chosen");
    // Another isolate would have another setting: the page is told so here.
    await context.route("**/_chat/widget.js", async (route) => {
      const response = await route.fetch();
      await route.fulfill({
        response,
        body: (await response.text()).replace('"rolloutPercent":100', '"rolloutPercent":0'),
      });
    });
    await shows(await visit(), "chosen");
  });
});

describe("a chat of a closed browser", () => {
  const withUntil = (change: (chat: { until: number }) => void) => (state: string) => {
    const parsed: { origins: { localStorage: { name: string; value: string }[] }[] } = JSON.parse(state);
    for (const item of parsed.origins.flatMap(({ localStorage }) => localStorage)) {
      if (item.name !== "persistent-chat:live") continue;
      const chat: { until: number } = JSON.parse(item.value);
      change(chat);
      item.value = JSON.stringify(chat);
    }
    return JSON.stringify(parsed);
  };

  it("is over for this browser once RESUME_MINUTES are over", async () => {
    await startChat("too long ago");
    await reopenBrowser(
      withUntil((chat) => {
        expect(Math.abs(chat.until - Date.now() - 30 * 60_000)).toBeLessThan(10_000);
        chat.until = Date.now() - 1;
      }),
    );
    const tab = await visit();
    await showsNoChat(tab);
    expect(await kept(tab.page)).toBeNull();
  });

  it("is kept no longer than a chat can live", async () => {
    const { page } = await startChat("since yesterday");
    await page.evaluate(() => {
      const state = JSON.parse(sessionStorage.getItem("persistent-chat:session") ?? "");
      state.session.since -= 1490 * 60_000;
      sessionStorage.setItem("persistent-chat:session", JSON.stringify(state));
      document.dispatchEvent(new Event("visibilitychange"));
    });
    const { until } = JSON.parse((await kept(page)) ?? "");
    expect(Math.abs(until - Date.now() - 10 * 60_000)).toBeLessThan(10_000);
  });

  it("is dropped when it does not connect within 20 seconds of trying, and the next one starts anew", async () => {
    await startChat("unreachable");
    await reopenBrowser();
    await context.route("**/resume", (route) => route.abort());
    const page = await context.newPage();
    await page.clock.install();
    await page.goto(playground.worker.origin);
    await page.locator("#amazon-connect-chat-widget-iframe").waitFor();
    await page.clock.runFor(18_000);
    expect(await kept(page)).not.toBeNull();
    await page.clock.runFor(4000);
    expect(await kept(page)).toBeNull();
    expect(await page.evaluate(() => sessionStorage.getItem("persistedChatSession"))).toBeNull();
    await context.unroute("**/resume");
    await page.reload();
    const tab = toChatPage(page);
    const before = playground.connect.contacts().length;
    await tab.open();
    expect(playground.connect.contacts()).toHaveLength(before + 1);
  });

  it("is dropped by the next page when the one before was too short", async () => {
    await startChat("unreachable too");
    await reopenBrowser();
    await context.route("**/resume", (route) => route.abort());
    const page = await context.newPage();
    await page.clock.install();
    await page.goto(playground.worker.origin);
    await page.locator("#amazon-connect-chat-widget-iframe").waitFor();
    await page.clock.runFor(10_000);
    await page.reload();
    await page.locator("#amazon-connect-chat-widget-iframe").waitFor();
    await page.clock.runFor(22_000);
    expect(await kept(page)).toBeNull();
  });

  it("is not dropped once it has connected", async () => {
    await startChat("reachable");
    await reopenBrowser();
    const page = await context.newPage();
    await page.clock.install();
    await page.goto(playground.worker.origin);
    await shows(toChatPage(page), "reachable");
    await page.clock.runFor(30_000);
    expect(await kept(page)).not.toBeNull();
    expect(await page.evaluate(() => sessionStorage.getItem("persistedChatSession"))).not.toBeNull();
  });
});

describe("with RESUME_MINUTES=0", () => {
  let place: Playground;
  beforeAll(async () => {
    place = await startHere({ RESUME_MINUTES: "0" });
  });
  afterAll(() => place.close());

  it("keeps nothing but the sign that there is a live chat", async () => {
    const { page } = await startChat("not kept", place);
    expect(await kept(page)).toBe("");
    await shows(await visit("/", place), "not kept");
  });

  it("hands nothing over from a page that was put away, and again once it is shown", async () => {
    const { page } = await startChat("to and fro", place);
    await page.evaluate(() => dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true })));
    await showsNoChat(await visit("/", place));
    await page.evaluate(() => dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true })));
    await shows(await visit("/", place), "to and fro");
  });

  it("starts anew after the browser was closed", async () => {
    await startChat("closed", place);
    await reopenBrowser();
    await showsNoChat(await visit("/", place));
  });
});

describe("with WIDGET_SNIPPET=page", () => {
  let place: Playground;
  beforeAll(async () => {
    place = await startHere({ WIDGET_SNIPPET: "page", WIDGET_ID: "7c0f4f6e-1f0b-4d37-9a52-64f1c0a8e3d1" });
    pages.pages["/carries"] = `<body>${place.connect.snippet}</body>`;
  });
  afterAll(() => place.close());

  it("goes on after the browser was closed", async () => {
    const tab = await visit("/carries", place);
    await tab.open();
    await tab.say("the page's own widget");
    await reported();
    await reopenBrowser();
    await shows(await visit("/carries", place), "the page's own widget");
  });
});
