import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { signToken } from "../playground/connect/sign-token.ts";
import { type RunningSite, startSite } from "../playground/site/site.ts";
import { control, instrumentedEntry } from "../worker/instrumented.ts";
import { securityKey, settings, widgetId } from "../worker/settings.ts";
import { type RunningWorker, startWorker } from "../worker/start-worker.ts";
import { createVisitorClient, type VisitorClient } from "../worker/visitor-client.ts";
import { chat, createChatter, expectLogged, expectRefused, moveTo, NOTHING, offered } from "./chatter.ts";

const DAY = 86_400;
const OTHER_SECRET = Buffer.from("another thirty-two random bytes!").toString("base64url");

let site: RunningSite;
/** As it was before the change. */
let before: RunningWorker;
let visitor: VisitorClient;
/** A contact id of this test. */
let id: (name: string) => string;
const running: RunningWorker[] = [];

beforeAll(async () => {
  site = await startSite({ port: 0 });
  before = await start({});
});
afterAll(async () => {
  await Promise.all(running.map((worker) => worker.close()));
  await site.close();
});
beforeEach(async () => {
  const test = crypto.randomUUID();
  id = (name) => `${name}-${test}`;
  visitor = await createChatter(before.origin, id("before"));
});

/** Another Worker's KV is empty, as at a location that has seen nothing yet: the cookie carries what was. */
async function start(vars: Record<string, string>): Promise<RunningWorker> {
  const all = { ...settings, ORIGIN_URL: site.origin, ...vars };
  const worker = await startWorker({ vars: all, entry: instrumentedEntry });
  running.push(worker);
  return worker;
}

function signWith(key: string): string {
  const now = Math.floor(Date.now() / 1000);
  return signToken({ claims: { sub: widgetId, iat: now, exp: now + 500, customerId: "c" }, securityKey: key });
}

describe("settings that change while visitors chat", () => {
  it("A setting cannot be used", async () => {
    const after = await start({ TOKEN_TTL_SECONDS: "9000", COOKIE_SECRET: "short" });
    expect(await (await fetch(after.origin)).text()).toBe(await (await fetch(site.origin)).text());
    await expectRefused(moveTo(after, visitor).post("/_chat/token", {}), 503, "MISCONFIGURED");
    await expectLogged(after, { event: "settings.invalid", setting: "TOKEN_TTL_SECONDS" });
    await expectLogged(after, { event: "settings.invalid", setting: "COOKIE_SECRET" });
    expect(await offered(visitor)).toMatchObject({ contactId: id("before") });
  });

  it("CHAT_PATH changes", async () => {
    const { ticket } = await visitor.token();
    const after = moveTo(await start({ CHAT_PATH: "/talk" }), visitor);
    const report = { ticket, contactId: id("on-the-way"), event: "started", ageSeconds: 0 };
    // The site answers: for the browser part that is no answer of ours, so that the report waits for the next page.
    expect((await after.post("/_chat/contacts", report)).headers.get("content-type")).not.toContain("json");
    expect((await after.post("/talk/contacts", report)).status).toBe(201);
  });

  it("CONTACT_ATTRIBUTE changes", async () => {
    const after = moveTo(await start({ CONTACT_ATTRIBUTE: "past" }), visitor);
    expect(await offered(after)).toMatchObject({ past: id("before"), chatContinue: "now" });
  });

  it("RETENTION_DAYS becomes shorter", async () => {
    const worker = await start({ RETENTION_DAYS: "2" });
    await control(worker, { clockOffsetSeconds: 3 * DAY });
    const after = moveTo(worker, visitor);
    expect(await offered(after)).toMatchObject(NOTHING);
    await chat(after, id("after"));
    expect(await offered(after)).toMatchObject({ contactId: id("after"), contactIdFallback: "none" });
  });

  it("Another widget is put in", async () => {
    const other = { WIDGET_SNIPPET: "page", WIDGET_ID: "0f9f1c0e-7f6e-4b58-9f53-6d3d5cf4a001" };
    const { ticket } = await visitor.token();
    const after = moveTo(await start(other), visitor);
    await expectRefused(after.report({ ticket, contactId: id("late") }), 403, "TICKET_INVALID");
    expect(await offered(after)).toMatchObject(NOTHING);
  });
});

describe("secrets that change while visitors chat", () => {
  it("COOKIE_SECRET gets a new one before the old", async () => {
    const { ticket } = await visitor.token();
    const { persistentChatVisitor } = await offered(visitor);
    const after = moveTo(await start({ COOKIE_SECRET: `${OTHER_SECRET} ${settings.COOKIE_SECRET}` }), visitor);
    expect((await after.report({ ticket, contactId: id("rotated") })).status).toBe(201);
    expect(await offered(after)).toMatchObject({ contactId: id("rotated"), persistentChatVisitor });
    // Sealed with the new one: the Worker that has the old one alone does not know it.
    expect(await offered(moveTo(before, after))).toMatchObject(NOTHING);
  });

  it("COOKIE_SECRET is replaced", async () => {
    const { ticket } = await visitor.token();
    const after = moveTo(await start({ COOKIE_SECRET: OTHER_SECRET }), visitor);
    await expectRefused(after.report({ ticket, contactId: id("late") }), 403, "TICKET_INVALID");
    expect(await offered(after)).toMatchObject(NOTHING);
    await chat(after, id("after"));
    expect(await offered(after)).toMatchObject({ contactId: id("after") });
  });

  it("WIDGET_SECURITY_KEY is replaced", async () => {
    const worker = await start({ WIDGET_SECURITY_KEY: securityKey.toLowerCase() });
    const after = moveTo(worker, visitor);
    expect(await offered(after)).toMatchObject({ contactId: id("before") });
    const newcomer = createVisitorClient(worker.origin);
    await expectRefused(newcomer.post("/_chat/token", { token: signWith(securityKey) }), 403, "OWNER_TOKEN_INVALID");
    expect((await newcomer.post("/_chat/token", { token: signWith(securityKey.toLowerCase()) })).status).toBe(200);
  });
});
