import { type Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { useChatPages } from "../../use-chat-pages.ts";
import { createConsentSteps, say as sayConsent } from "../consent/consent-steps.ts";
import { createSteps, keptKeys } from "../steps.ts";

const here = useChatPages(
  { CONTEXT: "trail error", SIGN_OUT_PATHS: "/bye" },
  { "/orders/ada": "Orders", "/cart": "Cart", "/quiet": "Quiet", "/bye": "Bye" },
);
const { goTo, newest } = createSteps(here);
const push = (page: Page, path: string) => page.evaluate((to) => history.pushState(null, "", to), path);
const fail = async (page: Page, message = "Cannot deliver to Ada") => {
  const failed = page.waitForEvent("pageerror");
  await page.evaluate((text) => setTimeout(() => reportError(text)), message);
  await failed;
};

describe("the last script error", () => {
  it("is told on a later page of the tab, and the newest counts", async () => {
    const tab = await here.visit("/cart");
    for (const message of ["first", "second"]) await fail(tab.page, message);
    await goTo(tab, "/");
    await tab.open();
    expect(newest()?.attributes["chatLastError"]).toMatch(/^Uncaught second/);
  });

  it.each([
    ["signed out by a call", async (page: Page) => page.evaluate(() => fetch("/bye", { method: "POST" }))],
    ["been forgotten", async (page: Page) => page.evaluate("window.persistentChat.forget()")],
  ])("is not told once the visitor has %s, on the same page", async (_how, leave) => {
    const { open, page } = await here.visit("/orders/ada");
    await fail(page);
    await leave(page);
    await push(page, "/");
    await open();
    expect(newest()?.attributes["chatLastError"]).toBe("none");
  });

  it("stays where a script sends an event without a message", async () => {
    const { open, page } = await here.visit();
    await page.evaluate(() => dispatchEvent(new Event("error")));
    await open();
    expect(newest()?.attributes["chatLastError"]).toBe("none");
  });
});

describe("with CONSENT_COOKIE=page", () => {
  const worker = here.useWorker({ CONSENT_COOKIE: "page", EXCLUDE_PATHS: "/quiet" });
  const { becomes } = createConsentSteps(here);
  const ours = async (page: Page) => (await keptKeys(page)).filter((key) => /:(?:trail|error)/.test(key));

  const haveTrail = async () => {
    const tab = await here.visit("/orders/ada", worker);
    await sayConsent(tab.page, true);
    await push(tab.page, "/orders/ada/1");
    await fail(tab.page);
    await expect.poll(() => ours(tab.page)).toHaveLength(2);
    return tab;
  };
  const refuseAndAgree = async (isGivenAgain: boolean) => {
    const other = await here.visit("/cart", worker);
    await sayConsent(other.page, false);
    await becomes("0");
    if (isGivenAgain) await sayConsent(other.page, true);
    if (isGivenAgain) await becomes(/^1\./);
  };

  it("tells no page and no error from before a refusal in another tab", async () => {
    const tab = await haveTrail();
    // Nothing runs here that could see the refusal.
    await tab.page.goto(`${worker.origin}/quiet`);
    await refuseAndAgree(true);
    await tab.page.goto(`${worker.origin}/cart`);
    await tab.open();
    expect(newest()?.attributes).toMatchObject({ chatTrail: "/cart 0m", chatLastError: "none" });
  });

  it("keeps none of them after a refusal in another tab", async () => {
    const tab = await haveTrail();
    await refuseAndAgree(false);
    await expect.poll(() => ours(tab.page)).toEqual([]);
  });

  it("keeps none of them on the next page, where the tab was elsewhere at the refusal", async () => {
    const tab = await haveTrail();
    await tab.page.goto(`${worker.origin}/quiet`);
    await refuseAndAgree(false);
    await tab.page.goto(`${worker.origin}/cart`);
    await tab.button.waitFor();
    expect(await ours(tab.page)).toEqual([]);
  });

  it("notes no error before consent, nor after a refusal on the same page", async () => {
    const { open, page } = await here.visit("/cart", worker);
    await fail(page);
    await sayConsent(page, true);
    await push(page, "/cart/2");
    expect((await ours(page)).join()).not.toContain("error");
    await fail(page);
    await sayConsent(page, false);
    await sayConsent(page, true);
    await open();
    expect(newest()?.attributes["chatLastError"]).toBe("none");
  });
});
