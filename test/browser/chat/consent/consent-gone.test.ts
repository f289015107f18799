import { describe, expect, it } from "vitest";
import { switchPositions } from "../../../playground/connect/switches.ts";
import { type ChatPage } from "../../chat-page.ts";
import { useChatPages } from "../../use-chat-pages.ts";
import { createConsentSteps, say } from "./consent-steps.ts";
import { createSteps, keptLiveChat } from "../steps.ts";

const here = useChatPages({ CONSENT_COOKIE: "page", RESUME_MINUTES: "30" });
const byCookie = here.useWorker({ CONSENT_COOKIE: "agreed=yes" });
const { reported } = createSteps(here);
const { becomes } = createConsentSteps(here);

const countReports = () => here.calls.filter((call) => call.startsWith("POST contacts")).length;

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
  const agreeAgain = async () => {
    const tab = await here.visit();
    await tab.shows("of the first person");
    await say(tab.page, false);
    await say(tab.page, true);
    await becomes(/^1\.\d{13}$/);
    return tab;
  };

  it("is not kept for later", async () => {
    const first = await agree();
    const second = await agreeAgain();
    await first.page.close({ runBeforeUnload: true });
    await second.page.close({ runBeforeUnload: true });
    const third = await here.visit();
    expect(await third.showsNoChat()).toBe(true);
    expect(await keptLiveChat(third.page)).toBeNull();
  });

  it("is not handed to a new tab while its own is open", async () => {
    await agree();
    const second = await agreeAgain();
    // A tab that is about to begin a chat.
    await second.page.evaluate("localStorage.setItem('persistent-chat:live', '')");
    const third = await here.visit();
    expect(await third.showsNoChat()).toBe(true);
  });

  it("goes on in its own tab, and its end is not reported", async () => {
    const first = await agree();
    await agreeAgain();
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
      const second = await agreeAgain();
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
    const { page, button, chat } = await here.visit();
    await say(page, true);
    const start = Promise.withResolvers<void>();
    await here.context.route("**/start", async (route) => {
      await start.promise;
      await route.continue();
    });
    const isStarting = page.waitForRequest("**/start");
    await button.click();
    await isStarting;
    await page.evaluate("persistentChat.consent(false); persistentChat.consent(true)");
    await page.waitForTimeout(300);
    start.resolve();
    await chat.locator("[data-role=input]").waitFor();
    await page.waitForTimeout(300);
    expect(countReports()).toBe(0);
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
