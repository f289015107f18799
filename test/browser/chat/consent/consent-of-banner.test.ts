import { type Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { useChatPages } from "../../use-chat-pages.ts";
import { createConsentSteps, say } from "./consent-steps.ts";
import { createSteps } from "../steps.ts";

/** A dialog as the framework describes it: `decide(data)` tells its listeners. */
const TCF = `<script>
const listeners = [];
let data = { eventStatus: "cmpuishown", gdprApplies: true, purpose: { consents: { 1: true, 3: true } } };
window.__tcfapi = (command, version, callback) => {
  if (command !== "addEventListener" || version !== 2) return callback(null, false);
  listeners.push(callback);
  callback({ ...data, listenerId: listeners.length }, true);
};
window.decide = (next) => {
  data = next;
  for (const listener of listeners) listener(data, true);
};
</script>`;

const GTAG = `<script>
window.dataLayer = window.dataLayer || [];
function gtag() { dataLayer.push(arguments); }
gtag("consent", "default", { functionality_storage: "granted", analytics_storage: "granted" });
</script>`;

const page = (script: string) => ({
  html: `<!doctype html><html><head><title>A page</title></head><body>A page${script}</body></html>`,
  headers: {},
});

const here = useChatPages({ CONSENT_COOKIE: "tcf:1,3" }, { "/tcf": page(TCF) });
const consentMode = here.useWorker({ CONSENT_COOKIE: "gcm" });
const { newest, ownCookies, reported, startsWithoutHistory } = createSteps(here);
const { becomes, readWord } = createConsentSteps(here);

const answered = (consents: object, more: object = {}) => ({
  eventStatus: "useractioncomplete",
  gdprApplies: true,
  purpose: { consents },
  ...more,
});
const decide = (tab: Page, data: unknown) => tab.evaluate(`window.decide(${JSON.stringify(data)})`);
const push = (tab: Page, command: string) => tab.evaluate(`(function () { dataLayer.push(arguments) })(${command})`);
const update = (tab: Page, value: string) => push(tab, `"consent", "update", { functionality_storage: "${value}" }`);
const watchErrors = () => {
  const errors: Error[] = [];
  here.context.on("weberror", (error) => errors.push(error.error()));
  return errors;
};
const settle = (tab: Page) => tab.waitForTimeout(400);

describe("with CONSENT_COOKIE=tcf:1,3", () => {
  it("follows the dialog's answers: nothing while it is open, then yes, then no", async () => {
    const tab = await here.visit("/tcf");
    await settle(tab.page);
    expect(await readWord()).toBeNull();
    await decide(tab.page, answered({ 1: true, 2: false, 3: true }));
    await becomes("1");
    await tab.open();
    await reported(1);
    await tab.say("kept");
    await decide(tab.page, { ...answered({ 1: false, 3: false }), eventStatus: "cmpuishown" });
    expect(await readWord()).toBe("1");
    await decide(tab.page, answered({ 1: true, 3: false }));
    await becomes("0");
    await expect.poll(ownCookies).toEqual(["__Host-chat-consent"]);
    await tab.say("still here");
    await tab.end();
    await decide(tab.page, answered({ 1: true, 3: true }));
    await startsWithoutHistory(tab);
    expect(newest()?.attributes["persistentChatVisitor"]).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each([
    ["as the page loads", answered({ 1: true, 3: true }, { eventStatus: "tcloaded" }), "1"],
    ["where the GDPR does not apply", { eventStatus: "tcloaded", gdprApplies: false }, "1"],
    ["without the word whether it applies", { eventStatus: "tcloaded", purpose: { consents: {} } }, "0"],
    ["without one purpose", answered({ 1: true }), "0"],
    ["with texts for consents", answered({ 1: "true", 3: "true" }), "0"],
    ["without purposes", { eventStatus: "tcloaded", gdprApplies: true }, "0"],
    ["that is null", null, null],
    ["of another kind", answered({ 1: true, 3: true }, { eventStatus: "stub" }), null],
  ])("takes an answer %s", async (_what, data, word) => {
    const tab = await here.visit("/tcf");
    await settle(tab.page);
    await decide(tab.page, data);
    await settle(tab.page);
    expect(await readWord()).toBe(word);
  });

  it("takes no failed call of its listener for an answer", async () => {
    const tab = await here.visit("/tcf");
    await settle(tab.page);
    await tab.page.evaluate(`listeners[0](${JSON.stringify(answered({ 1: true, 3: true }))}, false)`);
    await settle(tab.page);
    expect(await readWord()).toBeNull();
  });

  it("waits for a dialog that comes late", async () => {
    const tab = await here.visit();
    await tab.page.waitForTimeout(1000);
    await tab.page.evaluate(TCF.replaceAll(/<\/?script>/g, ""));
    await decide(tab.page, answered({ 1: true, 3: true }));
    await becomes("1");
  });

  it.each([
    ["that throws", "() => { throw new Error('broken') }"],
    ["that is a text", "'soon'"],
    ["that is an object", "{}"],
  ])("causes no error on a page with a dialog %s, and hears the one that comes after it", async (_what, broken) => {
    here.pages["/broken"] = page(`<script>window.__tcfapi = ${broken};</script>`);
    const errors = watchErrors();
    const tab = await here.visit("/broken");
    await tab.open();
    expect(await readWord()).toBeNull();
    await tab.page.evaluate(TCF.replaceAll(/<\/?script>/g, ""));
    await decide(tab.page, answered({ 1: true, 3: true }));
    await becomes("1");
    expect(errors).toEqual([]);
  });

  it("takes no element for the dialog", async () => {
    here.pages["/element"] = page("<a id=__tcfapi href=https://shop.example>Nice tea</a>");
    const errors = watchErrors();
    const tab = await here.visit("/element");
    await settle(tab.page);
    await tab.open();
    expect(errors).toEqual([]);
  });
});

describe("with CONSENT_COOKIE=gcm", () => {
  const visit = (script: string) => {
    here.pages["/gcm"] = page(script);
    return here.visit("/gcm", consentMode);
  };

  it("takes no default for the visitor's answer, and follows each update", async () => {
    const tab = await visit(GTAG);
    await settle(tab.page);
    expect(await readWord()).toBeNull();
    await update(tab.page, "granted");
    await becomes("1");
    await push(tab.page, '"consent", "update", { analytics_storage: "denied" }');
    await push(tab.page, '"event", "update", { functionality_storage: "denied" }');
    await push(tab.page, '"consent", "default", { functionality_storage: "denied" }');
    await settle(tab.page);
    expect(await readWord()).toBe("1");
    await update(tab.page, "denied");
    await becomes("0");
  });

  it.each([
    ["denied", "granted", "1"],
    ["granted", "denied", "0"],
  ])("takes the last of what was pushed before: %s, %s", async (first, last, word) => {
    const updates = [first, last].map((value) => `gtag("consent", "update", { functionality_storage: "${value}" });`);
    await visit(`${GTAG}<script>${updates.join("")}</script>`);
    await becomes(word);
  });

  it("keeps the last answer where a later update says nothing of it", async () => {
    const updates = ['{ functionality_storage: "granted" }', '{ analytics_storage: "denied" }'];
    await visit(
      `${GTAG}<script>${updates.map((signals) => `gtag("consent", "update", ${signals});`).join("")}</script>`,
    );
    await becomes("1");
  });

  it("hears of an answer through a tag manager that has put its own function before ours", async () => {
    const tab = await visit(GTAG);
    await settle(tab.page);
    await tab.page.evaluate(`{
      const earlier = dataLayer.push;
      dataLayer.push = (...commands) => { window.seen = commands.length; return earlier.apply(dataLayer, commands) };
    }`);
    await update(tab.page, "granted");
    await becomes("1");
    expect(await tab.page.evaluate("window.seen + dataLayer.length")).toBe(3);
  });

  it("waits for a dataLayer that comes late", async () => {
    const tab = await visit("");
    await tab.page.waitForTimeout(1000);
    await tab.page.evaluate("window.dataLayer = []");
    await update(tab.page, "granted");
    await becomes("1");
  });

  it.each([
    ["is frozen", "Object.freeze(dataLayer);"],
    ["lets nobody replace its push", "Object.defineProperty(dataLayer, 'push', { writable: false });"],
  ])("hears what is in a dataLayer that %s, once", async (_what, script) => {
    const errors = watchErrors();
    const tab = await visit(
      `${GTAG}<script>gtag("consent", "update", { functionality_storage: "granted" });${script}</script>`,
    );
    await becomes("1");
    await say(tab.page, false);
    await tab.page.waitForTimeout(1000);
    expect(await readWord()).toBe("0");
    expect(errors).toEqual([]);
  });

  it("causes no error by a dataLayer that is no list, and waits for the list", async () => {
    const errors = watchErrors();
    const tab = await visit("<script>window.dataLayer = { page: 1 };</script>");
    await settle(tab.page);
    await tab.page.evaluate("window.dataLayer = []");
    await update(tab.page, "granted");
    await becomes("1");
    expect(errors).toEqual([]);
  });

  it("passes on whatever else is pushed", async () => {
    const tab = await visit(GTAG);
    await settle(tab.page);
    const odd =
      "[null, undefined, 5, 'consent', { event: 'x' }, ['consent', 'update', null], ['consent', 'update', 'x']]";
    expect(await tab.page.evaluate(`dataLayer.push(...${odd})`)).toBe(8);
    expect(await readWord()).toBeNull();
  });
});
