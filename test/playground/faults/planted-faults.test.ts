import { beforeEach, describe, expect, it, vi } from "vitest";
import { useBrowser, usePlayground } from "../../browser/use-chat-pages.ts";
import { openChatPage } from "../../browser/chat-page.ts";
import { snippetId, widgetId } from "../playground.ts";
import { noFaults, plantFault } from "./planted-faults.ts";

const playground = usePlayground();
const browser = useBrowser();
beforeEach(() => {
  Object.assign(playground.planted, noFaults);
});

const BUTTON = "#amazon-connect-open-widget-button";
const CLIENT = /amazon-connect-chat-interface-client\.js$/;

describe("a planted fault", () => {
  it("of the client's script: 404, and no widget", async () => {
    playground.planted.clientScript = "404";
    const page = await browser.context.newPage();
    const answered = page.waitForResponse(CLIENT);
    await page.goto(playground.worker.origin, { waitUntil: "load" });
    expect((await answered).status()).toBe(404);
    expect(await page.locator(BUTTON).count()).toBe(0);
  });

  it.each(["400", "401", "404"] as const)(
    "of the start call: %s, with a token that Connect would take",
    async (status) => {
      playground.planted.startCall = status;
      const { button, chat, page } = await openChatPage(browser.context, playground.worker.origin);
      const answered = page.waitForResponse(
        (response) => response.url().endsWith("/start") && response.request().method() === "POST",
      );
      await button.click();
      expect((await answered).status()).toBe(Number(status));
      await chat.getByText(status).first().waitFor();
      expect(browser.calls).toEqual(["POST token 200"]);
      expect(playground.connect.contacts()).toEqual([]);
    },
  );

  it("of the shop's policy: the browser blocks the client, and the Worker saw no policy", async () => {
    playground.planted.shopPolicy = "blocks the client";
    const page = await browser.context.newPage();
    await page.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", ({ blockedURI }) => (document.title = blockedURI));
    });
    const headers = (await page.goto(playground.worker.origin))?.headers();
    await vi.waitUntil(async () => CLIENT.test(await page.title()));
    expect([headers?.["content-security-policy"], await page.locator(BUTTON).count()]).toEqual([undefined, 0]);
  });

  it("is planted by a click, and taken away by another one", async () => {
    const page = await browser.context.newPage();
    await page.goto(`${playground.connect.origin}/agent/faults`);
    const choose = (position: string) => page.locator("[data-switch=startCall] label", { hasText: position }).click();
    await choose("401");
    await vi.waitUntil(() => playground.planted.startCall === "401");
    expect(playground.planted).toEqual({ ...noFaults, startCall: "401" });
    await choose("works");
    await vi.waitUntil(() => playground.planted.startCall === "works");
  });

  it("is none at the start: the same call starts a chat", async () => {
    const answer = await fetch(`${playground.connect.origin}/connectwidget/api/${widgetId}/start`, {
      method: "POST",
      headers: { origin: playground.worker.origin, "x-amz-snippet-id": snippetId },
      body: "{}",
    });
    expect((await answer.json()).message).toMatch(/DisplayName/);
  });
});

describe("plantFault()", () => {
  it.each([
    ["clientScript", "500", 'wanted loads or 404, found "500"'],
    ["startCall", 401, "found 401"],
    ["toString", "x", "there is none of that name"],
  ])("refuses %s %j", (name, position, message) => {
    expect(() => plantFault({ ...noFaults }, name, position)).toThrow(message);
  });
});
