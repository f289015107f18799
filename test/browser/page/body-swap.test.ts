import { beforeEach, describe, expect, it } from "vitest";
import { type ChatPage, openChatPage } from "../chat-page.ts";
import { useBrowser, usePlayground } from "../use-chat-pages.ts";

const playground = usePlayground();
const browser = useBrowser();

describe("a site that swaps its body", () => {
  let visit: ChatPage;
  let problems: string[];

  beforeEach(async () => {
    const { context } = browser;
    problems = [];
    context.on("weberror", (error) => problems.push(String(error.error())));
    context.on("console", (message) => message.type() === "error" && problems.push(message.text()));
    visit = await openChatPage(context, `${playground.worker.origin}/try/turbo/`);
    await visit.button.waitFor();
  });

  const goTo = async (name: string) => {
    await visit.page.getByRole("link", { name, exact: true }).click();
    await visit.page.getByRole("heading", { name, exact: true }).waitFor();
  };
  const count = (selector: string) => visit.page.locator(selector).count();

  it("swaps without a new page", async () => {
    await visit.page.evaluate(() => Object.assign(window, { isSamePage: true }));
    await goTo("second");
    expect(new URL(visit.page.url()).pathname).toBe("/try/turbo/second");
    expect(
      await visit.page.evaluate(() => [Reflect.get(window, "isSamePage"), Reflect.get(window, "bodyScripts")]),
    ).toEqual([true, 2]);
  });

  it("keeps one script element of ours, and one of the widget's client", async () => {
    await goTo("second");
    await goTo("third");
    await goTo("first");
    expect(await count('script[src="/_chat/widget.js"]')).toBe(1);
    expect(await count(`script[src^="${playground.connect.origin}"]`)).toBe(1);
  });

  it("has the chat once on every page", async () => {
    for (const name of ["second", "third", "first"]) {
      await goTo(name);
      await visit.button.waitFor({ timeout: 3000 });
      expect(await count("#amazon-connect-chat-widget")).toBe(1);
    }
    expect(problems).toEqual([]);
  });

  it("has the chat after going back", async () => {
    await goTo("second");
    await visit.page.goBack();
    await visit.page.getByRole("heading", { name: "first", exact: true }).waitFor();
    await visit.button.waitFor({ timeout: 3000 });
    expect(await count("#amazon-connect-chat-widget")).toBe(1);
  });

  it("starts a chat on the next page", async () => {
    await goTo("second");
    await visit.button.click({ timeout: 3000 });
    await visit.say("from the second page");
    expect(await visit.messages()).toEqual(["from the second page"]);
  });

  it("keeps a chat that runs, as one chat", async () => {
    const before = playground.connect.contacts().length;
    await visit.open();
    await visit.say("first page");
    await goTo("second");
    await visit.shows("first page");
    await visit.say("second page");
    expect(await visit.messages()).toEqual(["first page", "second page"]);
    expect(playground.connect.contacts()).toHaveLength(before + 1);
  });
});

describe("a site that swaps its body while the widget waits", () => {
  it("has the chat once, on the page that the visitor's first press leads to", async () => {
    const vars = { LOAD_WIDGET: "interaction" };
    const worker = await playground.addWorker({ port: 0, vars });
    const { page, button, open, say } = await openChatPage(browser.context, `${worker.origin}/try/turbo/`);
    await page.waitForFunction("window.persistentChat");
    await page.getByRole("link", { name: "second", exact: true }).press("Enter");
    await page.getByRole("heading", { name: "second", exact: true }).waitFor();
    await button.waitFor();
    expect(await page.locator("#amazon-connect-chat-widget").count()).toBe(1);
    await open();
    await say("from the second page");
  });
});
