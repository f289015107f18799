import { type Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { createSteps } from "../chat/steps.ts";
import { type ChatPage, toChatPage } from "../chat-page.ts";
import { useChatPages } from "../use-chat-pages.ts";
import { type Recipe, RECIPES, standIn } from "./recipes.ts";

const here = useChatPages();
const { newest, ownCookies, reported } = createSteps(here);
const VISITOR_COOKIE = "__Host-chat-*";
const WORD_COOKIE = "__Host-chat-consent";

/** A page whose parser waits for a script draws no frames, which is when this is asked for otherwise. */
const POLLED = { polling: 50 };

/** What the chat keeps: the banner's own cookies and storage do not count. */
const kept = async (page: Page) => ({
  cookies: (await ownCookies()).filter((name) => name.startsWith("__Host-chat-")),
  lasting: await page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith("persistent-chat:"))),
});
const nothing = { cookies: [], lasting: [] };

const choose = (page: Page, word: "agree" | "refuse") => page.locator(`[data-banner=${word}]`).click();
const chatOnce = async ({ open, say, end }: ChatPage, text: string) => {
  await open();
  await say(text);
  await end();
};
const continued = () => newest()?.attributes["contactId"];

/** Opens a page whose head has the recipe's text. @param hold The address of a script that is kept back, and until when. */
async function visit(origin: string, head: string, hold?: { script: string; until: (page: Page) => Promise<unknown> }) {
  here.pages["/"] = { html: `<!doctype html><head><title>Shop</title>${head}</head><body>`, headers: {} };
  await standIn(here.context);
  const page = await here.context.newPage();
  if (hold !== undefined) {
    const { promise, resolve } = Promise.withResolvers<void>();
    await page.route(hold.script, async (route) => {
      await promise;
      await route.fallback();
    });
    await page.goto(origin, { waitUntil: "commit" });
    await hold.until(page);
    resolve();
  } else {
    await page.goto(origin);
  }
  await page.locator("[data-banner=agree]").waitFor();
  return toChatPage(page);
}

describe.each([...Map.groupBy(RECIPES, ({ setting }) => setting)])('CONSENT_COOKIE = "%s"', (setting, recipes) => {
  const worker = here.useWorker({ CONSENT_COOKIE: setting });
  const readsCookie = setting.includes("=");

  it.each(recipes)("keeps nothing before the visitor agrees, $banner ($host)", async ({ head }) => {
    const tab = await visit(worker.origin, head);
    await chatOnce(tab, "first");
    await chatOnce(tab, "second");
    expect(newest()?.attributes).toMatchObject({ contactId: "none", chatContinue: "none" });
    expect(await kept(tab.page)).toEqual(nothing);
    expect(here.calls).toEqual(["POST token 200", "POST token 200"]);
  });

  it.each(recipes)("keeps and continues once the visitor agrees, $banner ($host)", async ({ head }) => {
    const tab = await visit(worker.origin, head);
    await choose(tab.page, "agree");
    await chatOnce(tab, "kept");
    await reported(2);
    const contactId = newest()?.contactId;
    await tab.page.reload();
    await tab.open();
    expect(continued()).toBe(contactId);
  });

  it.each(recipes)("forgets when the visitor takes it back, $banner ($host)", async ({ head }) => {
    const tab = await visit(worker.origin, head);
    await choose(tab.page, "agree");
    await chatOnce(tab, "before");
    await reported(2);
    await tab.open();
    await tab.say("live");
    expect(continued()).not.toBe("none");
    await choose(tab.page, "refuse");
    if (readsCookie) await tab.page.reload();
    else await expect.poll(() => kept(tab.page)).toEqual({ cookies: [WORD_COOKIE], lasting: [] });
    await tab.shows("live");
    await tab.say("still here");
    await tab.end();
    await chatOnce(tab, "after");
    expect(newest()?.attributes).toMatchObject({ contactId: "none", chatContinue: "none" });
    expect((await kept(tab.page)).lasting).toEqual([]);
    if (readsCookie) return;
    await choose(tab.page, "agree");
    await tab.open();
    expect(newest()?.attributes).toMatchObject({ contactId: "none", chatContinue: "none" });
    await expect
      .poll(() => kept(tab.page))
      .toMatchObject({ cookies: expect.arrayContaining([VISITOR_COOKIE, WORD_COOKIE]) });
  });
});

describe("the order of scripts", () => {
  const worker = here.useWorker({ CONSENT_COOKIE: "page" });
  const tellers = RECIPES.filter(({ hasLines }) => hasLines);
  const told = (page: Page) =>
    page.waitForFunction("document.documentElement.dataset.chatConsent !== undefined", undefined, POLLED);
  const agreed = (page: Page) =>
    page.waitForFunction("document.documentElement.dataset.chatConsent === 'true'", undefined, POLLED);
  const keeps = async (tab: ChatPage) => {
    here.calls.length = 0;
    await chatOnce(tab, "kept");
    await reported(2);
    expect((await kept(tab.page)).cookies.toSorted()).toEqual([VISITOR_COOKIE, WORD_COOKIE]);
  };
  /** A browser whose visitor has agreed, before any page had the Worker's script. */
  const haveAgreed = async ({ head }: Recipe) => {
    await here.context.route("**/_chat/**", (route) => route.abort());
    const { page } = await visit(worker.origin, head);
    await choose(page, "agree");
    await agreed(page);
    await page.close();
    await here.context.unroute("**/_chat/**");
  };

  it.each(tellers)("does not matter: the Worker's script first, $banner ($host)", async (recipe) => {
    await haveAgreed(recipe);
    const [, script = ""] = /src="(https:[^"]+)"/.exec(recipe.head) ?? [];
    const until = (page: Page) => page.waitForFunction("window.persistentChat", undefined, POLLED);
    // A script without `async` holds the parser back, but the Worker's script is before it.
    await keeps(await visit(worker.origin, recipe.head, { script, until }));
  });

  it.each(tellers)("does not matter: the banner first, $banner ($host)", async (recipe) => {
    await haveAgreed(recipe);
    await keeps(await visit(worker.origin, recipe.head, { script: "**/_chat/widget.js", until: told }));
  });

  it.each(tellers.filter(({ linesLast }) => linesLast !== null))(
    "does not matter: the lines last, $banner ($host)",
    async (recipe) => {
      await haveAgreed(recipe);
      const tab = await visit(worker.origin, recipe.linesLast?.tag ?? "");
      await tab.page.waitForFunction("window.persistentChat", undefined, POLLED);
      await tab.page.evaluate(recipe.linesLast?.lines ?? "");
      await agreed(tab.page);
      await keeps(tab);
    },
  );
});
