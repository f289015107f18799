import { describe, expect, it } from "vitest";
import { useChatPages } from "../use-chat-pages.ts";
import { control, observe } from "../../worker/instrumented.ts";
import { expectTold, hide, leave, readTold, show } from "./told.ts";

const here = useChatPages({}, { "/next": "<body><p>The next page</p></body>" });
const off = here.useWorker({ OUTCOMES: "0" });
const agreed = here.useWorker({ CONSENT_COOKIE: "agreed=yes" });
const { playground } = here;

/** The calls of a page for what happened, and all its requests. */
function followRequests(): { beacons: string[]; all: string[] } {
  const [beacons, all]: string[][] = [[], []];
  here.context.on("request", (request) => {
    all?.push(request.url());
    if (request.url().endsWith("/outcomes")) beacons?.push(request.postData() ?? "");
  });
  return { beacons: beacons ?? [], all: all ?? [] };
}

const settle = (milliseconds = 500) => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe("a page view in which nothing happened", () => {
  it("tells nothing and keeps nothing, whether hidden or left", async () => {
    const { beacons } = followRequests();
    const { button, page } = await here.visit();
    await button.waitFor();
    await page.evaluate(hide);
    expect(await page.evaluate("localStorage.length + sessionStorage.length")).toBe(0);
    expect(await here.context.cookies()).toEqual([]);
    await leave(page);
    await settle();
    expect([beacons, await readTold(playground.worker)]).toEqual([[], []]);
  });

  it("tells nothing either where it only goes on with a chat, also if the widget asks for a token again", async () => {
    playground.connect.switches.authenticateOnResume = "yes";
    const { open, page, chat } = await here.visit();
    await open();
    await expect.poll(() => here.calls).toContain("POST contacts 201");
    await page.goto(`${playground.worker.origin}/next`);
    await expectTold(playground.worker, "opened", "started", "connected");
    await chat.locator("[data-role=input]").waitFor();
    await leave(page);
    await settle();
    expect(await readTold(playground.worker)).toHaveLength(3);
  });
});

describe("what happened", () => {
  it("is told when the page is left, as fixed words and the script's version, in one call without an id", async () => {
    const { beacons } = followRequests();
    const { open, page } = await here.visit();
    await open();
    await expect.poll(() => here.calls).toContain("POST contacts 201");
    // The visitor comes back from another tab.
    await page.evaluate(show);
    await settle();
    expect(beacons).toEqual([]);
    await page.evaluate(hide);
    await expect.poll(() => beacons).toEqual(['{"outcomes":["opened","started","connected"],"version":"0.1.0"}']);
    await expectTold(playground.worker, "opened", "started", "connected");
  });

  it("is told once in a page view, however often the visitor looks at another tab", async () => {
    const { beacons } = followRequests();
    const { open, page } = await here.visit();
    await open();
    await expect.poll(() => here.calls).toContain("POST contacts 201");
    for (const script of [hide, show, hide, show]) await page.evaluate(script);
    await leave(page);
    await settle();
    expect(beacons).toHaveLength(1);
  });

  it("is not told of a page that is only prerendered", async () => {
    await here.context.addInitScript(
      "Object.defineProperty(Document.prototype, 'prerendering', { value: true, configurable: true })",
    );
    const { page } = await here.visit();
    await page.waitForFunction("window.persistentChat");
    await page.evaluate(`document.head.append(Object.assign(document.createElement("script"), {
      src: "/missing/amazon-connect-chat-interface-client.js" }));`);
    await settle(1500);
    await leave(page);
    await settle();
    expect(await readTold(playground.worker)).toEqual([]);
  });

  it("is not told without consent, where consent is asked for", async () => {
    const { beacons } = followRequests();
    const { open, page } = await here.visit("/", agreed);
    await open();
    await page.evaluate(hide);
    await settle();
    expect(beacons).toEqual([]);
    await page.evaluate(`document.cookie = "agreed=yes"; ${show}`);
    await page.evaluate(hide);
    await expect.poll(() => beacons).toHaveLength(1);
  });

  it("is neither told nor in widget.js with OUTCOMES=0", async () => {
    const { beacons } = followRequests();
    const readConfig = async (origin: string) => (await fetch(`${origin}/_chat/widget.js`)).text();
    expect(await readConfig(playground.worker.origin)).toContain('"outcomes":"0.1.0"');
    expect(await readConfig(off.origin)).not.toContain('"outcomes":"0.1.0"');
    const { open, page } = await here.visit("/", off);
    await open();
    await page.evaluate(hide);
    await leave(page);
    await settle();
    expect(beacons).toEqual([]);
  });
});

describe("a page that does not let us tell", () => {
  const errors = `window.errors = []; addEventListener("error", ({ message }) => errors.push(message));
    addEventListener("unhandledrejection", ({ reason }) => errors.push(String(reason)));`;

  it.each([
    ["replaces fetch by something that throws", "window.fetch = () => { throw new Error('mine'); };"],
    ["replaces fetch by something that gives nothing", "window.fetch = () => undefined;"],
    ["has no measurements of its requests", "performance.getEntriesByType = undefined;"],
  ])("%s: sees no error of ours", async (_how, script) => {
    await here.context.addInitScript(errors);
    const { open, page } = await here.visit();
    await open();
    await page.evaluate(script);
    await page.evaluate(hide);
    await settle();
    expect(await page.evaluate("errors")).toEqual([]);
  });

  it("refuses the call by its policy: the chat goes on", async () => {
    await here.context.addInitScript(errors);
    await control(playground.worker, {});
    await here.context.route("**/_chat/outcomes", (route) => route.abort());
    const { open, say, page } = await here.visit();
    await open();
    await page.evaluate(hide);
    await page.evaluate(show);
    await say("still here");
    expect(await page.evaluate("errors")).toEqual([]);
    expect((await observe(playground.worker)).counted.join()).not.toContain("browser.outcome");
  });
});
