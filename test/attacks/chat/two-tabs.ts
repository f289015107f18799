import { openChatPage } from "../../browser/chat-page.ts";
import { launchChromium } from "../../browser/chromium.ts";
import { serveOwnPages } from "../../browser/own-pages.ts";
import { signToken } from "../../playground/connect/signing/sign-token.ts";
import { securityKey, startPlayground, widgetId } from "../../playground/playground.ts";
import { control } from "../../worker/instrumented.ts";
import { type Target } from "../attack.ts";

/** A page of a site whose script has the token of whoever is signed in on it. */
function renderPage(claims: object): string {
  const iat = Math.floor(Date.now() / 1000);
  const token = signToken({ claims: { sub: widgetId, iat, exp: iat + 500, ...claims }, securityKey });
  return `<body><script>window.shopToken = ${JSON.stringify(token)};</script>A page</body>`;
}

/** A guest chats, and two tabs then open the chat at once, each with another customer. @returns Whether both get that chat. */
export async function signsInAsTwoAtOnce({ path }: Target): Promise<boolean> {
  const pages = await serveOwnPages({
    "/": renderPage({}),
    "/ada": renderPage({ customerId: "ada" }),
    "/ben": renderPage({ customerId: "ben" }),
  });
  const playground = await startPlayground({ port: 0, transcriptDelaySeconds: 1 });
  const authenticate = "amazon_connect('authenticate', function (callback) { callback(window.shopToken); });";
  const worker = await playground.addWorker({
    port: 0,
    entry: path("test/worker/entries/instrumented.ts"),
    vars: {
      WIDGET_SNIPPET: playground.connect.snippet.replace("</script>", () => `${authenticate}</script>`),
      ORIGIN_URL: pages.origin,
      CARRY_OVER: "1",
    },
  });
  const browser = await launchChromium();
  try {
    const context = await browser.newContext();
    const guest = await openChatPage(context, worker.origin);
    const [reported, ended] = [nextReport(guest.page), Promise.withResolvers<void>()];
    await guest.open();
    await reported;
    const { contactId } = playground.connect.contacts()[0] ?? {};
    void nextReport(guest.page).then(() => ended.resolve());
    await guest.end();
    await ended.promise;
    const tabs = await Promise.all(["/ada", "/ben"].map((page) => openChatPage(context, worker.origin + page)));
    // Both tokens are asked for before KV shows a write.
    await control(worker, { kvPutMs: 700 });
    await Promise.all(tabs.map((tab) => tab.open()));
    const offered = playground.connect.contacts().filter(({ attributes }) => attributes["contactId"] === contactId);
    return offered.length === 2;
  } finally {
    await browser.close();
    await playground.close();
    await pages.close();
  }
}

/** Waits for the answer to the next report. */
function nextReport(page: Awaited<ReturnType<typeof openChatPage>>["page"]) {
  return page.waitForResponse((response) => response.url().endsWith("/_chat/contacts"));
}
