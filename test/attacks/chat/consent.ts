import { type Page } from "playwright-core";
import { openChatPage } from "../../browser/chat-page.ts";
import { launchChromium } from "../../browser/chromium.ts";
import { serveOwnPages } from "../../browser/own-pages.ts";
import { startPlayground } from "../../playground/playground.ts";
import { createVisitorClient, type VisitorClient } from "../../worker/visitor-client.ts";
import { type Attack, type Target } from "../attack.ts";
import { CONTACT_ID, inBrowser, isOffered, postFrom } from "../victim.ts";

const YES = "__Host-chat-consent=1";
const NO = "__Host-chat-consent=0";
const LATER_YES = `${YES}.1795856400000`;

const ANY_AGREEMENT = {
  file: "src/http/chat/visitor-cookie.ts",
  from: "agreed === undefined || opened?.content.agreed === agreed",
  to: "true",
};

/** Attacks on consent: a yes that is not the visitor's, and a no that does not last. */
export const consentAttacks: readonly Attack[] = [
  {
    name: "Plants a yes from a sibling subdomain, so that a visitor's chats are kept against the visitor's will",
    withoutGuard: { file: "src/core/headers/cookies.ts", from: `PREFIX = "__Host-chat-"`, to: `PREFIX = "chat-"` },
    attempt: (target) => isKeptAfter(target, ["__Host-chat-consent=1", "chat-consent=1"]),
  },
  {
    name: "Plants such a yes under a name that begins with white space which browsers do not trim",
    withoutGuard: {
      file: "src/core/headers/cookies.ts",
      from: "trimBlanks(cookie.slice(0, equals)) === name",
      to: "cookie.slice(0, equals).trim() === name",
    },
    attempt: (target) => isKeptAfter(target, [`\u2000${YES}`]),
  },
  {
    name: "Has an element in its review agree in the name of whoever reads it",
    withoutGuard: {
      file: "src/browser/chat/consent-of-page.ts",
      from: `const root = ofDocument("documentElement");`,
      to: `const root = document.querySelector("p") ?? ofDocument("documentElement");`,
    },
    attempt: ({ path }) => readsReview(path("src/index.ts"), '<p data-chat-consent="true">Nice tea.</p>'),
  },
  {
    name: "Agrees in a browser whose visitor has taken consent back, and gets that visitor's chat",
    withoutGuard: [
      ANY_AGREEMENT,
      { file: "src/http/chat/token.ts", from: "if (!isConsentGiven) cookies.deleteAfterRefusal(c);", to: "" },
    ],
    async attempt({ start }) {
      const visitor = await chatWithConsent((await start({ CONSENT_COOKIE: "page" })).origin);
      await visitor.post("/_chat/token", {}, { cookie: `${NO}; ${visitor.cookie}` });
      visitor.cookie += `; ${LATER_YES}`;
      return isOffered(visitor, {});
    },
  },
  {
    name: "Agrees in such a browser, and gets the chat that was still open in another tab at the refusal, once that tab is closed",
    withoutGuard: {
      file: "src/browser/page/consent.ts",
      from: "return readWord(findCookies).slice(1);",
      to: 'return "";',
    },
    attempt: getsChatOfClosedTab,
  },
  {
    name: "Brings the cookie back into a browser whose visitor has taken consent back, by an answer that was on its way",
    withoutGuard: ANY_AGREEMENT,
    async attempt({ start }) {
      const visitor = await chatWithConsent((await start({ CONSENT_COOKIE: "page" })).origin);
      visitor.cookie += `; ${LATER_YES}`;
      return isOffered(visitor, {});
    },
  },
];

/** @returns The visitor of a chat that is recorded. */
async function chatWithConsent(origin: string): Promise<VisitorClient> {
  const visitor = createVisitorClient(origin);
  const answer = await visitor.post("/_chat/token", {}, { cookie: YES });
  const { ticket }: { ticket: string } = await answer.json();
  const report = { ticket, contactId: CONTACT_ID, event: "started", ageSeconds: 0 };
  await visitor.post("/_chat/contacts", report, { cookie: `${YES}; ${visitor.cookie}` });
  return visitor;
}

/** Sets cookies for all hosts of the shop. @returns Whether the Worker then keeps a visitor who has said nothing. */
async function isKeptAfter({ start }: Target, cookies: readonly string[]): Promise<boolean> {
  return inBrowser(await start({ CONSENT_COOKIE: "page" }), {}, async (page, { shop, sibling }) => {
    await page.goto(sibling);
    await plant(page, cookies);
    await page.goto(shop);
    const { ticket }: { ticket: string | null } = JSON.parse(await postFrom(page, "/_chat/token", {}));
    return ticket !== null;
  });
}

function plant(page: Page, cookies: readonly string[]): Promise<void> {
  return page.evaluate((texts) => {
    for (const text of texts) document.cookie = `${text}; Domain=shop.localhost; Path=/_chat; Secure`;
  }, cookies);
}

async function getsChatOfClosedTab({ path }: Target): Promise<boolean> {
  const pages = await serveOwnPages({ "/": "<body>A page</body>" });
  const vars = { ORIGIN_URL: pages.origin, CONSENT_COOKIE: "page", RESUME_MINUTES: "30" };
  const entry = path("src/index.ts");
  const playground = await startPlayground({ port: 0, transcriptDelaySeconds: 1, entry, vars });
  const browser = await launchChromium();
  try {
    const context = await browser.newContext();
    const visit = () => openChatPage(context, playground.worker.origin);
    const victim = await visit();
    await victim.page.evaluate("persistentChat.consent(true)");
    await victim.open();
    await victim.say("private");
    const second = await visit();
    await second.page.evaluate("persistentChat.consent(false); persistentChat.consent(true)");
    await victim.page.close({ runBeforeUnload: true });
    await second.page.close();
    const attacker = await visit();
    await attacker.page
      .locator("#amazon-connect-chat-widget-iframe, #amazon-connect-open-widget-button")
      .first()
      .waitFor();
    return (await attacker.page.locator("#amazon-connect-chat-widget-iframe").count()) > 0;
  } finally {
    await browser.close();
    await playground.close();
    await pages.close();
  }
}

/** @returns Whether something of a visitor who has read the review and chatted is kept. */
async function readsReview(entry: string, review: string): Promise<boolean> {
  const pages = await serveOwnPages({ "/": `<body>${review}A page</body>` });
  const vars = { ORIGIN_URL: pages.origin, CONSENT_COOKIE: "page" };
  const playground = await startPlayground({ port: 0, transcriptDelaySeconds: 1, entry, vars });
  const browser = await launchChromium();
  try {
    const context = await browser.newContext();
    const { open, page, say } = await openChatPage(context, playground.worker.origin);
    await page.waitForTimeout(300);
    await open();
    await say("private");
    return (await context.cookies()).length > 0;
  } finally {
    await browser.close();
    await playground.close();
    await pages.close();
  }
}
