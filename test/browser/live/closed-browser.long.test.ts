import { type Page } from "playwright-core";
import { beforeAll, describe, expect, it } from "vitest";
import { widgetId } from "../../playground/playground.ts";
import { toChatPage } from "../chat-page.ts";
import { useChatPages } from "../use-chat-pages.ts";
import { createSteps, keptLiveChat } from "../chat/steps.ts";

const here = useChatPages();
const { reported, startChat } = createSteps(here);

/** The browser again, with a page that shows the chat and cannot connect it, and with a clock that tests move. */
async function reopenUnreachable(): Promise<Page> {
  await here.reopen();
  await here.context.route("**/resume", (route) => route.abort());
  const page = await here.context.newPage();
  await page.clock.install();
  await page.goto(here.playground.worker.origin);
  await page.locator("#amazon-connect-chat-widget-iframe").waitFor();
  return page;
}

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

  it("is not resumed when RESUME_MINUTES are over", async () => {
    await startChat("too long ago");
    await here.reopen(
      withUntil((chat) => {
        expect(Math.abs(chat.until - Date.now() - 30 * 60_000)).toBeLessThan(10_000);
        chat.until = Date.now() - 1;
      }),
    );
    const tab = await here.visit();
    expect(await tab.showsNoChat()).toBe(true);
    expect(await keptLiveChat(tab.page)).toBeNull();
  });

  it("is kept no longer than a chat can live", async () => {
    const { page } = await startChat("since yesterday");
    await page.evaluate(() => {
      const state = JSON.parse(sessionStorage.getItem("persistent-chat:session") ?? "");
      state.session.since -= 1490 * 60_000;
      sessionStorage.setItem("persistent-chat:session", JSON.stringify(state));
      document.dispatchEvent(new Event("visibilitychange"));
    });
    const { until } = JSON.parse((await keptLiveChat(page)) ?? "");
    expect(Math.abs(until - Date.now() - 10 * 60_000)).toBeLessThan(10_000);
  });

  it("is dropped when it does not connect within 20 seconds of trying, and the next chat is a new one", async () => {
    await startChat("unreachable");
    const page = await reopenUnreachable();
    await page.clock.runFor(18_000);
    expect(await keptLiveChat(page)).not.toBeNull();
    await page.clock.runFor(4000);
    expect(await keptLiveChat(page)).toBeNull();
    expect(await page.evaluate(() => sessionStorage.getItem("persistedChatSession"))).toBeNull();
    await here.context.unroute("**/resume");
    await page.reload();
    const tab = toChatPage(page);
    const before = here.playground.connect.contacts().length;
    await tab.open();
    expect(here.playground.connect.contacts()).toHaveLength(before + 1);
  });

  it("is dropped by the next page when the page before was closed too early", async () => {
    await startChat("unreachable too");
    const page = await reopenUnreachable();
    await page.clock.runFor(10_000);
    await page.reload();
    await page.locator("#amazon-connect-chat-widget-iframe").waitFor();
    await page.clock.runFor(22_000);
    expect(await keptLiveChat(page)).toBeNull();
  });

  it("is not dropped after it has connected", async () => {
    await startChat("reachable");
    await here.reopen();
    const page = await here.context.newPage();
    await page.clock.install();
    await page.goto(here.playground.worker.origin);
    await toChatPage(page).shows("reachable");
    await page.clock.runFor(30_000);
    expect(await keptLiveChat(page)).not.toBeNull();
    expect(await page.evaluate(() => sessionStorage.getItem("persistedChatSession"))).not.toBeNull();
  });
});

describe("with RESUME_MINUTES=0", () => {
  const worker = here.useWorker({ RESUME_MINUTES: "0" });

  it("keeps only the sign that there is a live chat", async () => {
    const { page } = await startChat("not kept", worker);
    expect(await keptLiveChat(page)).toBe("");
    await (await here.visit("/", worker)).shows("not kept");
  });

  it("hands over no chat from a hidden page of the history, and hands it over again when the page is shown", async () => {
    const { page } = await startChat("to and fro", worker);
    await page.evaluate(() => dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true })));
    expect(await (await here.visit("/", worker)).showsNoChat()).toBe(true);
    await page.evaluate(() => dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true })));
    await (await here.visit("/", worker)).shows("to and fro");
  });

  it("starts a new chat after the browser was closed", async () => {
    await startChat("closed", worker);
    await here.reopen();
    expect(await (await here.visit("/", worker)).showsNoChat()).toBe(true);
  });
});

describe("with WIDGET_SNIPPET=page", () => {
  const worker = here.useWorker({ WIDGET_SNIPPET: "page", WIDGET_ID: widgetId });
  beforeAll(() => {
    here.pages["/carries"] = `<body>${here.playground.connect.snippet}</body>`;
  });

  it("goes on after the browser was closed", async () => {
    const tab = await here.visit("/carries", worker);
    await tab.open();
    await tab.say("the page's own widget");
    await reported(1);
    await here.reopen();
    await (await here.visit("/carries", worker)).shows("the page's own widget");
  });
});
