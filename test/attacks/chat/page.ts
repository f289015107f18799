import { type Page } from "playwright-core";
import { type ChatPage, openChatPage } from "../../browser/chat-page.ts";
import { launchChromium } from "../../browser/chromium.ts";
import { hide } from "../../browser/outcomes/told.ts";
import { serveOwnPages } from "../../browser/own-pages.ts";
import { type Playground, startPlayground } from "../../playground/playground.ts";
import { type Attack, type Target } from "../attack.ts";
import { answerText, withServer } from "../with-server.ts";

const WIDGET = "#amazon-connect-chat-widget";

/** Attacks in the visitor's page: on an open chat, and by markup without script. */
export const pageAttacks: readonly Attack[] = [
  {
    name: "Looks at the live chat of whoever signed out in the same tab",
    withoutGuard: [
      { file: "src/browser/chat/sign-out.ts", from: "if (mark !== seenMark) {", to: "return; {" },
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
    withoutGuard: { file: "src/browser/chat/sign-out.ts", from: "onCookieChange(clearAfterSignOut);", to: "" },
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
    attempt: (target) =>
      withServer(answerText("{}"), (evil) =>
        inShop(target, { review: `<base href="${evil.origin}/">` }, async ({ page }) => {
          await page.click("#amazon-connect-open-widget-button");
          await page.waitForTimeout(1500);
          return evil.asked.some(({ url }) => url === "/_chat/token");
        }),
      ),
  },
  {
    name: "Sits down at a browser whose visitor signed out while their chat was being opened, and gets that chat",
    withoutGuard: {
      file: "src/browser/chat/token-source.ts",
      from: "if ((ticket || ownerToken) && visitor !== readVisitor()) return NO_TOKEN;",
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
    name: "Chats in the tab of somebody who has signed out, and has its agent told which pages that person saw",
    withoutGuard: {
      file: "src/browser/chat/sign-out.ts",
      from: "clearOwn(tabStorage, KEPT_KEYS);\n    persistedChat",
      to: "persistedChat",
    },
    attempt: (target) =>
      inShop(target, { vars: { CONTEXT: "trail" } }, async ({ open, page }, origin, { connect }) => {
        await page.goto(`${origin}/bye`);
        await page.goto(origin);
        await open();
        const trail = connect.contacts()[0]?.attributes["chatTrail"] ?? "";
        return trail.split(", ").length > 2;
      }),
  },
  {
    name: "Names an element cookie, so that the page does not see that its visitor signed out",
    withoutGuard: { file: "src/browser/page/cookies.ts", from: 'ofDocument("cookie")', to: "document.cookie" },
    attempt: (target) =>
      inShop(target, {}, async ({ page, open, say }) => {
        await open();
        await say("private");
        // Some sites load reviews later.
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
    name: "Has a picture in its review look like Amazon's client that fails, in the browser of everybody who reads it",
    withoutGuard: {
      file: "src/browser/outcome/follow-outcomes.ts",
      from: "script[src*='/amazon",
      to: "[src*='/amazon",
    },
    attempt: (target) =>
      inShop(target, { review: '<img src="/amazon-connect-chat-interface-client.js">' }, async ({ page }, origin) => {
        await page.route(`${origin}/amazon-connect-chat-interface-client.js`, async (route) => {
          // The picture fails after the browser part has begun to look.
          await page.waitForFunction("window.persistentChat");
          await route.fulfill({ status: 404 });
        });
        await page.reload();
        const told = page.waitForRequest("**/_chat/outcomes", { timeout: 3000 }).catch(() => null);
        // The browser part waits a second after a failure.
        await page.waitForTimeout(1500);
        await page.evaluate(hide);
        return (await told)?.postData()?.includes("client-failed") ?? false;
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
  /** Markup without script that a visitor may write into a page of this site. */
  readonly review?: string;
  readonly vars?: Readonly<Record<string, string>>;
}

/** A visitor on a page of a site with a sign-out path, and the stand-in of Amazon Connect. */
async function inShop(
  { path }: Target,
  { review = "", vars = {} }: Shop,
  attempt: (chat: ChatPage, origin: string, playground: Playground) => Promise<boolean>,
): Promise<boolean> {
  const pages = await serveOwnPages();
  Object.assign(pages.pages, { "/": `<body>${review}A page</body>`, "/bye": "<body>Signed out</body>" });
  const playground = await startPlayground({
    port: 0,
    transcriptDelaySeconds: 1,
    entry: path("src/index.ts"),
    vars: { ORIGIN_URL: pages.origin, SIGN_OUT_PATHS: "/bye", ...vars },
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

/** Signs the visitor out, and tells whether the next person at this screen can write into the chat. */
async function writesAfterSignOut(page: Page, say: ChatPage["say"]): Promise<boolean> {
  await page.evaluate(() => fetch("/bye", { method: "POST" }));
  await page.waitForTimeout(2000);
  if ((await page.locator(`${WIDGET} iframe`).count()) === 0) return false;
  await say("Who was that?");
  return true;
}
