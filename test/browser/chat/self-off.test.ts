import { describe, expect, it } from "vitest";
import { control } from "../../worker/instrumented.ts";
import { useChatPages } from "../use-chat-pages.ts";

const chat = useChatPages({ SELF_OFF: "1" }, { "/second": "<p>Another page</p>" });

/** The scheduled handler has written a flag. */
async function switchOff(seconds = 600): Promise<void> {
  const offUntil = Math.floor(Date.now() / 1000) + seconds;
  const flag = { v: 1, offUntil, trialUntil: offUntil, told: "off" };
  await control(chat.playground.worker, { store: { "self-off": JSON.stringify(flag) } });
}

describe("a chat that has switched itself off", () => {
  it("is on no page of a visitor without a chat, and breaks none", async () => {
    await switchOff();
    const { button, page } = await chat.visit();
    const errors: Error[] = [];
    page.on("pageerror", (error) => errors.push(error));
    await page.reload({ waitUntil: "networkidle" });
    expect([await button.count(), await page.getByText("Nothing but a page").count(), errors]).toEqual([0, 1, []]);
    expect(await page.evaluate(() => "amazon_connect" in globalThis)).toBe(false);
  });

  it("stays where a chat is live, on the visitor's next pages", async () => {
    await control(chat.playground.worker, { store: { "self-off": "" } });
    const { open, say, shows, page } = await chat.visit();
    await open();
    await say("Is my order on its way?");
    await switchOff();
    await page.goto(`${chat.playground.worker.origin}/second`);
    await shows("Is my order on its way?");
    await say("I am still here");
  });

  it("is on the visitor's pages again once it is over, although the browser has kept the empty script", async () => {
    await switchOff(3);
    const first = await chat.visit();
    await first.page.waitForLoadState("networkidle");
    expect(await first.button.count()).toBe(0);
    await expect
      .poll(async () => {
        await first.page.goto(`${chat.playground.worker.origin}/second`, { waitUntil: "networkidle" });
        return first.button.count();
      })
      .toBe(1);
  });
});
