import { type Browser, type BrowserContext, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openChatPage, toChatPage } from "../browser/chat-page.ts";
import { launchChromium } from "../browser/chromium.ts";
import { type RunningWorker } from "../worker/start-worker.ts";
import { defaultSwitches } from "./connect/switches.ts";
import { type Playground, startPlayground } from "./playground.ts";

let browser: Browser;
let playground: Playground;
let customerShop: RunningWorker;
let context: BrowserContext;
let page: Page;

beforeAll(async () => {
  const options = { port: 0, aws: true, vars: { SIGN_OUT_PATHS: "/account/sign-out" } };
  playground = await startPlayground({ ...options, transcriptDelaySeconds: 1 });
  customerShop = await playground.addWorker({ ...options, hostname: "127.0.0.1", customers: true });
  browser = await launchChromium();
});
afterAll(async () => {
  await browser.close();
  await playground.close();
});
beforeEach(async () => {
  Object.assign(playground.connect.switches, defaultSwitches);
  playground.connect.service = "works";
  context = await browser.newContext();
  page = await context.newPage();
});
afterEach(() => context.close());

const situation = (name: string) => page.locator(`[data-situation=${name}]`);
const openTryPage = async () => {
  await page.goto(`${playground.connect.origin}/agent/try`);
  await situation("new-tab").waitFor();
};

describe("the page of situations", () => {
  it("lists every situation with 2 to 4 steps", async () => {
    await openTryPage();
    const steps = await page
      .locator("[data-situation]")
      .evaluateAll((all) =>
        all.map((one) => `${one.getAttribute("data-situation")} ${one.querySelectorAll("li").length}`),
      );
    expect(steps.map((step) => step.split(" ")[0])).toEqual([
      "new-tab",
      "closed-browser",
      "ended-while-away",
      "back-at-once",
      "transfer",
      "survey",
      "failed-link",
      "unknown-contact",
      "older-than-retention",
      "sign-in",
      "sign-out",
      "two-customers",
      "two-browsers",
    ]);
    for (const step of steps) expect(step).toMatch(/ [2-4]$/);
  });

  it("leads to pages that are there", async () => {
    await openTryPage();
    const links = await page.locator("[data-situation] a").evaluateAll((all) => all.map((a) => a.getAttribute("href")));
    const addresses = [...new Set(links)];
    expect(addresses).toContain(`${playground.worker.origin}/account/sign-out`);
    expect(addresses).toContain(`${customerShop.origin}/account`);
    for (const address of addresses) expect((await fetch(address ?? "")).status).toBe(200);
  });

  it("flips a switch wherever it stands on the page", async () => {
    await openTryPage();
    for (const name of ["transfer", "survey"]) await situation(name).locator("summary").click();
    const never = (name: string) => situation(name).locator("[name=metadataHandler][value=never]");
    await never("transfer").check({ force: true });
    await expect.poll(() => playground.connect.switches.metadataHandler).toBe("never");
    expect(await never("survey").isChecked()).toBe(true);
    expect(await situation("survey").locator("[name=segmentSource][value=error]").isChecked()).toBe(true);
  });

  it("sets how the service API is", async () => {
    await openTryPage();
    await page.locator("[name=service][value=down]").check({ force: true });
    await expect.poll(() => playground.connect.service).toBe("down");
  });

  it("denies one action alone, and allows it again", async () => {
    const { actionHealth } = playground.connect;
    const choose = (position: string) => page.locator(`[name=StopContact][value="${position}"]`).check({ force: true });
    await openTryPage();
    await page.locator("[data-role=actions] summary").click();
    await choose("denies");
    await expect.poll(() => [...actionHealth]).toEqual([["StopContact", "denies"]]);
    await openTryPage();
    await page.locator("[data-role=actions] summary").click();
    expect(await page.locator("[name=StopContact][value=denies]").isChecked()).toBe(true);
    await choose("as above");
    await expect.poll(() => [...actionHealth]).toEqual([]);
  });

  it("moves the clock of all, and back", async () => {
    const isAt = (days: number) =>
      expect
        .poll(async () => {
          const answer = await fetch(`${playground.connect.origin}/agent/api/try`);
          const { now }: { now: number } = await answer.json();
          return Math.abs(Math.round((now - Date.now() / 1000) / 86_400) - days);
        })
        .toBe(0);
    await openTryPage();
    await page.locator("[data-role=clock-on]").click();
    await isAt(366);
    await page.locator("[data-role=clock-back]").click();
    await isAt(0);
  });

  it("spoils the next link, and says so", async () => {
    await openTryPage();
    await page.locator("[data-role=spoil]").click();
    await page.locator("[data-role=spoilt]", { hasText: "The next link will fail" }).waitFor();
    const visitor = await openChatPage(context, playground.worker.origin);
    await visitor.open();
    await visitor.end();
    await visitor.open();
    await expect
      .poll(() => playground.connect.contacts()[0]?.links[0]?.reason ?? "", { timeout: 5000 })
      .toMatch(/spoilt/);
    await page.reload();
    await situation("new-tab").waitFor();
    expect(await page.locator("[data-role=spoilt]").textContent()).toBe("");
  });
});

describe("the desk", () => {
  it("drops the record of a chat that has ended, and of no other", async () => {
    const { connect } = playground;
    await (await openChatPage(context, playground.worker.origin)).open();
    const contactId = connect.contacts()[0]?.contactId ?? "";
    await page.goto(`${connect.origin}/agent/${contactId}`);
    await page.locator("[data-role=end]").waitFor();
    expect(await page.locator("[data-role=forget]").count()).toBe(0);
    connect.agent.end(contactId);
    await page.locator("[data-role=forget]").click();
    await page.locator("[data-role=no-contact]").waitFor();
    expect(connect.contacts().some((contact) => contact.contactId === contactId)).toBe(false);
  });
});

describe("the shop with customers", () => {
  it("starts chats in the name of who is signed in", async () => {
    await page.goto(`${customerShop.origin}/account`);
    await page.getByText("Sign in as Ben").click();
    await page.locator("[data-customer]", { hasText: "Ben" }).waitFor();
    const visitor = toChatPage(page);
    await visitor.open();
    expect(playground.connect.contacts()[0]?.customerId).toBe("customer-0002");
    await visitor.end();
    await page.getByRole("link", { name: "Sign out" }).click();
    await page.getByText("You are not signed in").waitFor();
    await visitor.open();
    expect(playground.connect.contacts()[0]?.customerId).toBeNull();
  });
});

describe("the shop's privacy page", () => {
  const consent = async () => (await context.cookies()).find(({ name }) => name === "shop_consent")?.value;

  it("keeps and takes back the consent", async () => {
    await page.goto(`${playground.worker.origin}/privacy`);
    expect(await page.locator("[data-role=consent]").textContent()).toBe("You have not agreed.");
    await page.click("#agree");
    expect(await consent()).toBe("yes");
    await page.reload();
    expect(await page.locator("[data-role=consent]").textContent()).toBe("You have agreed.");
    await page.click("#disagree");
    expect(await consent()).toBeUndefined();
  });

  it("offers to start afresh and to forget", async () => {
    const visitor = await openChatPage(context, `${playground.worker.origin}/privacy`);
    const freshness: unknown[] = [];
    visitor.page.on("request", (request) => {
      if (request.url().endsWith("/_chat/token")) freshness.push(request.postDataJSON());
    });
    await visitor.page.click("#start-fresh");
    await visitor.open();
    expect(freshness).toEqual([expect.objectContaining({ fresh: true })]);
    const forgetting = visitor.page.waitForResponse((response) => response.request().method() === "DELETE");
    await visitor.page.click("#forget");
    expect((await forgetting).status()).toBe(204);
  });
});
