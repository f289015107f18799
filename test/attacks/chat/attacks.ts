import { type Page } from "playwright-core";
import { createSeal } from "../../../src/adapters/seal.ts";
import { visitorCookieSchema } from "../../../src/core/chat/visitor.ts";
import { type ChatPage, openChatPage } from "../../browser/chat-page.ts";
import { launchChromium } from "../../browser/chromium.ts";
import { serveOwnPages } from "../../browser/own-pages.ts";
import { signToken } from "../../playground/connect/signing/sign-token.ts";
import { type Playground, startPlayground } from "../../playground/playground.ts";
import { control, observe } from "../../worker/instrumented.ts";
import { securityKey, widgetId } from "../../worker/settings.ts";
import { type RunningWorker } from "../../worker/start-worker.ts";
import { claimsOf, createVisitorClient, type VisitorClient } from "../../worker/visitor-client.ts";
import { type Attack, type Target } from "../attack.ts";
import {
  askContact,
  askingAmazon,
  CONTACT_ID,
  createVisitorWithChat,
  haveChat,
  inBrowser,
  isOffered,
  postFrom,
  readContact,
  signOwnerToken,
} from "../victim.ts";
import { startWatchedServer } from "../watched-server.ts";

const WIDGET = "#amazon-connect-chat-widget";
const HOUR = 3600;
const DAY = 24 * HOUR;

/** Browsers trim less than JavaScript does. */
const TAKES_SIMILAR = {
  file: "src/core/headers/cookies.ts",
  from: "trimBlanks(cookie.slice(0, equals)) === name",
  to: "cookie.slice(0, equals).trim() === name",
};

/** The second guard against planted cookies: our own answer sets one beside the planted one. */
const TAKES_REPEATED = {
  file: "src/http/chat/visitor-cookie.ts",
  from: "sealed.length > 1 || left.length > 1",
  to: "false",
};

/** Attacks on other people's conversations, by contact ids, tickets, cookies and shared browsers. */
export const chatAttacks: readonly Attack[] = [
  {
    name: "Reports a contact id of somebody else's as one's own",
    withoutGuard: { file: "src/http/chat/contacts.ts", from: "owner !== visitorKey", to: "false" },
    async attempt({ start }) {
      const { origin } = await start();
      await createVisitorWithChat(origin);
      return isOffered(await createVisitorWithChat(origin), {});
    },
  },
  {
    name: "Reports a contact id of somebody else's in capital letters, as another one",
    withoutGuard: { file: "src/adapters/web-crypto.ts", from: "contactId.toLowerCase()", to: "contactId" },
    async attempt({ start }) {
      const { origin } = await start();
      await createVisitorWithChat(origin);
      const attacker = createVisitorClient(origin);
      await attacker.report({ ticket: (await attacker.token()).ticket, contactId: CONTACT_ID.toUpperCase() });
      return (await askContact(attacker)) === CONTACT_ID.toUpperCase();
    },
  },
  {
    name: "Reports a contact id that it has learnt or guessed before its owner does, where the AWS keys are set",
    withoutGuard: {
      file: "src/core/chat/ownership.ts",
      from: `=== visitorKey ? "confirmed" : "refuted"`,
      to: `, "confirmed"`,
    },
    async attempt({ start }) {
      const contact = { Channel: "CHAT", Attributes: { persistentChatVisitor: "key-of-the-visitor" } };
      const amazon = await startWatchedServer((_request, response) =>
        response.end(JSON.stringify({ Contact: contact })),
      );
      try {
        const { origin } = await start(askingAmazon(amazon));
        return await isOffered(await createVisitorWithChat(origin), {});
      } finally {
        await amazon.close();
      }
    },
  },
  {
    name: "Takes over a browser in which somebody else's report still waits, and lets it count as its own",
    withoutGuard: {
      file: "src/http/chat/contacts.ts",
      from: "ticket.content.visitorId !== cookie?.visitorId",
      to: "false",
    },
    async attempt({ start }) {
      const { origin } = await start();
      const browser = createVisitorClient(origin);
      const { ticket } = await browser.token(asCustomer("victim"));
      await browser.token(asCustomer("attacker"));
      await browser.report({ ticket, contactId: CONTACT_ID });
      return isOffered(browser, asCustomer("attacker"));
    },
  },
  {
    name: "Uses one ticket for a second contact id",
    withoutGuard: {
      file: "src/core/chat/contact-report.ts",
      from: "sessions.some(({ ticketId }) => ticketId === ticket.id)",
      to: "false",
    },
    async attempt({ start }) {
      const { origin } = await start();
      const visitor = createVisitorClient(origin);
      const { ticket } = await visitor.token();
      await visitor.report({ ticket, contactId: "0-contact-of-its-own" });
      await visitor.report({ ticket, contactId: CONTACT_ID });
      return isOfferedAtAll(visitor);
    },
  },
  {
    name: "Uses a ticket that it kept for more than a week",
    withoutGuard: {
      file: "src/core/chat/contact-report.ts",
      from: "ticket.issuedAt < now - TICKET_LIFE_SECONDS",
      to: "false",
    },
    async attempt({ start }) {
      const worker = await start();
      const visitor = createVisitorClient(worker.origin);
      const { ticket } = await visitor.token();
      await control(worker, { clockOffsetSeconds: 8 * DAY });
      await visitor.report({ ticket, contactId: CONTACT_ID });
      return isOffered(visitor, {});
    },
  },
  {
    name: "Makes a cookie of its own that lists somebody else's chat",
    withoutGuard: {
      file: "src/adapters/web-crypto.ts",
      from: `importKey("raw", new Uint8Array(secret)`,
      to: `importKey("raw", new Uint8Array(32)`,
    },
    async attempt({ start }) {
      const { origin } = await start();
      const attacker = createVisitorClient(origin);
      await attacker.token();
      const now = Math.floor(Date.now() / 1000);
      const sessions = [{ contactId: CONTACT_ID, ticketId: "ticket", startedAt: now - 60 }];
      const content = { visitorId: "visitor", isCustomer: false, left: null, sessions };
      const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
      const forged = [
        await sealWithZeros(content, now),
        `${base64({ alg: "none" })}.${base64({ ...content, iat: now })}.`,
        base64({ ...content, iat: now }),
      ];
      for (const value of forged) if (await isOffered(withCookie(attacker, value), {})) return true;
      return false;
    },
  },
  {
    name: "Takes the cookie of one widget's Worker to another's that has the same COOKIE_SECRET",
    withoutGuard: { file: "src/http/chat/visitor-cookie.ts", from: "`cookie ${widgetId}`", to: `"cookie"` },
    async attempt({ start }) {
      const [here, there] = [
        await start(),
        await start({ WIDGET_SNIPPET: "page", WIDGET_ID: "0f9f1c0e-7f6e-4b58-9f53-6d3d5cf4a001" }),
      ];
      const visitor = await createVisitorWithChat(here.origin);
      const guest = createVisitorClient(there.origin);
      await guest.token();
      return isOffered(withCookie(guest, valueOf(visitor)), {});
    },
  },
  {
    name: "Uses a copy of the cookie from before its visitor was forgotten",
    withoutGuard: { file: "src/http/chat/visitor.ts", from: "await store.recordErasure(", to: "void (" },
    async attempt({ start }) {
      const { origin } = await start();
      const visitor = await createVisitorWithChat(origin);
      const copy = withCookie(visitor, valueOf(visitor));
      await forget(origin, visitor);
      return isOffered(copy, {});
    },
  },
  {
    name: "Uses a copy of the cookie that is older than RETENTION_DAYS, to learn of chats since",
    withoutGuard: { file: "src/adapters/seal.ts", from: "maxTokenAge: maxAgeSeconds,", to: "" },
    async attempt({ start }) {
      const worker = await start({ RETENTION_DAYS: "1" });
      const visitor = createVisitorClient(worker.origin);
      await visitor.token();
      const copy = withCookie(visitor, valueOf(visitor));
      await control(worker, { clockOffsetSeconds: 20 * HOUR });
      const { ticket } = await visitor.token();
      await visitor.report({ ticket, contactId: CONTACT_ID });
      await control(worker, { clockOffsetSeconds: 26 * HOUR });
      return isOffered(copy, {});
    },
  },
  {
    name: "Brings the cookie back into a browser that has signed out, by an answer that was on its way",
    withoutGuard: {
      file: "src/http/chat/visitor-cookie.ts",
      from: "left[0] === undefined || opened?.content.left === left[0]",
      to: "true",
    },
    async attempt({ start }) {
      const { origin } = await start();
      const visitor = await createVisitorWithChat(origin);
      visitor.cookie += "; __Host-chat-left=a-departure-since-then";
      return isOffered(visitor, {});
    },
  },
  {
    name: "Plants a cookie from a sibling subdomain, so that a visitor chats under the attacker's name",
    withoutGuard: [
      { file: "src/core/headers/cookies.ts", from: `PREFIX = "__Host-chat-"`, to: `PREFIX = "chat-"` },
      TAKES_REPEATED,
    ],
    attempt: async ({ start }) => {
      const worker = await start();
      return inBrowser(worker, {}, async (page, { shop, sibling }) => {
        const attacker = createVisitorClient(worker.origin);
        await attacker.token();
        await page.goto(sibling);
        await page.evaluate((cookie) => {
          document.cookie = `${cookie}; Domain=shop.localhost; Path=/; Secure`;
        }, attacker.cookie);
        await page.goto(shop);
        await haveChat(page);
        return isOffered(attacker, {});
      });
    },
  },
  {
    name: "Plants a cookie from a sibling subdomain whose name begins with white space that browsers do not trim",
    withoutGuard: [TAKES_SIMILAR, TAKES_REPEATED],
    attempt: async ({ start }) => {
      const worker = await start();
      return inBrowser(worker, {}, async (page, { shop, sibling }) => {
        const attacker = createVisitorClient(worker.origin);
        await attacker.token();
        await plant(page, sibling, attacker.cookie);
        await page.goto(shop);
        await haveChat(page);
        return isOffered(attacker, {});
      });
    },
  },
  {
    name: "Throws away the history of another site's visitor, by such a cookie that says they have signed out",
    withoutGuard: TAKES_SIMILAR,
    attempt: async ({ start }) => {
      const worker = await start();
      return inBrowser(worker, {}, async (page, { shop, sibling }) => {
        await page.goto(shop);
        await haveChat(page);
        const before = readContact(await postFrom(page, "/_chat/token", {}));
        await plant(page, sibling, "__Host-chat-left=x");
        await page.goto(shop);
        const after = readContact(await postFrom(page, "/_chat/token", {}));
        return before === CONTACT_ID && after !== CONTACT_ID;
      });
    },
  },
  {
    name: "Signs in with an account of its own, in a browser in which somebody else has chatted",
    withoutGuard: {
      file: "src/core/chat/visitor.ts",
      from: "cookie?.content.visitorId === customerVisitorId ? cookie : null",
      to: "cookie",
    },
    async attempt({ start }) {
      const browser = await createVisitorWithChat((await start()).origin, asCustomer("victim"));
      return isOffered(browser, asCustomer("attacker"));
    },
  },
  {
    name: "Opens the chat without signing in, in a browser in which a customer has chatted",
    withoutGuard: {
      file: "src/core/chat/visitor.ts",
      from: "cookie === null || cookie.content.isCustomer",
      to: "cookie === null",
    },
    async attempt({ start }) {
      return isOffered(await createVisitorWithChat((await start()).origin, asCustomer("victim")), {});
    },
  },
  {
    name: "Opens the chat in a browser whose visitor has signed out by one of SIGN_OUT_PATHS",
    withoutGuard: { file: "src/app.ts", from: "signOutPaths.length === 0", to: "true" },
    async attempt({ start }) {
      const site = await startWatchedServer((_request, response) => response.end("Goodbye."));
      try {
        const { origin } = await start({ ORIGIN_URL: site.origin, SIGN_OUT_PATHS: "/bye" });
        const visitor = await createVisitorWithChat(origin);
        const answer = await fetch(`${origin}/bye`, { headers: { cookie: visitor.cookie } });
        if (answer.headers.getSetCookie().some((cookie) => cookie.startsWith(nameOf(visitor)))) visitor.cookie = "";
        return await isOffered(visitor, {});
      } finally {
        await site.close();
      }
    },
  },
  {
    name: "Sends a report that waited in a browser while its visitor was forgotten",
    withoutGuard: { file: "src/core/chat/contact-report.ts", from: "ticket.issuedAt < oldest", to: "false" },
    async attempt({ start }) {
      const worker = await start();
      const visitor = createVisitorClient(worker.origin);
      const { ticket } = await visitor.token();
      const copy = withCookie(visitor, valueOf(visitor));
      await forget(worker.origin, visitor);
      await copy.report({ ticket, contactId: CONTACT_ID });
      const { stored } = await observe(worker);
      return Object.keys(stored).some((key) => key.startsWith("contact:"));
    },
  },
  {
    name: "Waits until an erasure has run out, for a record that a location of KV wrote back when it lagged behind",
    withoutGuard: {
      file: "src/limits.ts",
      from: "ERASED_RECORD_DAYS = OWNER_RECORD_DAYS",
      to: "ERASED_RECORD_DAYS = 400",
    },
    async attempt({ start }) {
      const worker = await start({ RETENTION_DAYS: "730" });
      const customer = await createVisitorWithChat(worker.origin, asCustomer("victim"));
      const [key, record] = await findStored(worker, "visitor:");
      await forget(worker.origin, customer);
      const [erased, { expiration }] = await findStored(worker, "erased:");
      const later = 500 * DAY;
      // The KV of a test keeps to the real clock: what it has let go until then is an erasure from before all times.
      const isGone = (expiration ?? Infinity) < Date.now() / 1000 + later;
      const store = { [key]: record.value ?? "", ...(isGone && { [erased]: "0" }) };
      await control(worker, { store, clockOffsetSeconds: later });
      const now = Math.floor(Date.now() / 1000) + later;
      const token = signToken({
        claims: { sub: widgetId, iat: now, exp: now + 600, customerId: "victim" },
        securityKey,
      });
      return isOffered(createVisitorClient(worker.origin), { token });
    },
  },
  {
    name: "Reports chats without end, until the record of it costs every token tens of milliseconds and the isolate its memory",
    withoutGuard: { file: "src/core/chat/visitor-record.ts", from: ".slice(-MAX_OWNED_HASHES)", to: "" },
    async attempt({ start }) {
      const worker = await start();
      const visitor = await createVisitorWithChat(worker.origin);
      const [key, { value }] = await findStored(worker, "visitor:");
      const owned = Array.from({ length: 400 }, (_, chat) => String(chat).padStart(64, "0"));
      await control(worker, { store: { [key]: JSON.stringify({ ...JSON.parse(value ?? ""), owned }) } });
      await visitor.report({ ticket: (await visitor.token()).ticket, contactId: "one-more" });
      return ((await findStored(worker, "visitor:"))[1].value ?? "").length > 16_384;
    },
  },
  {
    name: "Reports a contact about which Amazon refuses to say anything, so that nobody's history is confirmed meanwhile",
    withoutGuard: { file: "src/limits.ts", from: "CONTACTS_UNTIL_PAUSE = 3", to: "CONTACTS_UNTIL_PAUSE = 1" },
    async attempt({ start }) {
      let persistentChatVisitor = "";
      const amazon = await startWatchedServer(({ url = "" }, response) => {
        if (!url.endsWith(CONTACT_ID)) return response.writeHead(403).end("{}");
        return response.end(JSON.stringify({ Contact: { Channel: "CHAT", Attributes: { persistentChatVisitor } } }));
      });
      try {
        const { origin } = await start(askingAmazon(amazon));
        const victim = await createVisitorWithChat(origin);
        const { token } = await victim.token({ fresh: true });
        persistentChatVisitor = claimsOf(token).attributes["persistentChatVisitor"] ?? "";
        const attacker = createVisitorClient(origin);
        await attacker.report({ ticket: (await attacker.token()).ticket, contactId: crypto.randomUUID() });
        for (const _call of [1, 2, 3, 4]) await attacker.token();
        return !(await isOffered(victim, {}));
      } finally {
        await amazon.close();
      }
    },
  },
  {
    name: "Looks at the live chat of whoever signed out in the same tab",
    withoutGuard: [
      { file: "src/browser/chat/sign-out.ts", from: 'if (left === "") return;', to: "return;" },
      { file: "src/browser/chat/sign-out.ts", from: "asked !== null && asked !== readMark()", to: "false" },
    ],
    attempt: (target) =>
      inShop(target, {}, async ({ chat, page, open, say }, origin) => {
        await open();
        await say("private");
        await page.goto(`${origin}/bye`);
        await page.goto(origin);
        await page.locator(`${WIDGET} iframe, #amazon-connect-open-widget-button`).first().waitFor();
        if ((await page.locator(`${WIDGET} iframe`).count()) === 0) return false;
        await chat.getByText("private").waitFor();
        return true;
      }),
  },
  {
    name: "Writes into the live chat of whoever signed out by a call of the page's own script, without a new page",
    withoutGuard: { file: "src/browser/chat/sign-out.ts", from: "onCookieChange(noticeDeparture);", to: "" },
    attempt: (target) =>
      inShop(target, {}, async ({ page, open, say }) => {
        await open();
        await say("private");
        return writesAfterSignOut(page, say);
      }),
  },
  {
    name: "Has an element of its own found in the widget's place, so that a chat stays there after its visitor signed out",
    withoutGuard: {
      file: "src/browser/page/widget-element.ts",
      from: `"#amazon-connect-chat-widget")];`,
      to: `"#amazon-connect-chat-widget")].slice(0, 1);`,
    },
    attempt: (target) =>
      inShop(
        target,
        { review: '<form id="amazon-connect-chat-widget">Nice tea.</form>' },
        async ({ page, open, say }) => {
          await open();
          await say("private");
          return writesAfterSignOut(page, say);
        },
      ),
  },
  {
    name: "Has a field of its own form stand in for the method that takes the chat off the screen",
    withoutGuard: {
      file: "src/browser/page/widget-element.ts",
      from: "Element.prototype.remove.call(element)",
      to: "element.remove()",
    },
    attempt: (target) => {
      const review = '<form id="amazon-connect-chat-widget"><input name="remove" type="hidden"></form>';
      return inShop(target, { review }, async ({ page, open, say }) => {
        await open();
        await say("private");
        return writesAfterSignOut(page, say);
      });
    },
  },
  {
    name: "Has a <base> in its review send the visitor's calls to a server of its own, which answers with its own token",
    withoutGuard: {
      file: "src/browser/chat/call-worker.ts",
      from: "`${location.origin}${config.path}",
      to: "`${config.path}",
    },
    attempt: async (target) => {
      const evil = await startWatchedServer((_request, response) => response.end("{}"));
      try {
        return await inShop(target, { review: `<base href="${evil.origin}/">` }, async ({ page }) => {
          await page.click("#amazon-connect-open-widget-button");
          await page.waitForTimeout(1500);
          return evil.asked.some(({ url }) => url === "/_chat/token");
        });
      } finally {
        await evil.close();
      }
    },
  },
  {
    name: "Sits down at a browser whose visitor signed out while their chat was being opened, and gets that chat",
    withoutGuard: {
      file: "src/browser/chat/token-source.ts",
      from: "if (departure !== readDeparture()) return NO_TOKEN;",
      to: "",
    },
    attempt: (target) =>
      inShop(target, {}, async ({ page }, _origin, { connect }) => {
        const [asked, left] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
        await page.route("**/_chat/token", async (route) => {
          const response = await route.fetch();
          asked.resolve();
          await left.promise;
          await route.fulfill({ response });
        });
        await page.click("#amazon-connect-open-widget-button");
        await asked.promise;
        await page.evaluate(() => fetch("/bye", { method: "POST" }));
        left.resolve();
        await page.waitForTimeout(2000);
        return connect.contacts().length > 0;
      }),
  },
  {
    name: "Names an element cookie, so that the page does not see that its visitor signed out",
    withoutGuard: { file: "src/browser/page/cookies.ts", from: 'ofDocument("cookie")', to: "document.cookie" },
    attempt: (target) =>
      inShop(target, {}, async ({ page, open, say }) => {
        await open();
        await say("private");
        // As sites do that load reviews later.
        await page.evaluate(() => document.body.insertAdjacentHTML("beforeend", '<img name="cookie" alt="Tea">'));
        return writesAfterSignOut(page, say);
      }),
  },
  {
    name: "Names elements persistentChat and amazon_connect, so that nobody gets the chat on a page",
    withoutGuard: { file: "src/browser/page/unclobbered.ts", from: "{}.hasOwnProperty.call(window, name)", to: "true" },
    attempt: (target) =>
      inShop(target, { review: '<p id="persistentChat"></p><p id="amazon_connect"></p>' }, async ({ page }) => {
        await page.waitForLoadState("networkidle");
        return (await page.locator("#amazon-connect-open-widget-button").count()) === 0;
      }),
  },
  {
    name: "Has a click anywhere in its review erase the history of whoever reads it",
    withoutGuard: [
      { file: "src/browser/main.ts", from: "if (config.forgetByClick) ", to: "" },
      { file: "src/browser/main.ts", from: 'confirm("Forget', to: 'Boolean("Forget' },
    ],
    attempt: (target) =>
      inShop(target, { review: "<p data-chat-forget>Nice tea.</p>" }, async ({ page, open, say, end }) => {
        await open();
        await say("private");
        await end();
        await page.click("[data-chat-forget]");
        await page.waitForTimeout(1000);
        return (await page.context().cookies()).some(({ name }) => name === "__Host-chat-left");
      }),
  },
];

interface Shop {
  /** Markup without script, as a visitor may write it into a page of this site. */
  readonly review?: string;
}

/** A visitor on a page of a site with a sign-out path, and the stand-in of Amazon Connect. */
async function inShop(
  { path }: Target,
  { review = "" }: Shop,
  attempt: (chat: ChatPage, origin: string, playground: Playground) => Promise<boolean>,
): Promise<boolean> {
  const pages = await serveOwnPages();
  Object.assign(pages.pages, { "/": `<body>${review}A page</body>`, "/bye": "<body>Signed out</body>" });
  const playground = await startPlayground({
    port: 0,
    transcriptDelaySeconds: 1,
    entry: path("src/index.ts"),
    vars: { ORIGIN_URL: pages.origin, SIGN_OUT_PATHS: "/bye" },
  });
  const browser = await launchChromium();
  try {
    const { origin } = playground.worker;
    return await attempt(await openChatPage(await browser.newContext(), origin), origin, playground);
  } finally {
    await browser.close();
    await playground.close();
    await pages.close();
  }
}

/** Whether the next person at this screen can write into the chat. */
async function writesAfterSignOut(page: Page, say: ChatPage["say"]): Promise<boolean> {
  await page.evaluate(() => fetch("/bye", { method: "POST" }));
  await page.waitForTimeout(2000);
  if ((await page.locator(`${WIDGET} iframe`).count()) === 0) return false;
  await say("Who was that?");
  return true;
}

/** The body of a token request on a site that names its customer. */
function asCustomer(customerId: string): { token: string } {
  return { token: signOwnerToken({ customerId }) };
}

async function isOfferedAtAll(client: VisitorClient): Promise<boolean> {
  const [newest, before] = [await askContact(client), await askContact(client)];
  return newest === CONTACT_ID || before === CONTACT_ID;
}

/** The one entry of KV whose key begins so. */
async function findStored(worker: RunningWorker, prefix: string) {
  const { stored } = await observe(worker);
  const entry = Object.entries(stored).find(([key]) => key.startsWith(prefix));
  if (entry === undefined) throw new Error(`KV holds no ${prefix}…`);
  return entry;
}

/** Sets a cookie for all of the shop's hosts, behind white space that is none to browsers. */
async function plant(page: Page, sibling: string, cookie: string): Promise<void> {
  await page.goto(sibling);
  await page.evaluate((text) => {
    document.cookie = `\u2000${text}; Domain=shop.localhost; Path=/_chat; Secure`;
  }, cookie);
}

const nameOf = ({ cookie }: VisitorClient) => cookie.slice(0, cookie.indexOf("="));
const valueOf = ({ cookie }: VisitorClient) => cookie.slice(cookie.indexOf("=") + 1);

/** The same client with another value of our cookie. */
function withCookie(client: VisitorClient, value: string): VisitorClient {
  return Object.assign(createVisitorClient(client.origin), { cookie: `${nameOf(client)}=${value}` });
}

async function forget(origin: string, { cookie }: VisitorClient): Promise<void> {
  await fetch(`${origin}/_chat/visitor`, { method: "DELETE", headers: { cookie, "sec-fetch-site": "same-origin" } });
}

async function sealWithZeros(content: object, now: number): Promise<string> {
  const seal = await createSeal({
    purpose: `cookie ${widgetId}`,
    secrets: [new Uint8Array(32)],
    schema: visitorCookieSchema,
    maxAgeSeconds: DAY,
  });
  return seal.seal({ visitorId: "", isCustomer: false, sessions: [], ...content }, now);
}
