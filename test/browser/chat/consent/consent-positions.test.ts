import { beforeAll, describe, expect, it } from "vitest";
import { widgetId } from "../../../playground/playground.ts";
import { useChatPages } from "../../use-chat-pages.ts";
import { createConsentSteps, mark, say, WAYS_TO_SAY } from "./consent-steps.ts";
import { createSteps } from "../steps.ts";

const here = useChatPages({ CONSENT_COOKIE: "page" });
const { goTo, ownCookies, reported } = createSteps(here);
const { becomes, readWord } = createConsentSteps(here);

describe("data-chat-consent", () => {
  beforeAll(() => {
    const html = (root: string, body = "") => ({
      html: `<!doctype html><html ${root}><head><title>A page</title></head><body>${body}</body></html>`,
      headers: {},
    });
    here.pages["/agreed"] = html('data-chat-consent="true"');
    here.pages["/refused"] = html('data-chat-consent="false"');
    here.pages["/elements"] = html("", '<p data-chat-consent="true">Nice tea</p>');
  });

  it("counts where the page came with it, and says nothing where the next page has none", async () => {
    const tab = await here.visit("/agreed");
    await becomes("1");
    await goTo(tab, "/");
    await tab.button.waitFor();
    expect(await readWord()).toBe("1");
    await goTo(tab, "/refused");
    await becomes("0");
  });

  it("says nothing when it is removed, as by a router that gives the root element the next page's attributes", async () => {
    const tab = await here.visit("/agreed");
    await becomes("1");
    await mark(tab.page, null);
    await tab.page.waitForTimeout(300);
    expect(await readWord()).toBe("1");
    await mark(tab.page, "");
    await becomes("0");
  });

  it("counts on the root element alone", async () => {
    const { page } = await here.visit("/elements");
    await page.evaluate("document.body.setAttribute('data-chat-consent', 'true')");
    await page.waitForTimeout(300);
    expect(await readWord()).toBeNull();
  });

  it("counts for nothing with another CONSENT_COOKIE", async () => {
    const { page } = await here.visit("/agreed", other);
    await page.waitForTimeout(300);
    expect(await readWord()).toBeNull();
  });

  const other = here.useWorker({ CONSENT_COOKIE: "agreed=yes" });
});

describe("CONSENT_COOKIE=page with the page's own widget", () => {
  const worker = here.useWorker({ WIDGET_SNIPPET: "page", WIDGET_ID: widgetId });

  it.each(WAYS_TO_SAY)("keeps a chat once the page has said yes by %s", async (_way, tell) => {
    here.pages["/carries"] = `<body><h1>Carries the widget</h1>${here.playground.connect.snippet}</body>`;
    const tab = await here.visit("/carries", worker);
    await tell(tab.page, true);
    await becomes("1");
    await tab.open();
    await reported(1);
    await tell(tab.page, false);
    await expect.poll(ownCookies).toEqual(["__Host-chat-consent"]);
    await tab.say("still here");
  });
});

describe("CONSENT_COOKIE=page with CONSENT_LOAD=1", () => {
  const worker = here.useWorker({ CONSENT_LOAD: "1" });

  it.each([
    ["tells of changed cookies", ""],
    ["does not tell of changed cookies", "Object.defineProperty(window, 'cookieStore', { value: undefined })"],
  ])("loads the widget after a yes, in a browser that %s", async (_how, script) => {
    if (script !== "") await here.context.addInitScript(script);
    const tab = await here.visit("/", worker);
    const other = await here.visit("/", worker);
    await say(tab.page, false);
    await tab.page.waitForTimeout(1200);
    expect(await tab.button.count()).toBe(0);
    await mark(tab.page, "true");
    await tab.button.waitFor({ timeout: 3000 });
    await other.button.waitFor({ timeout: 3000 });
  });
});
