import { describe, expect, it } from "vitest";
import { widgetId } from "../../../playground/playground.ts";
import { useChatPages } from "../../use-chat-pages.ts";
import { say } from "./consent-steps.ts";

const here = useChatPages({ CONSENT_COOKIE: "page", CONSENT_LOAD: "1" });
const workers: Readonly<Record<string, ReturnType<typeof here.useWorker>>> = {
  page: here.useWorker({}),
  tcf: here.useWorker({ CONSENT_COOKIE: "tcf:1" }),
  gcm: here.useWorker({ CONSENT_COOKIE: "gcm" }),
  cookie: here.useWorker({ CONSENT_COOKIE: "agreed=yes" }),
};
const ofPage = here.useWorker({ WIDGET_SNIPPET: "page", WIDGET_ID: widgetId });

const YES = "{ eventStatus: 'tcloaded', gdprApplies: true, purpose: { consents: { 1: true } } }";
const UPDATE = "['consent', 'update', { functionality_storage: 'granted' }]";

/** As Chromium in the first milliseconds of a page, for as long as the page is there. */
const UNTOLD = "Object.defineProperty(CookieStore.prototype, 'addEventListener', { value() {} })";

const visit = (source: string, script: string) => {
  here.pages["/banner"] = {
    html: `<!doctype html><html><head><title>A page</title><script>${script}</script></head><body>A page</body></html>`,
    headers: {},
  };
  return here.visit("/banner", workers[source]);
};

describe("with CONSENT_LOAD=1, where the browser does not tell of a changed cookie", () => {
  it.each([
    ["page", "document.documentElement.dataset.chatConsent = true"],
    ["tcf", `window.__tcfapi = (command, version, callback) => callback(${YES}, true)`],
    ["tcf", `window.__tcfapi = (command, version, callback) => setTimeout(callback, 1500, ${YES}, true)`],
    ["gcm", `window.dataLayer = [${UPDATE}]`],
  ])("loads the widget by the page's word: %s, %s", async (source, script) => {
    await here.context.addInitScript(UNTOLD);
    const { button } = await visit(source, script);
    await button.waitFor({ timeout: 3000 });
  });

  it("loads the widget once, at the moment of the word", async () => {
    await here.context.addInitScript(UNTOLD);
    const { page, button } = await visit("page", "");
    await page.waitForTimeout(1500);
    expect(await button.count()).toBe(0);
    await say(page, true);
    await button.waitFor({ timeout: 1000 });
    await say(page, true);
    await page.waitForTimeout(300);
    expect(await page.locator('script[src*="amazon-connect-chat-interface"]').count()).toBe(1);
  });

  it("finds a cookie of the page's first moments a second later", async () => {
    await here.context.addInitScript(UNTOLD);
    const { button } = await visit("cookie", "setTimeout(() => { document.cookie = 'agreed=yes' }, 100)");
    await button.waitFor({ timeout: 3000 });
  });
});

describe("with CONSENT_LOAD=1 and LOAD_WIDGET=interaction", () => {
  const worker = here.useWorker({ LOAD_WIDGET: "interaction" });

  it("waits for both, in any order", async () => {
    for (const order of [
      ["agree", "press"],
      ["press", "agree"],
    ]) {
      await here.context.clearCookies();
      const { button, page } = await here.visit("/", worker);
      for (const [index, step] of order.entries()) {
        await page.waitForTimeout(300);
        expect([order, index, await button.count()]).toEqual([order, index, 0]);
        await (step === "agree" ? say(page, true) : page.keyboard.press("Tab"));
      }
      await button.waitFor({ timeout: 3000 });
      await page.close();
    }
  });
});

describe("with CONSENT_LOAD=1, a live chat from before a refusal", () => {
  it("does not come back in its tab for whoever agrees next", async () => {
    const { open, page, say: write, showsNoChat } = await here.visit();
    await say(page, true);
    await open();
    await write("of the first person");
    await say(page, false);
    await page.reload();
    await say(page, true);
    expect(await showsNoChat()).toBe(true);
  });

  it("stays where the page loads its own widget, which waits for nobody", async () => {
    here.pages["/"] = `<body>${here.playground.connect.snippet}</body>`;
    const { open, page, say: write, shows } = await here.visit("/", ofPage);
    await open();
    await write("of this visitor");
    await page.reload();
    await shows("of this visitor");
  });
});
