import { describe, expect, it } from "vitest";
import { accessSettings } from "../../playground/playground.ts";
import { control, observe } from "../../worker/instrumented.ts";
import { useChatPages } from "../use-chat-pages.ts";
import { createSteps } from "./steps.ts";

const settings = { ...accessSettings, LINK_BY: "worker", END_ABANDONED: "1" };
const here = useChatPages({ ...settings, READY_AFTER_SECONDS: "2", RESUME_MINUTES: "0" });
const { newest, startChat } = createSteps(here);

const linkOf = (contactId: string | undefined) =>
  here.playground.connect.contacts().find((contact) => contact.contactId === contactId)?.links;

// The browser looks for other tabs twice, 10 seconds apart.
describe("with END_ABANDONED=1", { timeout: 90_000 }, () => {
  it("ends the chat of a tab that was closed, and continues it in the new one", async () => {
    const left = await startChat("left in the middle");
    const abandoned = newest()?.contactId;
    // Of two open chats that began in the same second, nothing tells which was first.
    await left.page.waitForTimeout(1000);
    await left.page.close();
    const tab = await here.visit();
    await tab.open();
    await tab.shows("left in the middle");
    expect(newest()?.contactId).not.toBe(abandoned);
    expect(linkOf(newest()?.contactId)).toMatchObject([{ source: abandoned, outcome: "linked" }]);
  });

  it("does not end a chat that another tab is in", async () => {
    await control(here.playground.worker, {});
    // A tab that was loaded before the chat began starts a chat of its own.
    const second = await here.visit();
    await startChat("still here");
    const first = newest()?.contactId;
    await second.open();
    await expect.poll(() => here.calls.filter((call) => call === "POST contacts 201")).toHaveLength(2);
    expect((await observe(here.playground.worker)).calls).not.toContain("stop contact");
    const live = here.playground.connect.contacts().filter(({ endedAt }) => endedAt === null);
    expect(live.map(({ contactId }) => contactId)).toContain(first);
  });
});
