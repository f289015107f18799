import { describe, expect, it } from "vitest";
import {
  AUTHENTICATE,
  chat,
  connect,
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
} from "../testing/shop-page.ts";

describe("switches of the widget", () => {
  it.each([
    ["no", 1],
    ["yes", 2],
  ] as const)("authenticateOnResume: %s", async (position, asked) => {
    connect.switches.authenticateOnResume = position;
    await page.goto(origin);
    await startChat();
    await page.goto(origin);
    await role("input").waitFor();
    expect(site.tokensAsked).toBe(asked);
    expect(connect.contacts()).toHaveLength(1);
  });

  it.each([
    ["no", 1],
    ["yes", 2],
  ] as const)("authenticateTwice: %s", async (position, asked) => {
    connect.switches.authenticateTwice = position;
    await page.goto(origin);
    await startChat();
    expect(site.tokensAsked).toBe(asked);
    expect(connect.contacts()).toHaveLength(1);
  });

  it.each([
    ["no", 0],
    ["yes", 1],
  ] as const)("authenticateWithoutChat: %s", async (position, asked) => {
    connect.switches.authenticateWithoutChat = position;
    await page.goto(origin);
    await page.locator("#amazon-connect-open-widget-button").waitFor();
    await expect.poll(() => site.tokensAsked).toBe(asked);
    expect(connect.contacts()).toEqual([]);
    await startChat();
    expect(site.tokensAsked).toBe(asked + 1);
  });

  it("metadataForVoice: no, without a way to call", async () => {
    await page.goto(origin);
    await page.locator("#amazon-connect-open-widget-button").waitFor();
    expect(await page.locator("[data-role=call]").count()).toBe(0);
  });

  it("metadataForVoice: yes, a call tells of a contact that is no chat", async () => {
    connect.switches.metadataForVoice = "yes";
    await page.goto(origin);
    await page.locator("[data-role=call]").click();
    await expect.poll(() => read("metadata")).toHaveLength(1);
    expect(await read("seen")).toEqual([]);
    expect(site.tokensAsked).toBe(1);
    expect(connect.contacts()).toEqual([]);
  });

  it("nullToken: fails with 401, or starts without", async () => {
    site.scripts = `amazon_connect('authenticate', function (callback) { callback(null); });`;
    await page.goto(origin);
    await openChat();
    await role("error").waitFor();
    expect(await role("error").getAttribute("data-status")).toBe("401");
    connect.switches.nullToken = "starts-without";
    await page.goto(origin);
    await startChat();
    expect(newestContact().attributes).toEqual({});
  });

  it.each([
    ["first", ["a"]],
    ["last", ["b"]],
    ["both", ["a", "b"]],
  ] as const)("repeatedField: %s", async (position, told) => {
    connect.switches.repeatedField = position;
    site.scripts = `${AUTHENTICATE}window.metadata = [];
      amazon_connect('contactMetadataHandler', function () { metadata.push('a'); });
      amazon_connect('contactMetadataHandler', function () { metadata.push('b'); });`;
    await page.goto(origin);
    await startChat();
    expect(await read("metadata")).toEqual(told);
  });

  it.each(["once", "repeats", "never"] as const)("metadataHandler: %s", async (position) => {
    connect.switches.metadataHandler = position;
    await page.goto(origin);
    const { contactId } = await startChat();
    const atStart = await read("metadata");
    const segment = connect.agent.transfer(contactId);
    await chat().locator("[data-message]", { hasText: "transferred" }).waitFor();
    const afterTransfer = (await read("metadata")).slice(atStart.length);
    await page.goto(origin);
    await role("input").waitFor();
    const afterResume = await read("metadata");
    const repeats = { start: Array.from({ length: 4 }, () => contactId), transfer: [segment], resume: [segment] };
    const nothing = { start: [], transfer: [], resume: [] };
    expect({ start: atStart, transfer: afterTransfer, resume: afterResume }).toEqual(
      { once: { ...nothing, start: [contactId] }, repeats, never: nothing }[position],
    );
  });

  it.each(["yes", "no"] as const)("initialContactIdInEvents: %s", async (position) => {
    connect.switches.initialContactIdInEvents = position;
    await page.goto(origin);
    const { contactId } = await startChat();
    await role("end-chat").click();
    await role("ended").waitFor();
    const initial = position === "yes" ? contactId : "data";
    await expect
      .poll(async () => (await read("seen")).map((line) => line.split(" ")[3]))
      .toEqual(["undefined", initial, initial, "null"]);
  });

  it.each(["first", "current"] as const)("resumedContactId: %s", async (position) => {
    connect.switches.resumedContactId = position;
    await page.goto(origin);
    const { contactId } = await startChat();
    const segment = connect.agent.transfer(contactId);
    await page.goto(origin);
    await role("input").waitFor();
    const told = { first: contactId, current: segment }[position];
    expect((await read("seen")).map((line) => line.split(" ")[1])).toEqual([told, told]);
  });

  it.each(["chat-ended", "left-only"] as const)("customerEnd: %s", async (position) => {
    connect.switches.customerEnd = position;
    await page.goto(origin);
    const { contactId } = await startChat();
    await role("end-chat").click();
    await role("ended").waitFor();
    expect(await persisted()).toBeNull();
    await role("close").click();
    expect((await startChat()).contactId).not.toBe(contactId);
    const left = `PARTICIPANT_LEFT ${contactId} ${contactId} ${contactId} true`;
    const ended = `CHAT_ENDED ${contactId} ${contactId} null false`;
    const expected = { "chat-ended": [left, ended], "left-only": [left] }[position];
    const seen = (await read("seen")).filter((line) => line.includes(contactId));
    expect(seen.slice(2)).toEqual(expected);
  });

  it("sessionAfterCustomerEnd: stays-open, and the customer cannot come back", async () => {
    connect.switches.sessionAfterCustomerEnd = "stays-open";
    await page.goto(origin);
    const { contactId } = await startChat();
    const session = (await persisted()) ?? "";
    await role("end-chat").click();
    await role("ended").waitFor();
    await expect.poll(async () => (await read("seen")).at(-1)).toBe(`CHAT_ENDED ${contactId} ${contactId} null false`);
    expect(newestContact().live).toBe(true);
    await page.evaluate((value) => sessionStorage.setItem("persistedChatSession", value), session);
    await page.goto(origin);
    await page.locator("#amazon-connect-open-widget-button").waitFor();
    await expect.poll(persisted).toBeNull();
    expect(await page.locator("#amazon-connect-chat-widget-iframe").count()).toBe(0);
    connect.agent.end(contactId);
    expect(newestContact().live).toBe(false);
  });

  it("sessionAfterCustomerEnd: survey, in the same chat until the customer ends that", async () => {
    connect.switches.sessionAfterCustomerEnd = "survey";
    await page.goto(origin);
    const { contactId } = await startChat();
    connect.agent.say(contactId, "good day");
    await role("end-chat").click();
    await chat().locator("[data-message]", { hasText: "How did we do?" }).waitFor();
    expect(newestContact()).toMatchObject({ kind: "survey", initialContactId: contactId, live: true });
    await say("5");
    await role("end-chat").click();
    await role("ended").waitFor();
    expect(newestContact().live).toBe(false);
    await expect
      .poll(async () => (await read("seen")).map((line) => line.split(" ")[0]))
      .toEqual([
        "CONNECTION_ESTABLISHED",
        "CONNECTION_ESTABLISHED",
        "PARTICIPANT_JOINED",
        "PARTICIPANT_LEFT",
        "PARTICIPANT_LEFT",
        "CHAT_ENDED",
      ]);
  });
});
