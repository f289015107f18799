import { beforeEach, describe, expect, it } from "vitest";
import { type Switches } from "../../playground/connect/switches.ts";
import { useChatPages } from "../use-chat-pages.ts";
import { createSteps, keptLiveChat } from "../chat/steps.ts";

const here = useChatPages();
const { newest, reported, startChat } = createSteps(here);
const transcriptReady = () => new Promise((resolve) => setTimeout(resolve, 2200));

/** How Connect may differ when a chat begins or resumes. */
const positions: Partial<Switches>[] = [
  {},
  { authenticateOnResume: "yes" },
  { authenticateTwice: "yes" },
  { metadataHandler: "repeats" },
  { metadataHandler: "never" },
  { initialContactIdInEvents: "no" },
  { customerEnd: "left-only" },
  { authenticateWithoutChat: "yes" },
  { authenticateOnResume: "yes", resumedContactId: "current", initialContactIdInEvents: "no" },
  { authenticateOnResume: "yes", metadataHandler: "repeats", initialContactIdInEvents: "no" },
  { authenticateOnResume: "yes", metadataHandler: "never", initialContactIdInEvents: "no" },
];

describe.each(positions)("a live chat, Connect with %j", (position) => {
  beforeEach(() => Object.assign(here.playground.connect.switches, position));

  it("goes on in a new tab, and ends in both", async () => {
    const before = here.playground.connect.contacts().length;
    const first = await startChat("in the first tab");
    const second = await here.visit();
    await second.shows("in the first tab");
    await second.say("in the second tab");
    await first.shows("in the second tab");
    await second.end();
    await reported(2);
    await first.chat.locator("[data-role=ended]").waitFor();
    expect(await (await here.visit()).showsNoChat()).toBe(true);
    expect(here.playground.connect.contacts()).toHaveLength(before + 1);
    expect(here.calls.filter((call) => !/ 20[01]$/.test(call))).toEqual([]);
  });

  it("goes on after the browser was closed, and its end is reported", async () => {
    const before = here.playground.connect.contacts().length;
    await startChat("before closing");
    await here.reopen();
    const tab = await here.visit();
    await tab.shows("before closing");
    await tab.say("after closing");
    await tab.end();
    await reported(1);
    expect(here.playground.connect.contacts()).toHaveLength(before + 1);
    expect(await keptLiveChat(tab.page)).toBeNull();
  });

  it("is continued when the agent ended it after the tab was closed", async () => {
    const { page } = await startChat("left alone");
    await page.close();
    const contactId = newest()?.contactId ?? "";
    here.playground.connect.agent.end(contactId);
    await transcriptReady();
    const tab = await here.visit();
    await tab.open();
    await tab.shows("left alone");
    expect(newest()).toMatchObject({ relatedContactId: contactId, attributes: { chatContinue: "now" } });
    await tab.say("back again");
    // Also the end of the first chat, if the new tab has seen it.
    await expect.poll(() => here.calls.filter((call) => call === "POST contacts 201").length).toBeGreaterThanOrEqual(2);
    await (await here.visit()).shows("back again");
  });
});

describe("a live chat in another tab", () => {
  it("is asked for only where there may be one, and the page does not wait long for an answer", async () => {
    await here.context.addInitScript(`
      const { postMessage } = BroadcastChannel.prototype;
      BroadcastChannel.prototype.postMessage = function (message) { (window.asked ??= []).push(message); return postMessage.call(this, message); };
    `);
    const { button, page } = await here.visit();
    await button.waitFor();
    expect(await page.evaluate("window.asked")).toBeUndefined();
    await page.evaluate(() => localStorage.setItem("persistent-chat:live", ""));
    await page.reload();
    await button.waitFor();
    expect(await page.evaluate("window.asked.length")).toBe(1);
    expect(await keptLiveChat(page)).toBeNull();
  });

  it("is found again after going back to a page", async () => {
    const first = await startChat("to and fro");
    await first.page.goto(`${here.playground.worker.origin}/bye-not`);
    await first.page.goBack();
    await first.shows("to and fro");
    await (await here.visit()).shows("to and fro");
  });

  it("is never sent to the Worker", async () => {
    const sent: string[] = [];
    here.context.on("request", async (request) => {
      if (!request.url().startsWith(here.playground.worker.origin)) return;
      sent.push(request.url(), request.postData() ?? "", JSON.stringify(await request.allHeaders()));
    });
    const first = await startChat("secret");
    const second = await here.visit();
    await second.shows("secret");
    const value = await first.page.evaluate(() => sessionStorage.getItem("persistedChatSession"));
    expect(value).toBe(await second.page.evaluate(() => sessionStorage.getItem("persistedChatSession")));
    await second.end();
    await reported(2);
    expect(sent.join()).not.toContain(value);
  });

  it("is not taken for a new one by a tab that chats itself", async () => {
    const [first, second] = [await here.visit(), await here.visit()];
    await first.open();
    await first.say("one");
    await second.open();
    await second.say("two");
    await reported(2);
    await first.page.reload();
    await second.page.reload();
    await first.shows("one");
    await second.shows("two");
  });

  it("keeps the chat when ROLLOUT_PERCENT becomes 0", async () => {
    await startChat("chosen");
    // The page gets the setting of the owner's next deployment.
    await here.context.route("**/_chat/widget.js", async (route) => {
      const response = await route.fetch();
      await route.fulfill({
        response,
        body: (await response.text()).replace('"rolloutPercent":100', '"rolloutPercent":0'),
      });
    });
    await (await here.visit()).shows("chosen");
  });
});
