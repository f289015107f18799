import { describe, expect, it } from "vitest";
import { switchPositions } from "../../../playground/connect/switches.ts";
import { type ChatPage } from "../../chat-page.ts";
import { useChatPages } from "../../use-chat-pages.ts";
import { createConsentSteps, say } from "./consent-steps.ts";
import { createSteps, keptLiveChat } from "../steps.ts";

const here = useChatPages({ CONSENT_COOKIE: "page", RESUME_MINUTES: "30" });
const byCookie = here.useWorker({ CONSENT_COOKIE: "agreed=yes" });
const { countReports, hold, reported } = createSteps(here);
const { agreeAgain, becomes } = createConsentSteps(here);

/** A live chat that began with consent. */
async function agree(): Promise<ChatPage> {
  const tab = await here.visit();
  await say(tab.page, true);
  await tab.open();
  await tab.say("of the first person");
  await reported(1);
  return tab;
}

describe("a chat from before a refusal, in a browser where somebody has agreed again", () => {
  const agreeInNewTab = async () => {
    const tab = await here.visit();
    await tab.shows("of the first person");
    await say(tab.page, false);
    await say(tab.page, true);
    await becomes(/^1\.\d{13}$/);
    return tab;
  };
  /** The first person's chat connects only when somebody has agreed again, in a tab. */
  const agreeWhileStarting = async (first: ChatPage, second: ChatPage) => {
    const start = await hold("**/start", "call");
    await first.button.click();
    await start.reached;
    await agreeAgain(second.page);
    start.release();
    await first.say("of the first person");
  };

  it("is not kept for later", async () => {
    const first = await agree();
    const second = await agreeInNewTab();
    await first.page.close({ runBeforeUnload: true });
    await second.page.close({ runBeforeUnload: true });
    const third = await here.visit();
    expect(await third.showsNoChat()).toBe(true);
    expect(await keptLiveChat(third.page)).toBeNull();
  });

  it("is not handed to a new tab while its own is open", async () => {
    await agree();
    const second = await agreeInNewTab();
    // A tab that is about to begin a chat.
    await second.page.evaluate("localStorage.setItem('persistent-chat:live', '')");
    const third = await here.visit();
    expect(await third.showsNoChat()).toBe(true);
  });

  it("goes on in its own tab, and its end is not reported", async () => {
    const first = await agree();
    await agreeInNewTab();
    await first.say("still here");
    await first.page.reload();
    await first.shows("still here");
    here.calls.length = 0;
    await first.end();
    await first.page.waitForTimeout(300);
    expect(here.calls).toEqual([]);
  });

  it.each(switchPositions.authenticateOnResume)(
    "is not recorded for the next visitor when its widget connects once more (authenticateOnResume: %s)",
    async (authenticateOnResume) => {
      here.playground.connect.switches.authenticateOnResume = authenticateOnResume;
      const first = await agree();
      const second = await agreeInNewTab();
      await first.page.close({ runBeforeUnload: true });
      await second.page.reload();
      await second.say("connected");
      await second.page.waitForTimeout(300);
      expect(countReports()).toBe(1);
      await second.page.close({ runBeforeUnload: true });
      const third = await here.visit();
      expect(await third.showsNoChat()).toBe(true);
    },
  );

  it("is not recorded for the next visitor when it was still starting", async () => {
    const first = await here.visit();
    await say(first.page, true);
    await agreeWhileStarting(first, first);
    await first.page.waitForTimeout(300);
    expect(countReports()).toBe(0);
  });

  it("is neither recorded nor handed over when it was still starting in another tab", async () => {
    const first = await here.visit();
    await say(first.page, true);
    await agreeWhileStarting(first, await here.visit());
    const third = await here.visit();
    expect(await third.showsNoChat()).toBe(true);
    expect(await keptLiveChat(third.page)).toBeNull();
    expect(countReports()).toBe(0);
  });

  it("is not handed over when the clock was ahead as it began", async () => {
    const second = await here.visit();
    const first = await here.visit();
    await first.page.evaluate("{ const { now } = Date; Date.now = () => now() + 3600000; }");
    await say(first.page, true);
    await first.open();
    await reported(1);
    await agreeAgain(second.page);
    await first.page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
    const third = await here.visit();
    expect(await third.showsNoChat()).toBe(true);
  });
});

describe("a chat whose visitor is no longer known to agree", () => {
  it("makes no reports, and no page after it", async () => {
    const tab = await here.visit("/", byCookie);
    await tab.page.evaluate("document.cookie = 'agreed=yes'");
    await tab.open();
    await reported(1);
    await tab.page.evaluate("document.cookie = 'agreed=no'");
    here.calls.length = 0;
    await tab.end();
    await tab.page.reload();
    await tab.button.waitFor();
    await tab.page.waitForTimeout(300);
    expect(here.calls).toEqual([]);
  });
});
