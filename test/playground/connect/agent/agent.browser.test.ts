import type { Locator } from "playwright-core";
import { describe, expect, it, vi } from "vitest";
import { defaultSwitches } from "../switches.ts";
import { associate } from "../testing/call-service.ts";
import { chat, connect, openPage, origin, page, role, say, site, startChat } from "../testing/shop-page.ts";
import { clock } from "../testing/with-connect.ts";

function desk(name: string): Locator {
  return page.locator(`[data-role=${name}]`);
}

describe("the agent page", () => {
  it("shows a contact, with what the customer wrote as text, and follows it live", async () => {
    const shop = page;
    await shop.goto(origin);
    const { contactId } = await startChat();
    await say("<img src=x onerror=document.title='broken'>");
    await openPage();
    await page.goto(`${connect.origin}/agent/${contactId}`);
    await page.locator("[data-message][data-from=customer]", { hasText: "<img src=x" }).waitFor();
    await desk("say-input").fill("Good morning");
    await desk("say").click();
    await page.locator("[data-message][data-from=agent]", { hasText: "Good morning" }).waitFor();
    expect(await desk("attributes").textContent()).toContain("chatContinue");
    expect(await desk("context").count()).toBe(0);
    await desk("end").click();
    await page.locator("[data-role=say]:disabled").waitFor();
    expect(await page.title()).not.toBe("broken");
    await chat(shop).locator("[data-role=ended]").waitFor();
  });

  it("shows where the visitor is, as text", async () => {
    const told = { chatPage: "/tea/green", chatPageTitle: "<b>Green</b> tea", chatTrail: "/tea/green 0m, /cart 2m" };
    site.attributes = told;
    await page.goto(origin);
    const { contactId } = await startChat();
    await page.goto(`${connect.origin}/agent/${contactId}`);
    await desk("context").waitFor();
    expect(await desk("context").locator("dd").allTextContents()).toEqual(Object.values(told));
  });

  it("sets each past conversation apart, under a heading of its own", async () => {
    await page.goto(origin);
    const { contactId } = await startChat();
    await say("first visit");
    await role("end-chat").click();
    await role("close").click();
    site.attributes = { chatContinue: "now", contactId };
    const second = await startChat();
    await say("second visit");
    await page.goto(`${connect.origin}/agent/${second.contactId}`);
    const past = page.locator(`[data-session="${contactId}"]`);
    await past.locator("h3", { hasText: "Past conversation" }).waitFor();
    expect(await past.locator("[data-rehydrated=true][data-from=customer]").allTextContents()).toHaveLength(1);
    expect(await desk("transcript").locator("[data-from=customer] p").allTextContents()).toEqual([
      "first visit",
      "second visit",
    ]);
    expect(await desk("links").locator("[data-link=linked]").count()).toBe(1);
  });

  it("shows a link that is made by the API while the chat goes on, as the visitor's page does", async () => {
    await page.goto(origin);
    const { contactId } = await startChat();
    await say("first visit");
    await role("end-chat").click();
    await role("close").click();
    const second = await startChat();
    await say("second visit");
    const shop = page;
    await openPage();
    await page.goto(`${connect.origin}/agent/${second.contactId}`);
    await page.locator("[data-message]", { hasText: "second visit" }).waitFor();
    clock.now = Date.now() / 1000;
    expect((await associate(connect, second.contactId, { SourceContactId: contactId })).status).toBe(200);
    for (const messages of [
      desk("transcript").locator("[data-from=customer] p"),
      chat(shop).locator("[data-message][data-from=customer]"),
    ]) {
      await messages.nth(1).waitFor();
      expect((await messages.allTextContents()).map((text) => /first|second/.exec(text)?.[0])).toEqual([
        "first",
        "second",
      ]);
    }
    expect(await desk("links").locator("[data-link=linked]").count()).toBe(1);
  });

  it("flips switches", async () => {
    await page.goto(`${connect.origin}/agent/switches`);
    await page.locator("[data-switch=liveSource] label", { hasText: "success" }).click();
    await vi.waitFor(() => expect(connect.switches.liveSource).toBe("success"));
    expect({ ...connect.switches, liveSource: "error" }).toEqual(defaultSwitches);
  });
});
