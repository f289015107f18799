import { createServer, type Server } from "node:http";
import type { Browser, BrowserContext, FrameLocator, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import { launchChromium } from "../../../browser/chromium.ts";
import { closeServer, listen } from "../../listen.ts";
import { type Connect, type ContactView } from "../connect.ts";
import { signToken } from "../signing/sign-token.ts";
import { access } from "./call-service.ts";
import { closeConnect, connectWith, securityKey, widgetId } from "./with-connect.ts";

/** The parts of the next page and token; a test changes the part that it is about. */
export const site = { head: "", scripts: "", attributes: {}, securityKey, csp: "", tokensAsked: 0, edit: asCopied };
export const AUTHENTICATE = `amazon_connect('authenticate', function (callback) {
  fetch('/token').then(function (answer) { return answer.text(); }).then(callback);
});`;
const RECORD = `window.seen = [];
var record = function (name, told) {
  var data = told.data === undefined || told.data === null ? told.data : told.data.InitialContactId || 'data';
  seen.push(told.status ? name + ' ' + told.status : name + ' ' + told.chatDetails.contactId + ' '
    + told.chatDetails.initialContactId + ' ' + data + ' ' + !!sessionStorage.persistedChatSession);
};
amazon_connect('registerCallback', { CONNECTION_ESTABLISHED: record, CONNECTION_LOST: record, CHAT_ENDED: record,
  PARTICIPANT_JOINED: record, PARTICIPANT_LEFT: record, WIDGET_FRAME_CLOSED: record });
window.metadata = [];
amazon_connect('contactMetadataHandler', function (told) { metadata.push(told.chatContactId); });`;

function asCopied(snippet: string): string {
  return snippet;
}

export let connect: Connect;
let server: Server;
export let origin: string;
let browser: Browser;
export let context: BrowserContext;
export let page: Page;

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
  origin = `http://localhost:${await listen(server)}`;
});

afterAll(async () => {
  await browser.close();
  await closeServer(server);
});

beforeEach(async () => {
  connect = await startHere();
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
  await openPage();
});

afterEach(() => context.close());

function startHere(port = 0): Promise<Connect> {
  return connectWith({
    port,
    allowedOrigins: [origin],
    transcriptDelaySeconds: 0,
    access,
    now: () => Date.now() / 1000,
  });
}

/** Ends the stand-in, and starts another one at the same address, which knows no chat. */
export async function restartConnect(): Promise<void> {
  await closeConnect(connect);
  connect = await startHere(Number(new URL(connect.origin).port));
}

/** Opens another tab, which is `page` from then on. */
export async function openPage(): Promise<void> {
  page = await context.newPage();
  page.setDefaultTimeout(8_000);
}

export function chat(on: Page = page): FrameLocator {
  return on.frameLocator("#amazon-connect-chat-widget-iframe");
}

export function role(name: string): Locator {
  return chat().locator(`[data-role=${name}]`);
}

export async function openChat(): Promise<void> {
  await page.locator("#amazon-connect-open-widget-button").click();
}

export async function startChat(): Promise<ContactView> {
  await openChat();
  await role("input").waitFor();
  return newestContact();
}

export async function say(text: string): Promise<void> {
  await role("input").fill(text);
  await role("send").click();
  await chat().locator("[data-message][data-from=customer]", { hasText: text }).waitFor();
}

export function newestContact(): ContactView {
  const [contact] = connect.contacts();
  if (contact === undefined) throw new Error("no contact was made");
  return contact;
}

export function persisted(): Promise<string | null> {
  return page.evaluate(() => sessionStorage.getItem("persistedChatSession"));
}

export function read(name: "seen" | "metadata"): Promise<string[]> {
  return page.evaluate((key) => Reflect.get(globalThis, key), name);
}
