import { type Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { CONTEXT_HEADER } from "../../../../src/core/chat/context/said-context.ts";
import { control } from "../../../worker/instrumented.ts";
import { widgetId } from "../../../playground/playground.ts";
import { type OwnPage } from "../../own-pages.ts";
import { useChatPages } from "../../use-chat-pages.ts";
import { createSteps, keptKeys } from "../steps.ts";

const ALL = "page title trail referrer language country device error";
const wrap = (title: string, body: string): OwnPage => ({
  html: `<!doctype html><html><head><title>${title}</title></head><body>${body}</body></html>`,
  headers: {},
});
const here = useChatPages(
  { CONTEXT: ALL, SIGN_OUT_PATHS: "/bye" },
  { "/": wrap("Shop", '<a href="/tea/green?x=1#y">Tea</a>'), "/tea/green": wrap("Green tea", "Tea"), "/bye": "Bye" },
);
const { goTo, newest } = createSteps(here);
const KEY = "persistent-chat:trail";
const kept = (page: Page) => page.evaluate((key) => sessionStorage.getItem(key), KEY);
const push = (page: Page, path: string) => page.evaluate((to) => history.pushState(null, "", to), path);

describe("with CONTEXT", () => {
  it("tells the agent the page, its title, the pages before, and what the request tells", async () => {
    await control(here.playground.worker, { country: "DE" });
    await here.context.setExtraHTTPHeaders({ "accept-language": "de-CH,de;q=0.9" });
    const { page, open } = await here.visit();
    await page.click("a");
    await page.waitForURL("**/tea/green?x=1#y");
    await open();
    expect(newest()?.attributes).toMatchObject({
      chatPage: "/tea/green",
      chatPageTitle: "Green tea",
      chatTrail: "/tea/green 0m, / 0m",
      chatReferrer: `${here.playground.worker.origin}/`,
      chatLanguage: "de-CH",
      chatCountry: "DE",
      chatDevice: "desktop",
      chatLastError: "none",
    });
  });

  it("tells the page after client-side navigation, without a request", async () => {
    const { page, open } = await here.visit();
    const requests: string[] = [];
    await page.waitForLoadState("networkidle");
    page.on("request", (request) => requests.push(request.url()));
    for (const path of ["/cart", "/cart?step=2", "/pay#card"]) await push(page, path);
    await page.evaluate(() => (document.title = "Payment"));
    expect(requests).toEqual([]);
    await open();
    expect(newest()?.attributes).toMatchObject({
      chatPage: "/pay",
      chatPageTitle: "Payment",
      chatTrail: "/pay 0m, /cart 0m, / 0m",
    });
  });

  it("tells the page where the chat is opened also in a browser without the Navigation API", async () => {
    await here.context.addInitScript("Object.defineProperty(window, 'navigation', { value: undefined })");
    const { page, open } = await here.visit();
    for (const path of ["/unseen", "/cart"]) await push(page, path);
    await open();
    expect(newest()?.attributes).toMatchObject({ chatPage: "/cart", chatTrail: "/cart 0m, / 0m" });
  });

  it("tells the minutes since, on the next page of the tab as well", async () => {
    const tab = await here.visit();
    await tab.page.evaluate((key) => sessionStorage.setItem(key, `/ ${Date.now() - 150_000} `), KEY);
    await goTo(tab, "/tea/green");
    await tab.open();
    expect(newest()?.attributes["chatTrail"]).toBe("/tea/green 0m, / 2m");
  });

  it("tells message and file of the last script error", async () => {
    here.pages["/broken"] = wrap("Broken", "<script>let unheard; const fail = () => unheard.now(1);</script>");
    const { open, page } = await here.visit("/broken?token=secret");
    await page.evaluate("setTimeout(fail)");
    await open();
    expect(newest()?.attributes["chatLastError"]).toMatch(/^Uncaught TypeError: .*'now'.* \(\/broken\)$/);
  });

  it("keeps little, and the newest pages, after 10,000 client-side navigations", async () => {
    const { page, open } = await here.visit();
    await page.evaluate(async () => {
      for (let count = 0; count < 10_000; count++) {
        history.pushState(null, "", `/page/${count}/${"x".repeat(count % 60)}`);
        if (count % 100 === 0) await new Promise((resolve) => setTimeout(resolve));
      }
      history.pushState(null, "", "/cart");
    });
    await expect.poll(() => kept(page)).toMatch(/^\/cart /);
    expect((await kept(page))?.length).toBeLessThanOrEqual(300);
    await open();
    const trail = newest()?.attributes["chatTrail"]?.split(", ") ?? [];
    expect(trail).toHaveLength(5);
    for (const visit of trail) expect(visit).toMatch(/^(?:\/|…)\S{0,39} \dm$/);
    expect(await keptKeys(page)).toContain(KEY);
  });

  it.each([
    ["a megabyte", "x".repeat(1_000_000), "x".repeat(256)],
    ["wide letters", "緑".repeat(1000), "緑".repeat(256)],
    ["lone surrogates", "a\ud83d\udf75\ud83db", "a\u{1f775}b"],
    ["marks from right to left", "\u202eTea\u202c \u2067now\u2069", "Tea now"],
    ["markup and a control", "<script>1</script>\u0000 Tea", "1 Tea"],
  ])("starts the chat on a page with a title of %s", async (_what, title, told) => {
    const { page, open } = await here.visit();
    await page.evaluate((text) => (document.title = text), title);
    await open();
    expect(newest()?.attributes["chatPageTitle"]).toBe(told);
  });

  it.each([
    ["a megabyte", "/x".repeat(500_000)],
    ["no trail", '[[["/a",1]],null,{}]'],
    ["odd characters", "\ud800\u202e <b> \u0000 \n 5"],
    ["nothing", ""],
  ])("starts the chat where a script has written %s into the trail", async (_what, text) => {
    const { page, open } = await here.visit();
    await page.evaluate(([key, value]) => sessionStorage.setItem(key, value), [KEY, text] as const);
    await page.reload();
    await page.evaluate(([key, value]) => sessionStorage.setItem(key, value), [KEY, text] as const);
    await open();
    expect(newest()?.attributes["chatTrail"]).toMatch(/^\/ 0m(?:, [^\s<>]+ \d+m)*$/);
  });

  it("is not misled by elements that have the names of what it reads", async () => {
    const names = ["title", "referrer", "navigation", "location", "cookie", "sessionStorage"];
    const body = names.map((name) => `<img name="${name}" id="${name}" alt=""><form name="${name}"></form>`).join("");
    here.pages["/clobbered"] = wrap("Reviews", body);
    const { page, open } = await here.visit("/clobbered");
    await push(page, "/clobbered/2");
    await open();
    const trail = "/clobbered/2 0m, /clobbered 0m";
    const expected = { chatPageTitle: "Reviews", chatTrail: trail, chatReferrer: "none" };
    expect(newest()?.attributes).toMatchObject(expected);
  });

  it("starts the chat, with what the page was, where the browser keeps nothing", async () => {
    await here.context.addInitScript("Storage.prototype.setItem = () => { throw new Error('full'); }");
    const { page, open } = await here.visit();
    await push(page, "/cart");
    await open();
    expect(newest()?.attributes["chatTrail"]).toBe("/cart 0m, / 0m");
  });
});

describe("the trail", () => {
  it("does not go from one tab to another", async () => {
    await here.visit("/tea/green");
    await (await here.visit()).open();
    expect(newest()?.attributes["chatTrail"]).toBe("/ 0m");
  });

  it.each([
    ["signed out by a page", async (page: Page) => page.goto(`${here.playground.worker.origin}/bye`)],
    ["signed out by a call", async (page: Page) => page.evaluate(() => fetch("/bye"))],
    ["been forgotten", async (page: Page) => page.evaluate("window.persistentChat.forget()")],
  ])("is gone once the visitor has %s", async (_how, leave) => {
    const tab = await here.visit("/tea/green");
    await leave(tab.page);
    await goTo(tab, "/");
    await tab.open();
    expect(newest()?.attributes["chatTrail"]).toMatch(/^\/ 0m(?:, \/bye 0m)?$/);
  });

  it("notes a page that the browser has kept and shows again", async () => {
    const { page } = await here.visit();
    await page.evaluate((key) => sessionStorage.setItem(key, "/cart 5 "), KEY);
    await page.evaluate(() => dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true })));
    expect(await kept(page)).toMatch(/^\/ \d{13} \/cart 5 $/);
  });

  it("leaves excluded paths out", async () => {
    const { page, open } = await here.visit("/", excluding);
    for (const path of ["/secret/1", "/tea", "/secret/2", "/cart"]) await push(page, path);
    await open();
    expect(newest()?.attributes["chatTrail"]).toBe("/cart 0m, /tea 0m, / 0m");
  });
  const excluding = here.useWorker({ EXCLUDE_PATHS: "/secret/*" });
});

describe("CONTEXT and consent", () => {
  const worker = here.useWorker({ CONSENT_COOKIE: "agreed=^1$" });
  const agree = (page: Page, value: string) =>
    page.evaluate((text) => (document.cookie = `agreed=${text}; path=/`), value);

  it("tells and keeps nothing of the page without consent, but what the request tells", async () => {
    const sent: (string | null)[] = [];
    here.context.on("request", (request) => sent.push(request.headers()[CONTEXT_HEADER] ?? null));
    const { page, open } = await here.visit("/tea/green?x=1", worker);
    await push(page, "/cart");
    await open();
    expect(new Set(sent)).toEqual(new Set([null]));
    expect(await kept(page)).toBeNull();
    expect(newest()?.attributes).toMatchObject({
      chatPage: "/cart",
      chatPageTitle: "none",
      chatTrail: "none",
      chatReferrer: "none",
      chatDevice: "desktop",
      chatLastError: "none",
    });
  });

  it("begins with consent, and goes with it at once", async () => {
    const { page, open, end } = await here.visit("/tea/green", worker);
    await agree(page, "1");
    await expect.poll(() => kept(page)).toMatch(/^\/tea\/green /);
    await push(page, "/cart");
    await open();
    expect(newest()?.attributes).toMatchObject({ chatPageTitle: "Green tea", chatTrail: "/cart 0m, /tea/green 0m" });
    await end();
    await agree(page, "0");
    await expect.poll(() => kept(page)).toBeNull();
    await open();
    expect(newest()?.attributes).toMatchObject({ chatPage: "/cart", chatPageTitle: "none", chatTrail: "none" });
  });
});

describe("CONTEXT with the page's own widget", () => {
  const worker = here.useWorker({ WIDGET_SNIPPET: "page", WIDGET_ID: widgetId });

  it("tells the same", async () => {
    here.pages["/own"] = wrap("Own", here.playground.connect.snippet);
    const { page, open } = await here.visit("/own?x=1", worker);
    await push(page, "/cart");
    await open();
    expect(newest()?.attributes).toMatchObject({ chatPageTitle: "Own", chatTrail: "/cart 0m, /own 0m" });
  });
});

describe("without trail and error in CONTEXT", () => {
  const worker = here.useWorker({ CONTEXT: "title country" });

  it("says and keeps no more than is asked for", async () => {
    const asked = here.context.waitForEvent("request", (request) => request.url().endsWith("/_chat/token"));
    const { page, open } = await here.visit("/tea/green", worker);
    await open();
    expect((await asked).headers()[CONTEXT_HEADER]).toBe("title=Green+tea");
    expect(await kept(page)).toBeNull();
  });
});
