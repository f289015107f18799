import { beforeAll, describe, expect, it } from "vitest";
import { type Playground } from "../../playground/playground.ts";
import { toChatPage } from "../chat-page.ts";
import { useChatPages } from "../use-chat-pages.ts";
import { kept, reopenBrowser, shows, showsNoChat } from "./live-steps.ts";
import { createSteps } from "./steps.ts";

const here = useChatPages();
const { reported, startChat } = createSteps(here);

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
      here,
      withUntil((chat) => {
        expect(Math.abs(chat.until - Date.now() - 30 * 60_000)).toBeLessThan(10_000);
        chat.until = Date.now() - 1;
      }),
    );
    const tab = await here.visit();
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
    await reopenBrowser(here);
    await here.context.route("**/resume", (route) => route.abort());
    const page = await here.context.newPage();
    await page.clock.install();
    await page.goto(here.playground.worker.origin);
    await page.locator("#amazon-connect-chat-widget-iframe").waitFor();
    await page.clock.runFor(18_000);
    expect(await kept(page)).not.toBeNull();
    await page.clock.runFor(4000);
    expect(await kept(page)).toBeNull();
    expect(await page.evaluate(() => sessionStorage.getItem("persistedChatSession"))).toBeNull();
    await here.context.unroute("**/resume");
    await page.reload();
    const tab = toChatPage(page);
    const before = here.playground.connect.contacts().length;
    await tab.open();
    expect(here.playground.connect.contacts()).toHaveLength(before + 1);
  });

  it("is dropped by the next page when the one before was too short", async () => {
    await startChat("unreachable too");
    await reopenBrowser(here);
    await here.context.route("**/resume", (route) => route.abort());
    const page = await here.context.newPage();
    await page.clock.install();
    await page.goto(here.playground.worker.origin);
    await page.locator("#amazon-connect-chat-widget-iframe").waitFor();
    await page.clock.runFor(10_000);
    await page.reload();
    await page.locator("#amazon-connect-chat-widget-iframe").waitFor();
    await page.clock.runFor(22_000);
    expect(await kept(page)).toBeNull();
  });

  it("is not dropped once it has connected", async () => {
    await startChat("reachable");
    await reopenBrowser(here);
    const page = await here.context.newPage();
    await page.clock.install();
    await page.goto(here.playground.worker.origin);
    await shows(toChatPage(page), "reachable");
    await page.clock.runFor(30_000);
    expect(await kept(page)).not.toBeNull();
    expect(await page.evaluate(() => sessionStorage.getItem("persistedChatSession"))).not.toBeNull();
  });
});

describe("with RESUME_MINUTES=0", () => {
  let place: Playground;
  beforeAll(async () => {
    place = await here.startPlayground({ RESUME_MINUTES: "0" });
  });

  it("keeps nothing but the sign that there is a live chat", async () => {
    const { page } = await startChat("not kept", place);
    expect(await kept(page)).toBe("");
    await shows(await here.visit("/", place), "not kept");
  });

  it("hands nothing over from a page that was put away, and again once it is shown", async () => {
    const { page } = await startChat("to and fro", place);
    await page.evaluate(() => dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true })));
    await showsNoChat(await here.visit("/", place));
    await page.evaluate(() => dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true })));
    await shows(await here.visit("/", place), "to and fro");
  });

  it("starts anew after the browser was closed", async () => {
    await startChat("closed", place);
    await reopenBrowser(here);
    await showsNoChat(await here.visit("/", place));
  });
});

describe("with WIDGET_SNIPPET=page", () => {
  let place: Playground;
  beforeAll(async () => {
    place = await here.startPlayground({ WIDGET_SNIPPET: "page", WIDGET_ID: "7c0f4f6e-1f0b-4d37-9a52-64f1c0a8e3d1" });
    here.pages["/carries"] = `<body>${place.connect.snippet}</body>`;
  });

  it("goes on after the browser was closed", async () => {
    const tab = await here.visit("/carries", place);
    await tab.open();
    await tab.say("the page's own widget");
    await reported();
    await reopenBrowser(here);
    await shows(await here.visit("/carries", place), "the page's own widget");
  });
});
