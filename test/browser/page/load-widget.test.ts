import { type Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { type ChatPage, toChatPage } from "../chat-page.ts";
import { useChatPages } from "../use-chat-pages.ts";

const CLIENT = "amazon-connect-chat-interface-client.js";
const VALUES = ["now", "idle", "interaction"] as const;

const here = useChatPages(
  { EXCLUDE_PATHS: "/admin/*" },
  {
    "/slow": '<body><h1>Slow</h1><img src="/slow.png"></body>',
    "/form": `<body><form><input id="name" onkeydown="event.stopPropagation()"></form></body>`,
    "/launcher": '<body><button id="help">Help</button></body>',
    "/agree": `<body><button id="agree" onclick="document.cookie = 'agreed=yes'">I agree</button></body>`,
  },
);
const idle = here.useWorker({ LOAD_WIDGET: "idle" });
const interaction = here.useWorker({ LOAD_WIDGET: "interaction" });
const agreed = here.useWorker({ LOAD_WIDGET: "interaction", CONSENT_COOKIE: "agreed=yes", CONSENT_LOAD: "1" });
const launching = here.useWorker(() => ({
  LOAD_WIDGET: "interaction",
  WIDGET_SNIPPET: here.playground.connect.snippet.replace(
    "</script>",
    () => "amazon_connect('customLaunchBehavior', { skipIconButtonAndAutoLaunch: true });</script>",
  ),
}));

const loaded = (page: Page) => page.locator(`script[src*="${CLIENT}"]`).count();
const move = (page: Page) => page.mouse.move(5, 5, { steps: 3 });
const rest = (page: Page) => page.waitForTimeout(400);

async function expectToWait({ page }: ChatPage): Promise<void> {
  await page.waitForLoadState("networkidle");
  expect(await loaded(page)).toBe(0);
}

/** Keeps a picture back, and with it the page's load event. */
async function holdPicture(): Promise<() => void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  await here.context.route("**/slow.png", async (route) => {
    await promise;
    await route.fulfill({ contentType: "image/png", body: "" });
  });
  return resolve;
}

/** Opens the slow page, without a wait for its load event. */
async function openSlow(origin: string): Promise<Page> {
  const page = await here.context.newPage();
  await page.goto(`${origin}/slow`, { waitUntil: "domcontentloaded" });
  await page.waitForFunction("window.persistentChat");
  return page;
}

describe("LOAD_WIDGET", () => {
  it("changes no byte of a page", async () => {
    const origins = [here.playground.worker, idle, interaction].map(({ origin }) => origin);
    const get = async (origin: string) => (await fetch(origin, { headers: { "sec-fetch-dest": "document" } })).text();
    const [now = "", ...others] = await Promise.all(origins.map(get));
    expect(now).toContain('<script data-cfasync="false" async src="/_chat/widget.js"></script>');
    expect(others).toEqual([now, now]);
  });

  it("is now where it is not set: the widget loads while the page does", async () => {
    const release = await holdPicture();
    const page = await openSlow(here.playground.worker.origin);
    await page.locator("#amazon-connect-open-widget-button").waitFor();
    expect(await page.evaluate("document.readyState")).toBe("interactive");
    release();
  });

  it.each(VALUES)("(%s) makes no call and keeps nothing before the chat is opened", async (value) => {
    const { page } = await here.visit("/", { now: here.playground.worker, idle, interaction }[value]);
    await move(page);
    await page.locator("#amazon-connect-open-widget-button").waitFor();
    expect(here.calls).toEqual([]);
    expect(await page.evaluate("localStorage.length + sessionStorage.length")).toBe(0);
  });
});

describe("LOAD_WIDGET=idle", () => {
  it.each([
    ["tells when it is idle", ""],
    ["does not tell", "Object.defineProperty(window, 'requestIdleCallback', { value: undefined })"],
  ])("loads the widget after the page's load event, in a browser that %s", async (_how, script) => {
    if (script !== "") await here.context.addInitScript(script);
    const release = await holdPicture();
    const page = await openSlow(idle.origin);
    await move(page);
    await rest(page);
    expect(await loaded(page)).toBe(0);
    release();
    await page.locator("#amazon-connect-open-widget-button").waitFor();
    expect(await loaded(page)).toBe(1);
  });

  it("loads the widget of a prerendered page when the visitor comes to see it", async () => {
    await here.context.addInitScript(
      "Object.defineProperty(Document.prototype, 'prerendering', { value: true, configurable: true })",
    );
    const tab = await here.visit("/", idle);
    await expectToWait(tab);
    await tab.page.evaluate("document.dispatchEvent(new Event('prerenderingchange'))");
    await tab.button.waitFor();
  });
});

describe("LOAD_WIDGET=interaction", () => {
  it.each<[string, (page: Page) => Promise<unknown>]>([
    ["moves the pointer", move],
    ["presses a key", (page) => page.keyboard.press("Shift")],
    ["focuses a field", (page) => page.evaluate("document.getElementById('name').focus()")],
    [
      "touches the page",
      async (page) => {
        const session = await page.context().newCDPSession(page);
        await session.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [{ x: 200, y: 200 }] });
      },
    ],
  ])("loads the widget when the visitor %s", async (_what, act) => {
    const tab = await here.visit("/form", interaction);
    await expectToWait(tab);
    await act(tab.page);
    await tab.button.waitFor();
    await move(tab.page);
    await tab.page.keyboard.press("Tab");
    await tab.open();
    expect(await loaded(tab.page)).toBe(1);
    await expect.poll(() => here.calls).toEqual(["POST token 200", "POST contacts 201"]);
  });

  it("takes no pointer that rests on the page for the visitor's sign", async () => {
    const tab = await here.visit("/form", interaction);
    const rests = "new PointerEvent('pointermove', { bubbles: true, screenX: 0, screenY: 0 })";
    await tab.page.evaluate(`document.body.dispatchEvent(${rests}); document.body.dispatchEvent(${rests})`);
    await expectToWait(tab);
  });

  it("sees a key that the site's own handler keeps to itself", async () => {
    const tab = await here.visit("/form", interaction);
    await expectToWait(tab);
    // By itself: a visitor's key comes after a focus event.
    await tab.page.evaluate(
      "document.getElementById('name').dispatchEvent(new KeyboardEvent('keydown', { bubbles: true }))",
    );
    await tab.button.waitFor();
  });

  it("shows a live chat at once: on the next page, in a new tab, and after the browser was closed", async () => {
    const before = here.playground.connect.contacts().length;
    const tab = await here.visit("/", interaction);
    await move(tab.page);
    await tab.open();
    await tab.say("still here");
    const release = await holdPicture();
    await tab.page.goto(`${interaction.origin}/slow`, { waitUntil: "domcontentloaded" });
    await tab.shows("still here");
    await toChatPage(await openSlow(interaction.origin)).shows("still here");
    release();
    await here.reopen();
    await (await here.visit("/", interaction)).shows("still here");
    expect(here.playground.connect.contacts()).toHaveLength(before + 1);
  });

  it("takes over a chat that began in another tab while this tab waited", async () => {
    const [waiting, other] = [await here.visit("/", interaction), await here.visit("/", interaction)];
    await move(other.page);
    await other.open();
    await other.say("from the other tab");
    expect(await loaded(waiting.page)).toBe(0);
    await waiting.page.bringToFront();
    await move(waiting.page);
    await waiting.shows("from the other tab");
  });

  it("shows a chat that began after the visitor had left, when the visitor comes back to the kept page", async () => {
    const [left, next] = [await here.visit("/", interaction), await here.visit("/", interaction)];
    await move(next.page);
    await next.open();
    await next.say("on the next page");
    expect(await loaded(left.page)).toBe(0);
    await left.page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))");
    await left.shows("on the next page");
  });

  it.each([
    ["opens by itself", "{ skipIconButtonAndAutoLaunch: true }", ""],
    [
      "opens by a button of its own",
      "{ alwaysHideWidgetButton: true, programmaticLaunch: (launch) => { window.launch = launch; } }",
      "launch()",
    ],
  ])("loads the widget at once on a page whose own script %s", async (_how, behaviour, press) => {
    const tab = await here.visit("/launcher", interaction);
    await tab.page.evaluate("amazon_connect('contactAttributes', { page: 'launcher' })");
    await expectToWait(tab);
    await tab.page.evaluate(`amazon_connect('customLaunchBehavior', ${behaviour})`);
    if (press !== "") {
      await tab.page.waitForFunction("window.launch");
      await tab.page.evaluate(press);
    }
    await tab.say("launched");
    expect(await loaded(tab.page)).toBe(1);
  });

  it("delays a snippet that opens the chat by itself", async () => {
    const tab = await here.visit("/", launching);
    await expectToWait(tab);
    await move(tab.page);
    await tab.say("late");
  });

  it("needs no second sign where the first was the visitor's consent", async () => {
    const tab = await here.visit("/agree", agreed);
    await move(tab.page);
    await expectToWait(tab);
    await tab.page.locator("#agree").evaluate((button: HTMLElement) => button.click());
    await tab.button.waitFor();
    expect(await loaded(tab.page)).toBe(1);
  });

  it("waits for a sign also where consent was given before", async () => {
    await here.context.addCookies([{ name: "agreed", value: "yes", url: agreed.origin }]);
    const tab = await here.visit("/agree", agreed);
    await expectToWait(tab);
    await move(tab.page);
    await tab.button.waitFor();
  });

  it("hides a widget that arrives after client-side navigation to an excluded path", async () => {
    const { page } = await here.visit("/", interaction);
    await here.context.route(`**/${CLIENT}`, async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 300));
      await route.continue();
    });
    await move(page);
    await page.evaluate("history.pushState(null, '', '/admin/users')");
    await page.locator("#amazon-connect-chat-widget").waitFor({ state: "attached" });
    const display = () => page.locator("#amazon-connect-chat-widget").evaluate((widget) => widget.style.display);
    await expect.poll(display).toBe("none");
    await page.evaluate("history.back()");
    await expect.poll(display).toBe("");
  });
});
