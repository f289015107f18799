import { describe, expect, it } from "vitest";
import { control } from "../../worker/instrumented.ts";
import { useChatPages } from "../use-chat-pages.ts";
import { WAITING_REPORTS } from "./steps.ts";

const here = useChatPages();

describe("reports", () => {
  it("wait in the browser while the Worker cannot be reached, and are sent from the next page", async () => {
    await here.context.route("**/_chat/contacts", (route) => route.abort());
    const { open, say, end, page } = await here.visit();
    await open();
    await say("hello");
    await end();
    expect(await page.evaluate(WAITING_REPORTS)).toBe(2);
    await here.context.unroute("**/_chat/contacts");
    here.calls.length = 0;
    await page.reload();
    await expect.poll(() => page.evaluate(WAITING_REPORTS)).toBe(0);
    // The report that comes first records the chat.
    expect(here.calls).toHaveLength(2);
    expect(here.calls).toContain("POST contacts 201");
  });

  it("wait for the newest 40 only", async () => {
    await here.context.route("**/_chat/contacts", (route) => route.abort());
    const { open, page } = await here.visit();
    await page.evaluate(`for (let chat = 0; chat < 60; chat += 1) {
      const report = { contactId: "c" + chat, ticket: "t", event: "started", at: Date.now() - 100000 + chat };
      localStorage.setItem("persistent-chat:report:c" + chat + ":started", JSON.stringify(report));
    }`);
    await open();
    await expect.poll(() => page.evaluate(WAITING_REPORTS)).toBe(40);
    const isKept = (chat: number) =>
      page.evaluate((key) => localStorage.getItem(key) !== null, `persistent-chat:report:c${chat}:started`);
    expect([await isKept(20), await isKept(21), await isKept(59)]).toEqual([false, true, true]);
  });

  it("are not sent again before their time, however long the Worker lets them wait", async () => {
    await here.context.route("**/_chat/contacts", (route) =>
      route.fulfill({ status: 201, json: { status: "recorded", link: "waiting", askAgainSeconds: 600 } }),
    );
    const { open, page } = await here.visit();
    await open();
    await expect.poll(() => here.calls).toContain("POST contacts 201");
    await page.waitForTimeout(1000);
    await page.reload();
    await page.waitForTimeout(1000);
    expect(here.calls.filter((call) => call === "POST contacts 201")).toHaveLength(1);
    expect(await page.evaluate(WAITING_REPORTS)).toBe(1);
  });

  it("say how long ago the event was", async () => {
    await here.context.route("**/_chat/contacts", (route) => route.abort());
    const { open, end, page } = await here.visit();
    await open();
    await end();
    await page.evaluate(`for (const [key, value] of Object.entries(localStorage)) {
      const report = JSON.parse(value);
      localStorage.setItem(key, JSON.stringify({ ...report, at: report.at - 86400000 }));
    }`);
    await here.context.unroute("**/_chat/contacts");
    const bodies: { event: string; ageSeconds: number }[] = [];
    page.on("request", (request) => {
      if (request.url().endsWith("/contacts")) bodies.push(request.postDataJSON());
    });
    await page.reload();
    await expect.poll(() => bodies.map(({ event }) => event).toSorted()).toEqual(["ended", "started"]);
    for (const { ageSeconds } of bodies) expect(Math.abs(ageSeconds - 86_400)).toBeLessThan(30);
  });

  it("are sent again by the same page until KV has them", async () => {
    await control(here.playground.worker, { kv: "fails", kvCalls: "put" });
    const { open } = await here.visit();
    await open();
    await expect.poll(() => here.calls).toContain("POST contacts 503");
    await control(here.playground.worker, {});
    await expect.poll(() => here.calls, { timeout: 8000 }).toContain("POST contacts 201");
  });

  it("wait as long as the Worker asks, on the next page too", async () => {
    const tries: number[] = [];
    await here.context.route("**/_chat/contacts", (route) => {
      tries.push(Date.now());
      const answer = { status: 429, headers: { "retry-after": "4" }, json: { error: "TOO_MANY_CALLS" } };
      return tries.length === 1 ? route.fulfill(answer) : route.continue();
    });
    const { open, page } = await here.visit();
    await open();
    await expect.poll(() => here.calls).toContain("POST contacts 429");
    await page.reload();
    await expect.poll(() => here.calls).toContain("POST contacts 201");
    const [refused = 0, taken = 0] = tries;
    expect(taken - refused).toBeGreaterThanOrEqual(4000);
  });

  it("are sent again when the browser is online again", async () => {
    const { open, end, page } = await here.visit();
    await open();
    await expect.poll(() => here.calls).toContain("POST contacts 201");
    await here.context.route("**/_chat/contacts", (route) => route.abort());
    await end();
    await here.context.unroute("**/_chat/contacts");
    here.calls.length = 0;
    await page.evaluate("dispatchEvent(new Event('online'))");
    await expect.poll(() => here.calls, { timeout: 900 }).toEqual(["POST contacts 201"]);
  });

  const others = [
    { status: 404, body: "<h1>Not found</h1>" },
    { status: 404, json: { error: "NOT_FOUND" } },
    { status: 403, json: { message: "Missing Authentication Token" } },
    { status: 200, json: { ok: true } },
  ];
  it.each(others)("go on waiting when another server answers: %j", async (answer) => {
    await here.context.route("**/_chat/contacts", (route) => route.fulfill(answer));
    const { open, page } = await here.visit();
    await open();
    await expect.poll(() => here.calls).toContain(`POST contacts ${answer.status}`);
    await page.waitForTimeout(200);
    expect(await page.evaluate(WAITING_REPORTS)).toBe(1);
    await here.context.unroute("**/_chat/contacts");
    await page.reload();
    await expect.poll(() => page.evaluate(WAITING_REPORTS)).toBe(0);
  });

  it("end with their page, as token requests do: a late record and cookie would undo newer ones", async () => {
    await here.context.addInitScript(`
      const send = window.fetch;
      window.outlives = {};
      window.fetch = (url, init) => { window.outlives[url] = init?.keepalive; return send(url, init); };
    `);
    const { open, page } = await here.visit();
    await open();
    await expect.poll(() => here.calls).toContain("POST contacts 201");
    const outlives = await page.evaluate("window.outlives");
    const { origin } = here.playground.worker;
    expect(outlives).toEqual({ [`${origin}/_chat/contacts`]: false, [`${origin}/_chat/token`]: false });
  });

  it("come once of a chat that is resumed, also where Connect then tells another contact id", async () => {
    Object.assign(here.playground.connect.switches, { authenticateOnResume: "yes", resumedContactId: "current" });
    const { open, page, say, shows } = await here.visit();
    await open();
    await say("hello");
    await expect.poll(() => here.calls).toContain("POST contacts 201");
    here.playground.connect.agent.transfer(here.playground.connect.contacts()[0]?.contactId ?? "");
    await page.reload();
    await shows("hello");
    await say("hello again");
    expect(await page.evaluate(WAITING_REPORTS)).toBe(0);
    expect(here.calls).toEqual(["POST token 200", "POST contacts 201", "POST token 200"]);
  });

  it("are of chats alone: a voice call is none, although Connect tells its contact id too", async () => {
    here.playground.connect.switches.metadataForVoice = "yes";
    const { open, page } = await here.visit();
    const ids: string[] = [];
    page.on("request", (request) => {
      if (request.url().endsWith("/contacts")) ids.push(request.postDataJSON().contactId);
    });
    const asked = page.waitForResponse("**/_chat/token");
    await page.locator("[data-role=call]").click();
    await asked;
    await open();
    await expect.poll(() => here.calls).toContain("POST contacts 201");
    expect(ids).toEqual([here.playground.connect.contacts()[0]?.contactId]);
  });

  it("tell of the end where Connect tells only that the customer has left, and the chat does not come back", async () => {
    here.playground.connect.switches.customerEnd = "left-only";
    const { button, open, end, page } = await here.visit();
    const events: string[] = [];
    page.on("request", (request) => {
      if (request.url().endsWith("/contacts")) events.push(request.postDataJSON().event);
      if (request.url().endsWith("/resume")) events.push("resumed");
    });
    await open();
    await end();
    await expect.poll(() => events).toEqual(["started", "ended"]);
    await page.reload();
    await button.waitFor();
    await page.waitForTimeout(300);
    expect(events).toEqual(["started", "ended"]);
  });

  it("tell of no end while the agent has left and the chat goes on", async () => {
    const { open, page, shows } = await here.visit();
    await open();
    await expect.poll(() => here.calls).toContain("POST contacts 201");
    const contactId = here.playground.connect.contacts()[0]?.contactId ?? "";
    here.playground.connect.agent.say(contactId, "one moment");
    here.playground.connect.agent.transfer(contactId);
    here.playground.connect.agent.say(contactId, "here I am");
    await shows("here I am");
    expect(await page.evaluate(WAITING_REPORTS)).toBe(0);
    expect(here.calls).toHaveLength(2);
  });

  it("are given up when refused for good", async () => {
    await here.context.route("**/_chat/contacts", (route) =>
      route.fulfill({ status: 403, json: { error: "TICKET_USED" } }),
    );
    const { open, page } = await here.visit();
    await open();
    await expect.poll(() => here.calls).toContain("POST contacts 403");
    await expect.poll(() => page.evaluate(WAITING_REPORTS)).toBe(0);
  });
});
