import { describe, it } from "vitest";
import { createSteps } from "../chat/steps.ts";
import { useChatPages } from "../use-chat-pages.ts";
import { accessSettings } from "../../playground/playground.ts";
import { control } from "../../worker/instrumented.ts";
import { toChatPage } from "../chat-page.ts";
import { expectTold, leave } from "./told.ts";

const STEPS = ["connected", "opened", "started"];

describe("with LINK_BY=flow", () => {
  const here = useChatPages();
  const { haveChat } = createSteps(here);
  const { playground } = here;

  it("tells that the widget showed the messages of the chat before", async () => {
    const tab = await haveChat("are you open today?");
    await leave(tab.page);
    await expectTold(playground.worker, ...STEPS);
    await tab.page.waitForTimeout(1500);
    await control(playground.worker, {});
    await tab.page.goto(playground.worker.origin);
    await tab.open();
    await tab.shows("are you open today?");
    await tab.page.waitForTimeout(1500);
    await leave(tab.page);
    await expectTold(playground.worker, ...STEPS, "history-seen");
  });

  /** A chat whose token names a past one, as the Worker says, and that Connect does not link. */
  async function openUnlinked(offer = true) {
    await here.context.route("**/_chat/token", async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, json: { ...(await response.json()), ...(offer && { history: true }) } });
    });
    const page = await here.context.newPage();
    await page.clock.install();
    await page.goto(playground.worker.origin);
    const tab = toChatPage(page);
    await tab.open();
    return tab;
  }

  it("tells that no old messages had come 4 minutes after the chat connected", async () => {
    const { page, say } = await openUnlinked();
    await say("hello");
    await page.clock.runFor(243_000);
    await say("is anybody there?");
    await leave(page);
    await expectTold(playground.worker, ...STEPS, "history-missing");
  });

  it.each([
    ["earlier", true, "hello", 200_000],
    ["where no message can be read", true, "", 243_000],
    ["where the token names no past chat", false, "hello", 243_000],
  ])("does not tell so %s", async (_when, offer, text, milliseconds) => {
    const { page, say } = await openUnlinked(offer);
    if (text !== "") await say(text);
    await page.clock.runFor(milliseconds);
    await leave(page);
    await expectTold(playground.worker, ...STEPS);
  });

  it("does not tell so of a chat that ended before", async () => {
    const { page, say, chat } = await openUnlinked();
    await say("hello");
    await chat.locator("[data-role=end-chat]").click();
    await chat.locator("[data-role=ended]").waitFor();
    await page.clock.runFor(243_000);
    await leave(page);
    await expectTold(playground.worker, ...STEPS);
  });

  it("counts the 4 minutes of each chat of a page by themselves", async () => {
    const { page, say, chat, open } = await openUnlinked();
    await say("hello");
    await page.clock.runFor(200_000);
    await chat.locator("[data-role=end-chat]").click();
    await chat.locator("[data-role=close]").click();
    await open();
    await say("hello again");
    await page.clock.runFor(60_000);
    await leave(page);
    await expectTold(playground.worker, ...STEPS);
  });

  it("does not take the visitor's own messages for old ones", async () => {
    const { page, chat } = await openUnlinked();
    for (const [count, text] of ["hello", "one more thing", "hello", "as I said"].entries()) {
      await chat.locator("[data-role=input]").fill(text);
      await chat.locator("[data-role=send]").click();
      await chat.locator("[data-testid=main-message]").nth(count).waitFor();
      await page.clock.runFor(1000);
    }
    await leave(page);
    await expectTold(playground.worker, ...STEPS);
  });

  it("does not take a message whose text changes for an old one", async () => {
    const { page, say, chat } = await openUnlinked();
    await say("hello");
    await page.clock.runFor(2000);
    await chat.locator("[data-testid=main-message]").evaluate((message) => message.append(" (read)"));
    await page.clock.runFor(2000);
    await leave(page);
    await expectTold(playground.worker, ...STEPS);
  });
});

describe("with LINK_BY=worker", { timeout: 60_000 }, () => {
  const here = useChatPages({ ...accessSettings, LINK_BY: "worker", READY_AFTER_SECONDS: "2", RESUME_MINUTES: "0" });
  const { haveChat } = createSteps(here);

  it("tells that old messages came later, above those of the new chat", async () => {
    const tab = await haveChat("one more thing");
    await tab.open();
    await tab.say("it is me again");
    await tab.page.waitForTimeout(1200);
    await tab.shows("one more thing");
    await tab.page.waitForTimeout(1500);
    await leave(tab.page);
    await expectTold(here.playground.worker, ...STEPS, "history-seen");
  });
});
