import { describe, expect, it } from "vitest";
import { renderScriptTag } from "../../../src/core/page/script-tag.ts";
import { useChatPages } from "../use-chat-pages.ts";

const here = useChatPages();
const leavingByHandAlone = here.useWorker({ EXCLUDE_PATHS: "/by-hand" });

describe("a page with the chat", () => {
  it("asks for nothing before the chat is opened", async () => {
    const { page } = await here.visit();
    await page.waitForLoadState("networkidle");
    expect(here.calls).toEqual([]);
    expect(await here.context.cookies()).toEqual([]);
    expect(await page.evaluate("localStorage.length + sessionStorage.length")).toBe(0);
  });

  it("gets one token when it is asked for two at once", async () => {
    here.playground.connect.switches.authenticateTwice = "yes";
    await (await here.visit()).open();
    await expect.poll(() => here.calls).toEqual(["POST token 200", "POST contacts 201"]);
  });

  it("runs once, also when the page has its script twice", async () => {
    here.pages["/twice"] = '<body><script src="/_chat/widget.js"></script></body>';
    const { button, page } = await here.visit("/twice");
    await button.waitFor();
    expect(await button.count()).toBe(1);
    expect(await page.locator('script[src*="amazon-connect-chat-interface"]').count()).toBe(1);
  });

  it("has the chat by the tag that its owner wrote, where the Worker does not change the page", async () => {
    const tag = renderScriptTag({ chatPath: "/_chat", async: true, nonce: null });
    const html = `<!doctype html><head>${tag}</head><body><p>by hand</p></body>`;
    here.pages["/by-hand"] = { html, headers: {} };
    const visit = await here.visit("/by-hand", leavingByHandAlone);
    expect(await visit.page.locator("script[data-cfasync]").count()).toBe(1);
    await visit.open();
    await visit.say("Written by hand.");
    await expect.poll(() => here.calls).toEqual(["POST token 200", "POST contacts 201"]);
  });

  it("stays out of frames", async () => {
    here.pages["/framed"] = '<body><script src="/_chat/widget.js"></script><p>inside</p></body>';
    here.pages["/frame"] = '<body><iframe src="/framed"></iframe></body>';
    const { page } = await here.visit("/frame");
    const frame = page.frameLocator("iframe").first();
    await frame.getByText("inside").waitFor();
    await page.waitForLoadState("networkidle");
    expect(await frame.locator('script[src*="amazon-connect-chat-interface"]').count()).toBe(0);
    expect(await page.locator('script[src*="amazon-connect-chat-interface"]').count()).toBe(1);
  });

  it("leaves a page alone that carries the widget itself", async () => {
    here.pages["/own"] = `<body>${here.playground.connect.snippet}</body>`;
    const page = await here.context.newPage();
    // The page's own snippet must come first.
    await page.route("**/_chat/widget.js", async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 300));
      await route.continue();
    });
    await page.goto(`${here.playground.worker.origin}/own`);
    await page.waitForFunction("window.persistentChat");
    await page.waitForLoadState("networkidle");
    expect(await page.locator("#amazon-connect-open-widget-button").count()).toBe(1);
  });

  it("starts the widget of a prerendered page when the visitor comes to see it", async () => {
    await here.context.addInitScript(
      "Object.defineProperty(Document.prototype, 'prerendering', { value: true, configurable: true })",
    );
    const { button, page, open } = await here.visit();
    await page.waitForLoadState("networkidle");
    expect(await button.count()).toBe(0);
    await page.evaluate("document.dispatchEvent(new Event('prerenderingchange'))");
    await open();
    await expect.poll(() => here.calls).toEqual(["POST token 200", "POST contacts 201"]);
  });

  it("never sends or keeps the participant token", async () => {
    const sent: string[] = [];
    here.context.on("request", (request) => {
      if (request.url().startsWith(here.playground.worker.origin))
        sent.push(request.url() + (request.postData() ?? ""));
    });
    let participantToken = "";
    here.context.on("response", async (response) => {
      if (!response.url().endsWith("/start") || response.request().method() !== "POST") return;
      participantToken = (await response.json()).data.startChatResult.ParticipantToken;
    });
    const { open, page } = await here.visit();
    await open();
    await expect.poll(() => here.calls).toContain("POST contacts 201");
    expect(participantToken).not.toBe("");
    const kept = await page.evaluate(
      "JSON.stringify({ ...localStorage, own: sessionStorage['persistent-chat:session'] })",
    );
    expect(sent.join() + String(kept)).not.toContain(participantToken);
  });
});

describe("in a browser whose storage", () => {
  it.each([
    [
      "is forbidden",
      `Object.defineProperty(window, "localStorage", { get() { throw new DOMException("no", "SecurityError"); } });`,
    ],
    [
      "is full",
      `const setItem = Storage.prototype.setItem;
       Storage.prototype.setItem = function (key, value) {
         if (key.startsWith("persistent-chat")) throw new DOMException("full", "QuotaExceededError");
         return setItem.call(this, key, value);
       };`,
    ],
    [
      "holds something else under our names",
      `sessionStorage["persistent-chat:session"] = "{"; localStorage["persistent-chat:report:x:started"] = "nonsense";`,
    ],
  ])("%s, chats all the same, and reports", async (_how, script) => {
    await here.context.addInitScript(script);
    const { open, end } = await here.visit();
    await open();
    await expect.poll(() => here.calls).toContain("POST contacts 201");
    await end();
    await expect.poll(() => here.calls.filter((call) => call === "POST contacts 201")).toHaveLength(2);
  });
});
