import { describe, expect, it } from "vitest";
import { control } from "../../worker/instrumented.ts";
import { useChatPages } from "../use-chat-pages.ts";
import { expectTold, hide, leave, readTold, refuse, START_CALL } from "./told.ts";

const here = useChatPages();
const { playground } = here;

/** Opens the chat, which does not start. */
async function openInVain() {
  const tab = await here.visit();
  await tab.button.click();
  await tab.chat.locator("[data-role=error]").waitFor();
  return { ...tab, close: () => tab.page.locator("#amazon-connect-close-widget-button").click() };
}

describe("token-refused", () => {
  it("is told where the Worker gives no token, and not that Amazon then refuses the start", async () => {
    await here.context.route("**/_chat/token", (route) =>
      route.fulfill({ status: 403, json: { error: "CROSS_ORIGIN" } }),
    );
    const { close, page } = await openInVain();
    await close();
    await leave(page);
    await expectTold(playground.worker, "opened", "token-refused");
  });

  it("is not told where the site's own authenticate gave none", async () => {
    const own = "amazon_connect('authenticate', function (callback) { callback(null); });</script>";
    const WIDGET_SNIPPET = playground.connect.snippet.replace("</script>", () => own);
    await control(playground.worker, { settings: { WIDGET_SNIPPET } });
    const { close, page } = await openInVain();
    await close();
    await leave(page);
    await page.waitForTimeout(300);
    expect(await readTold(playground.worker)).toEqual([]);
  });
});

describe("start-refused", () => {
  it("is told with the status of Amazon's answer, also where the visitor just leaves", async () => {
    await control(playground.worker, { settings: { WIDGET_SECURITY_KEY: "A".repeat(44) } });
    const { page } = await openInVain();
    await leave(page);
    await expectTold(playground.worker, "opened", "start-refused-401");
  });

  it.each([400, 404])("is told with the status %i once, also where the visitor closes the widget", async (status) => {
    await here.context.route(START_CALL, refuse(status));
    const { close, page } = await openInVain();
    await close();
    await leave(page);
    await expectTold(playground.worker, "opened", `start-refused-${status}`);
  });

  it("is told without a status that Amazon does not explain", async () => {
    await here.context.route(START_CALL, refuse(500));
    const { close, page } = await openInVain();
    await close();
    await leave(page);
    await expectTold(playground.worker, "opened", "start-refused");
  });

  it("is told without the status in a browser that does not tell it, once the visitor closes the widget", async () => {
    await here.context.addInitScript("delete PerformanceResourceTiming.prototype.responseStatus");
    await here.context.route(START_CALL, refuse(401));
    const { close, page } = await openInVain();
    await close();
    await leave(page);
    await expectTold(playground.worker, "opened", "start-refused");
  });

  it("is told where the call is made in the widget's own frame", async () => {
    await here.context.route(START_CALL, refuse(500));
    const { chat, page } = await openInVain();
    const url = `${playground.connect.origin}/connectwidget/api/1/start`;
    await here.context.route(url, refuse(404));
    await chat
      .locator("body")
      .evaluate((body, address) => body.ownerDocument.defaultView?.fetch(address, { method: "POST" }), url);
    await leave(page);
    await expectTold(playground.worker, "opened", "start-refused-404");
  });

  it("is not told of a chat that started with the second try", async () => {
    await here.context.route(START_CALL, refuse(400), { times: 2 });
    const { close, button, chat, page } = await openInVain();
    await close();
    await here.context.unroute(START_CALL);
    await button.click();
    await chat.locator("[data-role=input]").waitFor();
    await leave(page);
    await expectTold(playground.worker, "opened", "started", "connected");
  });
});

describe("connection-lost", () => {
  const FEED = `const real = fetch;
    window.fetch = (url, options) => {
      if (!String(url).endsWith("/participant/feed")) return real(url, options);
      if (window.isFeedDown) return Promise.reject(new TypeError("down"));
      const stopper = new AbortController();
      window.dropFeed = () => stopper.abort();
      return real(url, { ...options, signal: stopper.signal });
    };`;
  const later = "const clock = Date.now; Date.now = () => clock() + 10_500;";

  async function lose() {
    await here.context.addInitScript(FEED);
    const tab = await here.visit();
    await tab.open();
    await expect.poll(() => here.calls).toContain("POST contacts 201");
    await tab.page.evaluate("isFeedDown = true; dropFeed();");
    await tab.chat.locator("[data-role=status]").getByText("Reconnecting").waitFor();
    return tab;
  }

  it("is told of a chat that has had no connection for 10 seconds", async () => {
    const { page } = await lose();
    await page.evaluate(later);
    await leave(page);
    await expectTold(playground.worker, "connected", "connection-lost", "opened", "started");
  });

  it("is not told of a connection that was lost a moment ago, as by a page that is being left", async () => {
    const { page } = await lose();
    await leave(page);
    await expectTold(playground.worker, "connected", "opened", "started");
  });

  it("is not told of a chat that was taken away meanwhile", async () => {
    const { page } = await lose();
    await page.evaluate("persistentChat.forget()");
    await page.evaluate(later);
    await leave(page);
    await expectTold(playground.worker, "connected", "opened", "started");
  });

  it("is not told of a connection that came back", async () => {
    const { page, chat } = await lose();
    await page.evaluate("isFeedDown = false");
    await chat.locator("[data-role=status]").getByText("Reconnecting").waitFor({ state: "hidden" });
    await page.evaluate(later);
    // A page that is being left loses its connection first, in this browser.
    await page.evaluate(hide);
    await expectTold(playground.worker, "connected", "opened", "started");
  });
});
