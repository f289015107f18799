import { type Page } from "playwright-core";
import { createSeal } from "../../../src/adapters/seal.ts";
import { visitorCookieSchema } from "../../../src/core/chat/visitor.ts";
import { control } from "../../worker/instrumented.ts";
import { widgetId } from "../../worker/settings.ts";
import { createVisitorClient } from "../../worker/visitor-client.ts";
import { type Attack } from "../attack.ts";
import { CONTACT_ID, createVisitorWithChat, haveChat, inBrowser, isOffered, postFrom, readContact } from "../victim.ts";
import { forget, valueOf, withCookie } from "./visitors.ts";

const HOUR = 3600;
const DAY = 24 * HOUR;

/** Browsers trim less than JavaScript does. */
const TAKES_SIMILAR = {
  file: "src/core/headers/cookies.ts",
  from: "trimBlanks(cookie.slice(0, equals)) === name",
  to: "cookie.slice(0, equals).trim() === name",
};

/** The second guard against a planted cookie: our answer sets the real cookie beside it, and then two cookies are sent. */
const TAKES_REPEATED = {
  file: "src/http/chat/visitor-cookie.ts",
  from: "sealed.length > 1 || left.length > 1",
  to: "false",
};

/** Attacks by cookies: forged, copied, planted. */
export const cookieAttacks: readonly Attack[] = [
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
    withoutGuard: { file: "src/adapters/seal.ts", from: "age > maxAgeSeconds + CLOCK_TOLERANCE_SECONDS", to: "false" },
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
      visitor.cookie += "; __Host-chat-left=a-sign-out-since-then";
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
];

/** Sets a cookie for all hosts of the shop, behind a character that JavaScript trims and browsers do not. */
async function plant(page: Page, sibling: string, cookie: string): Promise<void> {
  await page.goto(sibling);
  await page.evaluate((text) => {
    document.cookie = `\u2000${text}; Domain=shop.localhost; Path=/_chat; Secure`;
  }, cookie);
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
