import { describe, expect, it } from "vitest";
import { useChatPages } from "../use-chat-pages.ts";

const here = useChatPages();

describe("when a token cannot be had", () => {
  const widgetError = "[data-role=error][data-status='401']";

  it("tries for ten seconds, then lets the widget show its page for status 401", async () => {
    await here.context.route("**/_chat/token", (route) => route.fulfill({ status: 503, json: { error: "INTERNAL" } }));
    const { button, chat } = await here.visit();
    const begun = Date.now();
    await button.click();
    await chat.locator(widgetError).waitFor();
    expect(Date.now() - begun).toBeGreaterThan(8000);
    expect(here.calls.length).toBeGreaterThan(3);
  });

  it("succeeds when one of the tries does", async () => {
    let tries = 0;
    await here.context.route("**/_chat/token", (route) => (++tries < 3 ? route.abort() : route.continue()));
    await (await here.visit()).open();
    expect(tries).toBe(3);
  });

  it("waits as long as the Worker asks it to", async () => {
    let tries = 0;
    let refusedAt = 0;
    await here.context.route("**/_chat/token", (route) => {
      if (++tries > 1) return route.continue();
      refusedAt = Date.now();
      return route.fulfill({ status: 429, headers: { "retry-after": "2" }, json: { error: "TOO_MANY_CALLS" } });
    });
    await (await here.visit()).open();
    expect(tries).toBe(2);
    expect(Date.now() - refusedAt).toBeGreaterThanOrEqual(2000);
  });

  it("gives up at once where that would take longer than ten seconds", async () => {
    const answer = { status: 429, headers: { "retry-after": "60" }, json: { error: "TOO_MANY_CALLS" } };
    await here.context.route("**/_chat/token", (route) => route.fulfill(answer));
    const { button, chat } = await here.visit();
    await button.click();
    await chat.locator(widgetError).waitFor();
    expect(here.calls).toEqual(["POST token 429"]);
  });

  it("does not try again what is refused for good", async () => {
    await here.context.route("**/_chat/token", (route) =>
      route.fulfill({ status: 403, json: { error: "CROSS_ORIGIN" } }),
    );
    const { button, chat } = await here.visit();
    await button.click();
    await chat.locator(widgetError).waitFor();
    expect(here.calls).toEqual(["POST token 403"]);
  });
});
