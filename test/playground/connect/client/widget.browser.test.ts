import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import {
  chat,
  connect,
  context,
  newestContact,
  openChat,
  origin,
  page,
  persisted,
  read,
  role,
  say,
  site,
  startChat,
  restartConnect,
} from "../testing/shop-page.ts";
import { widgetId } from "../testing/with-connect.ts";

/** The two events of one connection: in one of them there is no data. */
const connected = (contactId: string) =>
  ["undefined", contactId].map((data) => `CONNECTION_ESTABLISHED ${contactId} ${contactId} ${data} true`);

describe("the widget", () => {
  it("asks for a token when a chat is started, not at page load", async () => {
    await page.goto(origin);
    await page.locator("#amazon-connect-open-widget-button").waitFor();
    expect(site.tokensAsked).toBe(0);
    await startChat();
    expect(site.tokensAsked).toBe(1);
    expect(await page.locator("#amazon-connect-widget-frame").isVisible()).toBe(true);
  });

  it("carries words both ways", async () => {
    await page.goto(origin);
    const { contactId } = await startChat();
    await say("Is <b>this</b> in stock?");
    connect.agent.say(contactId, "It is & it ships today");
    await chat().locator("[data-message][data-from=agent]", { hasText: "It is & it ships today" }).waitFor();
    expect(newestContact().transcript.map(({ from, text }) => [from, text])).toEqual([
      ["customer", "Is <b>this</b> in stock?"],
      ["system", "The agent has joined the chat."],
      ["agent", "It is & it ships today"],
    ]);
  });

  it("resumes a live chat after reload and navigation, without a token, and tells so", async () => {
    await page.goto(origin);
    const { contactId } = await startChat();
    await say("hello");
    const value = await persisted();
    expect(value).not.toBeNull();
    await page.goto(`${origin}/another-page`);
    await chat().locator("[data-message]", { hasText: "hello" }).waitFor();
    await say("still here");
    expect(await persisted()).toBe(value);
    expect(site.tokensAsked).toBe(1);
    expect(await read("metadata")).toEqual([]);
    expect(await read("seen")).toEqual(connected(contactId));
    expect(connect.contacts()).toHaveLength(1);
  });

  it("opens the same chat in another tab that was given the persisted session", async () => {
    await page.goto(origin);
    await startChat();
    await say("hello");
    const other = await context.newPage();
    await other.addInitScript(
      (value) => sessionStorage.setItem("persistedChatSession", value),
      (await persisted()) ?? "",
    );
    await other.goto(origin);
    await chat(other).locator("[data-message]", { hasText: "hello" }).waitFor();
    await role("end-chat").click();
    await chat(other).locator("[data-role=ended]").waitFor();
    expect(await other.evaluate(() => sessionStorage.getItem("persistedChatSession"))).toBeNull();
  });

  it("ends, forgets the session, and starts anew when closed and opened again", async () => {
    await page.goto(origin);
    const { contactId } = await startChat();
    await role("end-chat").click();
    await role("ended").waitFor();
    expect(await persisted()).toBeNull();
    expect(newestContact().endedAt).not.toBeNull();
    await expect.poll(async () => (await read("seen")).at(-1)).toBe(`CHAT_ENDED ${contactId} ${contactId} null false`);
    await page.locator("#amazon-connect-close-widget-button").click();
    expect((await read("seen")).at(-1)).toBe("WIDGET_FRAME_CLOSED close_chat");
    expect((await startChat()).contactId).not.toBe(contactId);
  });

  it("only goes out of sight when closed during a chat", async () => {
    await page.goto(origin);
    await startChat();
    const seen = await read("seen");
    await page.locator("#amazon-connect-close-widget-button").click();
    expect(await page.locator("#amazon-connect-widget-frame").isVisible()).toBe(false);
    expect(await read("seen")).toEqual(seen);
    await openChat();
    await say("still the same");
    expect(connect.contacts()).toHaveLength(1);
  });

  it.each(["made up", "ended"])("returns to its start when the persisted session is %s", async (kind) => {
    await page.goto(origin);
    const { contactId } = await startChat();
    const value = kind === "ended" ? ((await persisted()) ?? "") : kind;
    connect.agent.end(contactId);
    await role("ended").waitFor();
    await page.evaluate((given) => sessionStorage.setItem("persistedChatSession", given), value);
    await page.goto(origin);
    await page.locator("#amazon-connect-open-widget-button").waitFor();
    await expect.poll(persisted).toBeNull();
    expect(await page.locator("#amazon-connect-chat-widget-iframe").count()).toBe(0);
    await startChat();
    expect(connect.contacts()).toHaveLength(2);
  });

  it("goes on in a later segment: the details of the chat stay those of the first contact", async () => {
    await page.goto(origin);
    const { contactId } = await startChat();
    connect.agent.say(contactId, "one moment");
    const segment = connect.agent.transfer(contactId);
    connect.agent.say(segment, "here I am");
    connect.agent.end(segment);
    await role("ended").waitFor();
    expect(await read("seen")).toEqual([
      ...connected(contactId),
      `PARTICIPANT_JOINED ${contactId} ${contactId} ${contactId} true`,
      `PARTICIPANT_LEFT ${contactId} ${contactId} ${contactId} true`,
      `PARTICIPANT_JOINED ${contactId} ${contactId} ${contactId} true`,
      `PARTICIPANT_LEFT ${contactId} ${contactId} ${contactId} true`,
      `CHAT_ENDED ${contactId} ${contactId} null false`,
    ]);
    await page.goto(origin);
    await startChat();
    const last = newestContact().contactId;
    connect.agent.transfer(last);
    await page.goto(origin);
    await role("input").waitFor();
    expect(await read("seen")).toEqual(connected(last));
  });

  it("shows the past conversation to the customer too, once it is rehydrated", async () => {
    await page.goto(origin);
    const { contactId } = await startChat();
    await say("first visit");
    await role("end-chat").click();
    await role("close").click();
    site.attributes = { chatContinue: "now", contactId };
    await startChat();
    await chat().locator("[data-message][data-rehydrated=true]", { hasText: "first visit" }).waitFor();
    await say("second visit");
    expect(await chat().locator("[data-message][data-from=customer]").allTextContents()).toEqual([
      "first visit",
      "second visit",
    ]);
  });

  it("tells CONNECTION_LOST and connects again when Connect was away", async () => {
    await page.goto(origin);
    await startChat();
    await context.setOffline(true);
    await page.waitForTimeout(200);
    await restartConnect();
    await context.setOffline(false);
    await role("ended").waitFor();
    expect((await read("seen")).map((line) => line.split(" ")[0])).toEqual([
      "CONNECTION_ESTABLISHED",
      "CONNECTION_ESTABLISHED",
      "CONNECTION_LOST",
      "CHAT_ENDED",
    ]);
  });

  it.each([
    ["400", "allow-list", () => void (connect.allowedOrigins.length = 0)],
    ["401", "JWT", () => void (site.securityKey = "wrong")],
    ["404", "not found", () => void (site.edit = (snippet) => snippet.replaceAll(widgetId, randomUUID()))],
  ])("shows the error %s", async (status, words, arrange) => {
    arrange();
    await page.goto(origin);
    await openChat();
    await role("error").waitFor();
    expect(await role("error").getAttribute("data-status")).toBe(status);
    expect(await role("error").textContent()).toContain(words);
    expect(await persisted()).toBeNull();
    expect(connect.contacts()).toEqual([]);
    await page.locator("#amazon-connect-close-widget-button").click();
    expect(await read("seen")).toEqual(["WIDGET_FRAME_CLOSED error_chat"]);
  });
});
