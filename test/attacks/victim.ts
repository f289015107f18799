import { type Page } from "playwright-core";
import { launchChromium } from "../browser/chromium.ts";
import { accessSettings } from "../playground/playground.ts";
import { signToken } from "../playground/connect/signing/sign-token.ts";
import { securityKey, widgetId } from "../worker/settings.ts";
import { type RunningWorker } from "../worker/start-worker.ts";
import { claimsOf, createVisitorClient, type VisitorClient } from "../worker/visitor-client.ts";
import { serveShopAndSibling, type ShopAndSibling } from "./shop-and-sibling.ts";
import { type WatchedServer } from "./watched-server.ts";
import { answerText, withServer } from "./with-server.ts";

export const CONTACT_ID = "6b1f0f7e-93c1-4f6d-9a51-2f1e8c7d4b3a";

export async function createVisitorWithChat(origin: string, body?: object): Promise<VisitorClient> {
  const visitor = createVisitorClient(origin);
  const { ticket } = await visitor.token(body);
  await visitor.report({ ticket, contactId: CONTACT_ID });
  return visitor;
}

/** Whether that visitor's chat is offered to whoever asks. */
export async function isOffered(client: VisitorClient, body: object): Promise<boolean> {
  return (await askContact(client, body)) === CONTACT_ID;
}

export async function askContact(client: VisitorClient, body: object = {}): Promise<string | null> {
  const answer = await client.post("/_chat/token", body);
  return readContact(await answer.text());
}

/** The contact id in an answer's token; `null` where there is no token. */
export function readContact(answer: string): string | null {
  const { token }: { token?: string } = JSON.parse(answer);
  return token === undefined ? null : (claimsOf(token).attributes["contactId"] ?? null);
}

export function ownerClaims(claims: object): object {
  const now = Math.floor(Date.now() / 1000);
  return { sub: widgetId, iat: now, exp: now + 600, ...claims };
}

/** Signs as the owner's own back end would. */
export function signOwnerToken(claims: object): string {
  return signToken({ claims: ownerClaims(claims), securityKey });
}

export async function inBrowser(
  worker: RunningWorker,
  pages: Readonly<Record<string, string>>,
  attempt: (page: Page, sites: ShopAndSibling) => Promise<boolean>,
): Promise<boolean> {
  const [sites, browser] = await Promise.all([serveShopAndSibling(worker, pages), launchChromium()]);
  try {
    return await attempt(await browser.newPage(), sites);
  } finally {
    await browser.close();
    await sites.close();
  }
}

/** What script of the page gets when it posts JSON with cookies. */
export function postFrom(page: Page, url: string, body: object): Promise<string> {
  return page.evaluate(
    async ([address, text]) => {
      const headers = { "content-type": "application/json" };
      const answer = await fetch(address, { method: "POST", credentials: "include", headers, body: text });
      return answer.text();
    },
    [url, JSON.stringify(body)] as const,
  );
}

export async function haveChat(page: Page): Promise<void> {
  const { ticket }: { ticket: string } = JSON.parse(await postFrom(page, "/_chat/token", {}));
  await postFrom(page, "/_chat/contacts", { ticket, contactId: CONTACT_ID, event: "started", ageSeconds: 0 });
}

/** Settings with which DescribeContact goes to a server of the test. */
export function askingAmazon({ origin }: WatchedServer): Record<string, string> {
  return { CONNECT_API_ORIGIN: origin, ...accessSettings };
}

/** Amazon says of every contact that it is a stranger's; `work` gets the settings of a Worker that asks. */
export function withStrangersContact<T>(work: (settings: Readonly<Record<string, string>>) => Promise<T>): Promise<T> {
  const contact = { Channel: "CHAT", Attributes: { persistentChatVisitor: "key-of-the-visitor" } };
  return withServer(answerText(JSON.stringify({ Contact: contact })), (amazon) => work(askingAmazon(amazon)));
}
