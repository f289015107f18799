import { describe, expect, it } from "vitest";
import { control } from "../../worker/instrumented.ts";
import { useChatPages } from "../use-chat-pages.ts";

const here = useChatPages();

describe("tabs of one browser", () => {
  it.each([
    ["with Web Locks", ""],
    ["without Web Locks", "Object.defineProperty(navigator, 'locks', { value: undefined })"],
  ])("are one visitor %s", async (_how, script) => {
    if (script !== "") await here.context.addInitScript(script);
    const [first, second] = [await here.visit(), await here.visit()];
    await first.open();
    await expect.poll(() => here.calls).toContain("POST contacts 201");
    await second.open();
    await expect.poll(() => here.calls.filter((call) => call === "POST contacts 201")).toHaveLength(2);
    const [a, b] = here.playground.connect.contacts();
    expect(a?.attributes["persistentChatVisitor"]).toBe(b?.attributes["persistentChatVisitor"]);
  });

  it("answer a tab whose script is of an earlier or later version", async () => {
    const { page, open } = await here.visit();
    await open();
    await expect.poll(() => here.calls).toContain("POST contacts 201");
    const answer = await (
      await here.visit()
    ).page.evaluate(
      () =>
        new Promise((resolve) => {
          const channel = new BroadcastChannel("persistent-chat");
          channel.addEventListener("message", ({ data }) => resolve(data));
          channel.postMessage("which chat is live?");
          setTimeout(resolve, 2000, "nothing");
        }),
    );
    const persisted = await page.evaluate(() => sessionStorage.getItem("persistedChatSession"));
    expect(answer).toMatchObject({
      persisted,
      session: { contactId: here.playground.connect.contacts()[0]?.contactId },
    });
  });

  it("make their calls one after the other without Web Locks", async () => {
    await here.context.addInitScript("Object.defineProperty(navigator, 'locks', { value: undefined })");
    const { open, end, page } = await here.visit();
    await open();
    await expect.poll(() => here.calls).toContain("POST contacts 201");
    const seen: string[] = [];
    page.on("request", (request) => seen.push(`asks ${request.url().split("/").at(-1)}`));
    page.on("response", (response) => seen.push(`hears ${response.url().split("/").at(-1)}`));
    await here.context.route("**/_chat/contacts", async (route) => {
      const response = await route.fetch();
      await new Promise((resolve) => setTimeout(resolve, 700));
      await route.fulfill({ response });
    });
    await end();
    await open();
    const ours = seen.filter((what) => /contacts|token/.test(what));
    expect(ours.slice(0, 4)).toEqual(["asks contacts", "hears contacts", "asks token", "hears token"]);
  });

  it("are one visitor where Web Locks are refused", async () => {
    await here.context.addInitScript(
      "navigator.locks.request = () => Promise.reject(new DOMException('no', 'SecurityError'))",
    );
    await (await here.visit()).open();
    await expect.poll(() => here.calls).toEqual(["POST token 200", "POST contacts 201"]);
  });

  it("stay one visitor when the page is reloaded while a token is on its way", async () => {
    const { button, page, open, end } = await here.visit();
    await control(here.playground.worker, { delayMs: 1500 });
    const asked = page.waitForRequest("**/_chat/token");
    await button.click();
    await asked;
    await control(here.playground.worker, {});
    await page.reload();
    await open();
    await page.waitForTimeout(1700);
    await end();
    await expect.poll(() => here.calls.filter((call) => call.startsWith("POST contacts"))).toHaveLength(2);
    expect(here.calls).not.toContain("POST contacts 403");
  });

  it("are one visitor also when both open the chat at the same moment", async () => {
    // The answers are slow: without the lock, the second call would start before the first answer sets its cookie.
    await here.context.route("**/_chat/token", async (route) => {
      const response = await route.fetch();
      await new Promise((resolve) => setTimeout(resolve, 400));
      await route.fulfill({ response });
    });
    const [first, second] = [await here.visit(), await here.visit()];
    await Promise.all([first.open(), second.open()]);
    const [a, b] = here.playground.connect.contacts();
    expect(a?.attributes["persistentChatVisitor"]).toBe(b?.attributes["persistentChatVisitor"]);
  });
});
