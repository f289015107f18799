import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import {
  AUTHENTICATE,
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
import { snippetId, widgetId } from "../testing/with-connect.ts";

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
    expect(await read("seen")).toEqual([`CONNECTION_ESTABLISHED ${contactId} ${contactId} true`]);
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
    expect((await read("seen")).at(-1)).toBe(`CHAT_ENDED ${contactId} ${contactId} false`);
    await page.locator("#amazon-connect-close-widget-button").click();
    expect((await read("seen")).at(-1)).toMatch(/^WIDGET_FRAME_CLOSED/);
    expect((await startChat()).contactId).not.toBe(contactId);
  });

  it("only goes out of sight when closed during a chat", async () => {
    await page.goto(origin);
    await startChat();
    await page.locator("#amazon-connect-close-widget-button").click();
    expect(await page.locator("#amazon-connect-widget-frame").isVisible()).toBe(false);
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

  it("goes on in a later segment: events carry its id, and the first one as InitialContactId", async () => {
    await page.goto(origin);
    const { contactId } = await startChat();
    connect.agent.say(contactId, "one moment");
    const segment = connect.agent.transfer(contactId);
    connect.agent.say(segment, "here I am");
    connect.agent.end(segment);
    await role("ended").waitFor();
    expect(await read("seen")).toEqual([
      `CONNECTION_ESTABLISHED ${contactId} ${contactId} true`,
      `PARTICIPANT_JOINED ${contactId} ${contactId} true`,
      `PARTICIPANT_LEFT ${contactId} ${contactId} true`,
      `PARTICIPANT_JOINED ${segment} ${contactId} true`,
      `PARTICIPANT_LEFT ${segment} ${contactId} true`,
      `CHAT_ENDED ${segment} ${contactId} false`,
    ]);
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
  });

  it("does not start when a mandatory field is missing", async () => {
    const complaints: string[] = [];
    page.on("console", (message) => complaints.push(message.text()));
    site.edit = (snippet) => snippet.replace("amazon_connect('styles'", "void ('styles'");
    await page.goto(origin);
    await expect.poll(() => complaints.join()).toContain("does not start: styles missing");
    expect(await page.locator("#amazon-connect-chat-widget").count()).toBe(0);
  });

  it("sends the page's own attributes with their prefix, and its display name and duration", async () => {
    site.scripts += `amazon_connect('contactAttributes', { plan: 'pro' });
      amazon_connect('customerDisplayName', function (callback) { callback('Ada'); });
      amazon_connect('chatDurationInMinutes', 60);
      amazon_connect('somethingElse', { not: 'known' });`;
    await page.goto(origin);
    await startChat();
    expect(newestContact()).toMatchObject({
      attributes: { chatContinue: "none", "HostedWidget-plan": "pro" },
      displayName: "Ada",
    });
  });

  it("launches by itself, or by the page's own button, as customLaunchBehavior says", async () => {
    site.scripts += `amazon_connect('customLaunchBehavior', { skipIconButtonAndAutoLaunch: true });`;
    await page.goto(origin);
    await role("input").waitFor();
    await role("end-chat").click();
    await role("ended").waitFor();

    site.head = "<button id=own>Talk to us</button>";
    site.scripts = `${AUTHENTICATE}amazon_connect('customLaunchBehavior', { alwaysHideWidgetButton: true,
      programmaticLaunch: function (launch) { document.getElementById('own').addEventListener('click', launch); } });`;
    await page.goto(origin);
    await page.locator("#amazon-connect-chat-widget").waitFor({ state: "attached" });
    expect(await page.locator("#amazon-connect-open-widget-button").isVisible()).toBe(false);
    await page.locator("#own").click();
    await role("input").waitFor();
    expect(connect.contacts()).toHaveLength(2);
  });

  it("takes over a chat that the page's own back end started", async () => {
    site.scripts += `amazon_connect('customStartChat', function (callback) {
      fetch('/token').then(function (answer) { return answer.text(); }).then(function (token) {
        return fetch('${connect.origin}/connectwidget/api/${widgetId}/start', { method: 'POST', body: '{}',
          headers: { 'content-type': 'application/json', 'x-amz-snippet-id': '${snippetId}', 'x-amz-security-token': token } });
      }).then(function (answer) { return answer.json(); }).then(function (answer) {
        callback({ startChatResult: answer.data.startChatResult, featurePermissions: {} });
      });
    });`;
    await page.goto(origin);
    const { contactId } = await startChat();
    expect(await read("metadata")).toEqual([contactId]);
    expect(await persisted()).not.toBeNull();
    expect(connect.contacts()).toHaveLength(1);
  });

  it("puts the page's nonce on what it adds", async () => {
    site.csp = `default-src 'none'; script-src 'nonce-n0nce' ${connect.origin}; style-src 'nonce-n0nce'; connect-src 'self' ${connect.origin}; worker-src blob:`;
    site.scripts = `${AUTHENTICATE}amazon_connect('nonce', 'n0nce');`;
    const complaints: string[] = [];
    page.on("console", (message) => complaints.push(message.text()));
    await page.goto(origin);
    await startChat();
    expect(await role("transcript").evaluate((element) => getComputedStyle(element).display)).toBe("flex");
    expect(complaints.filter((text) => text.includes("Content Security Policy"))).toEqual([]);
  });
});
