import { randomUUID } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { Browser, BrowserContext, FrameLocator, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { launchChromium } from "../../browser/chromium.ts";
import { type Connect, type ContactView, startConnect } from "./connect.ts";
import { signToken } from "./signing/sign-token.ts";
import { defaultSwitches } from "./switches.ts";

const widgetId = "6f9619ff-8b86-4011-b42d-00c04fc964ff";
const snippetId = "QVFJREFIanN0".repeat(28);
const securityKey = "YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXoxMjM0NTY=";

/** What the next page and token are made of; each test changes what it is about. */
const site = { head: "", scripts: "", attributes: {}, securityKey, csp: "", tokensAsked: 0, edit: asCopied };
const AUTHENTICATE = `amazon_connect('authenticate', function (callback) {
  fetch('/token').then(function (answer) { return answer.text(); }).then(callback);
});`;
const RECORD = `window.seen = [];
var record = function (name, told) {
  seen.push(name + ' ' + told.chatDetails.contactId + ' ' + told.data.InitialContactId + ' ' + !!sessionStorage.persistedChatSession);
};
amazon_connect('registerCallback', { CONNECTION_ESTABLISHED: record, CONNECTION_LOST: record, CHAT_ENDED: record,
  PARTICIPANT_JOINED: record, PARTICIPANT_LEFT: record, WIDGET_FRAME_CLOSED: record });
window.metadata = [];
amazon_connect('contactMetadataHandler', function (told) { metadata.push(told.chatContactId); });`;

function asCopied(snippet: string): string {
  return snippet;
}

let connect: Connect;
let server: Server;
let origin: string;
let browser: Browser;
let context: BrowserContext;
let page: Page;

beforeAll(async () => {
  browser = await launchChromium();
  server = createServer((request, response) => {
    if (request.url === "/token") {
      site.tokensAsked += 1;
      const now = Math.floor(Date.now() / 1000);
      const claims = { sub: widgetId, iat: now, exp: now + 500, attributes: site.attributes };
      response.end(signToken({ claims, securityKey: site.securityKey }));
      return;
    }
    response.setHeader("content-type", "text/html");
    if (site.csp !== "") response.setHeader("content-security-policy", site.csp);
    const nonce = site.csp === "" ? "" : ' nonce="n0nce"';
    const snippet = site.edit(connect.snippet).replace("<script", `<script${nonce}`);
    response.end(
      `<!doctype html><title>Shop</title>${site.head}<h1>Shop</h1>${snippet}<script${nonce}>${site.scripts}</script>`,
    );
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  origin = `http://localhost:${typeof address === "object" && address !== null ? address.port : 0}`;
});

afterAll(async () => {
  await browser.close();
  server.closeAllConnections();
  server.close();
});

beforeEach(async () => {
  connect = await startConnect({
    port: 0,
    widgetId,
    snippetId,
    securityKey,
    allowedOrigins: [origin],
    transcriptDelaySeconds: 0,
  });
  Object.assign(site, {
    head: "",
    scripts: AUTHENTICATE + RECORD,
    attributes: { chatContinue: "none" },
    securityKey,
    csp: "",
    tokensAsked: 0,
    edit: asCopied,
  });
  context = await browser.newContext();
  page = await context.newPage();
  page.setDefaultTimeout(8_000);
});

afterEach(async () => {
  await context.close();
  await connect.close();
});

function chat(on: Page = page): FrameLocator {
  return on.frameLocator("#amazon-connect-chat-widget-iframe");
}

function role(name: string): Locator {
  return chat().locator(`[data-role=${name}]`);
}

async function openChat(): Promise<void> {
  await page.locator("#amazon-connect-open-widget-button").click();
}

async function startChat(): Promise<ContactView> {
  await openChat();
  await role("input").waitFor();
  return newestContact();
}

async function say(text: string): Promise<void> {
  await role("input").fill(text);
  await role("send").click();
  await chat().locator("[data-message][data-from=customer]", { hasText: text }).waitFor();
}

function desk(name: string): Locator {
  return page.locator(`[data-role=${name}]`);
}

function newestContact(): ContactView {
  const [contact] = connect.contacts();
  if (contact === undefined) throw new Error("no contact was made");
  return contact;
}

function persisted(): Promise<string | null> {
  return page.evaluate(() => sessionStorage.getItem("persistedChatSession"));
}

function read(name: "seen" | "metadata"): Promise<string[]> {
  return page.evaluate((key) => Reflect.get(globalThis, key), name);
}

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
    const port = Number(new URL(connect.origin).port);
    await connect.close();
    connect = await startConnect({
      port,
      widgetId,
      snippetId,
      securityKey,
      allowedOrigins: [origin],
      transcriptDelaySeconds: 0,
    });
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
    const initial = position === "yes" ? contactId : "undefined";
    expect((await read("seen")).map((line) => line.split(" ")[2])).toEqual([initial, initial]);
  });
});

describe("the agent page", () => {
  it("shows a contact, with what the customer wrote as text, and follows it live", async () => {
    const shop = page;
    await shop.goto(origin);
    const { contactId } = await startChat();
    await say("<img src=x onerror=document.title='broken'>");
    page = await context.newPage();
    await page.goto(`${connect.origin}/agent/${contactId}`);
    await page.locator("[data-message][data-from=customer]", { hasText: "<img src=x" }).waitFor();
    await desk("say-input").fill("Good morning");
    await desk("say").click();
    await page.locator("[data-message][data-from=agent]", { hasText: "Good morning" }).waitFor();
    expect(await desk("attributes").textContent()).toContain("chatContinue");
    await desk("end").click();
    await page.locator("[data-role=say]:disabled").waitFor();
    expect(await page.title()).not.toBe("broken");
    await chat(shop).locator("[data-role=ended]").waitFor();
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

  it("flips switches", async () => {
    await page.goto(`${connect.origin}/agent/switches`);
    await page.locator("[data-switch=liveSource] label", { hasText: "success" }).click();
    await vi.waitFor(() => expect(connect.switches.liveSource).toBe("success"));
    expect({ ...connect.switches, liveSource: "error" }).toEqual(defaultSwitches);
  });
});
