import { describe, expect, it } from "vitest";
import {
  AUTHENTICATE,
  chat,
  connect,
  newestContact,
  openChat,
  origin,
  page,
  read,
  role,
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
    const data = (await read("seen")).map((line) => line.split(" ")[3]);
    expect(data).toEqual(["undefined", position === "yes" ? contactId : "data", "null"]);
  });
});
