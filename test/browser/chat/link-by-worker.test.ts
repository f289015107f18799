import { describe, expect, it } from "vitest";
import { accessSettings } from "../../playground/playground.ts";
import { useChatPages } from "../use-chat-pages.ts";
import { createSteps, WAITING_REPORTS } from "./steps.ts";

const here = useChatPages({ ...accessSettings, LINK_BY: "worker", READY_AFTER_SECONDS: "2", RESUME_MINUTES: "0" });
const { haveChat, newest } = createSteps(here);

const linkOf = (contactId: string | undefined) =>
  here.playground.connect.contacts().find((contact) => contact.contactId === contactId)?.links;

// Where a busy machine makes Amazon answer too late, the browser asks again 10 seconds later.
describe("with LINK_BY=worker", { timeout: 90_000 }, () => {
  it("shows the chat of before in the new one, without a block in the flow", async () => {
    const tab = await haveChat("are you open today?");
    await tab.page.waitForTimeout(2500);
    await tab.open();
    await tab.shows("are you open today?");
    expect(newest()?.attributes).toMatchObject({ chatContinue: "none" });
    expect(linkOf(newest()?.contactId)).toMatchObject([{ outcome: "linked" }]);
  });

  it("links the chat a moment later for a visitor who is back at once, while the chat goes on", async () => {
    const tab = await haveChat("one more thing");
    await tab.open();
    await tab.say("it is me again");
    await tab.shows("one more thing");
    await tab.say("as I said");
    expect(await tab.messages()).toEqual(["one more thing", "it is me again", "as I said"]);
    await expect.poll(() => tab.page.evaluate(WAITING_REPORTS)).toBe(0);
    expect(linkOf(newest()?.contactId)).toHaveLength(1);
  });

  it("goes on asking from the next page, and once for all tabs", async () => {
    const tab = await haveChat("from the first page");
    await tab.open();
    await expect.poll(() => tab.page.evaluate(WAITING_REPORTS)).toBe(1);
    await here.visit();
    await tab.page.reload();
    await tab.shows("from the first page");
    await expect.poll(() => tab.page.evaluate(WAITING_REPORTS)).toBe(0);
    expect(linkOf(newest()?.contactId)).toHaveLength(1);
  });

  it("asks no more once the visitor was forgotten", async () => {
    const tab = await haveChat("to be forgotten");
    await tab.open();
    await expect.poll(() => tab.page.evaluate(WAITING_REPORTS)).toBe(1);
    expect(await tab.page.evaluate("window.persistentChat.forget()")).toBe(true);
    expect(await tab.page.evaluate(WAITING_REPORTS)).toBe(0);
    here.calls.length = 0;
    await tab.page.waitForTimeout(3000);
    expect(here.calls).toEqual([]);
    expect(linkOf(newest()?.contactId)).toEqual([]);
  });

  it("asks again when the clock of the browser was set back meanwhile", async () => {
    const tab = await haveChat("before the clock");
    await tab.open();
    await expect.poll(() => tab.page.evaluate(WAITING_REPORTS)).toBe(1);
    await tab.page.evaluate(`for (const [key, text] of Object.entries(localStorage)) {
      if (key.startsWith("persistent-chat:report:")) {
        localStorage.setItem(key, JSON.stringify({ ...JSON.parse(text), due: Date.now() + 86400000 }));
      }
    }`);
    await tab.page.waitForTimeout(2000);
    await tab.page.reload();
    await tab.shows("before the clock");
  });
});
