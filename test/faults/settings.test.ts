import { beforeEach, describe, expect, it } from "vitest";
import { signToken } from "../playground/connect/signing/sign-token.ts";
import { checkToken } from "../playground/connect/signing/token.ts";
import { control } from "../worker/instrumented.ts";
import { securityKey, settings, widgetId } from "../worker/settings.ts";
import { useInstrumented, useSite } from "../worker/use-workers.ts";
import { type VisitorClient } from "../worker/visitor-client.ts";
import { chat, copyOf, expectRefused, NOTHING, offered } from "../worker/visitor-steps.ts";
import { createChatter, expectPage, expectUntouchedPage, type LogWatch, watchLogs } from "./chatter.ts";

const DAY = 86_400;
const OTHER_SECRET = Buffer.from("another thirty-two random bytes!").toString("base64url");

const site = useSite();
const worker = useInstrumented(() => ({ ORIGIN_URL: site.origin }));
let visitor: VisitorClient;
/** A contact id of this test. */
let id: (name: string) => string;
let log: LogWatch;

beforeEach(async () => {
  const test = crypto.randomUUID();
  id = (name) => `${name}-${test}`;
  await deploy({});
  visitor = await createChatter(worker.origin, id("before"));
  log = watchLogs(worker);
});

/** Deploys other settings. Cookies and KV stay. */
const deploy = (changed: Readonly<Record<string, string>>) => control(worker, { settings: changed });

/** The site's own token for a customer, as the body of a token call. */
function signedWith(key: string): { token: string } {
  const now = Math.floor(Date.now() / 1000);
  const claims = { sub: widgetId, iat: now, exp: now + 500, customerId: id("customer") };
  return { token: signToken({ claims, securityKey: key }) };
}

describe("settings that change while visitors chat", () => {
  it("A setting cannot be used", async () => {
    const { ticket } = await visitor.token();
    await deploy({ TOKEN_TTL_SECONDS: "9000", COOKIE_SECRET: "short" });
    await expectUntouchedPage(worker, site);
    await expectRefused(visitor.post("/_chat/token", {}), 503, "MISCONFIGURED");
    await expectRefused(visitor.report({ ticket, contactId: id("meanwhile") }), 503, "MISCONFIGURED");
    expect((await fetch(`${worker.origin}/_chat/health`)).status).toBe(503);
    await log.expectLine({ event: "settings.invalid", setting: "TOKEN_TTL_SECONDS" });
    await log.expectLine({ event: "settings.invalid", setting: "COOKIE_SECRET" });
    await deploy({});
    expect((await visitor.report({ ticket, contactId: id("meanwhile") })).status).toBe(201);
    expect(await offered(visitor)).toMatchObject({ contactIdFallback: id("before") });
  });

  it("CHAT_PATH changes", async () => {
    const { ticket } = await visitor.token();
    await deploy({ CHAT_PATH: "/talk" });
    await expectPage(worker, site, "/talk");
    const report = { ticket, contactId: id("on-the-way"), event: "started", ageSeconds: 0 };
    // The site answers instead of the Worker: the browser part keeps the report for the next page.
    const answer = await copyOf(visitor).post("/_chat/contacts", report);
    expect(answer.headers.get("content-type")).not.toContain("json");
    expect((await visitor.post("/talk/contacts", report)).status).toBe(201);
    expect((await visitor.post("/talk/token", {})).status).toBe(200);
    await log.expectQuiet();
    await deploy({});
    expect(await offered(visitor)).toMatchObject({ contactId: id("on-the-way") });
  });

  it("CONTACT_ATTRIBUTE changes", async () => {
    await deploy({ CONTACT_ATTRIBUTE: "past" });
    await expectPage(worker, site);
    const attributes = await offered(visitor);
    expect(attributes).toMatchObject({ past: id("before"), chatContinue: "now" });
    expect(attributes).not.toHaveProperty("contactId");
    await log.expectQuiet();
  });

  it("RETENTION_DAYS becomes shorter", async () => {
    const at = (days: number, changed = {}) =>
      control(worker, { clockOffsetSeconds: days * DAY, settings: { RETENTION_DAYS: "2", ...changed } });
    await at(3, { RETENTION_DAYS: "365" });
    const { persistentChatVisitor } = await offered(visitor);
    await at(3);
    await expectPage(worker, site);
    expect(await offered(visitor)).toMatchObject({ ...NOTHING, persistentChatVisitor });
    await chat(visitor, id("after"));
    expect(await offered(visitor)).toMatchObject({ contactId: id("after"), contactIdFallback: "none" });
    await log.expectQuiet();
  });

  it("Another widget is put in", async () => {
    const { ticket } = await visitor.token();
    const { persistentChatVisitor } = await offered(visitor);
    await deploy({ WIDGET_SNIPPET: "page", WIDGET_ID: "0f9f1c0e-7f6e-4b58-9f53-6d3d5cf4a001" });
    const after = copyOf(visitor);
    await expectRefused(after.report({ ticket, contactId: id("late") }), 403, "TICKET_INVALID");
    await log.expectLine({ event: "chat.refused", code: "TICKET_INVALID" });
    const attributes = await offered(after);
    expect(attributes).toMatchObject(NOTHING);
    expect(attributes["persistentChatVisitor"]).not.toBe(persistentChatVisitor);
    await deploy({});
    expect(await offered(visitor)).toMatchObject({ contactId: id("before"), persistentChatVisitor });
  });
});

describe("secrets that change while visitors chat", () => {
  it("COOKIE_SECRET gets a new one before the old", async () => {
    const { ticket } = await visitor.token();
    const { persistentChatVisitor } = await offered(visitor);
    await deploy({ COOKIE_SECRET: `${OTHER_SECRET} ${settings.COOKIE_SECRET}` });
    await expectPage(worker, site);
    expect((await visitor.report({ ticket, contactId: id("rotated") })).status).toBe(201);
    expect(await offered(visitor)).toMatchObject({ contactId: id("rotated"), persistentChatVisitor });
    await log.expectQuiet();
    // The cookie is sealed with the new secret: only the new secret opens it.
    await deploy({});
    expect(await offered(copyOf(visitor))).toMatchObject(NOTHING);
    await deploy({ COOKIE_SECRET: OTHER_SECRET });
    expect(await offered(visitor)).toMatchObject({ contactId: id("rotated"), persistentChatVisitor });
  });

  it("COOKIE_SECRET is replaced", async () => {
    const customer = copyOf(visitor);
    await chat(customer, id("customer"), signedWith(securityKey));
    const { ticket } = await visitor.token();
    await deploy({ COOKIE_SECRET: OTHER_SECRET });
    await expectPage(worker, site);
    await expectRefused(visitor.report({ ticket, contactId: id("late") }), 403, "TICKET_INVALID");
    await log.expectLine({ event: "chat.refused", code: "TICKET_INVALID" });
    expect(await offered(visitor)).toMatchObject(NOTHING);
    await chat(visitor, id("after"));
    expect(await offered(visitor)).toMatchObject({ contactId: id("after") });
    // A customer's visitor key does not depend on a secret.
    expect(await offered(customer, signedWith(securityKey))).toMatchObject({ contactId: id("customer") });
  });

  it("WIDGET_SECURITY_KEY is replaced", async () => {
    const newKey = securityKey.toLowerCase();
    const before = await visitor.token();
    await deploy({ WIDGET_SECURITY_KEY: newKey });
    await expectPage(worker, site);
    const after = await visitor.token();
    expect(await offered(visitor)).toMatchObject({ contactId: id("before") });
    const isTaken = (token: string, ...securityKeys: string[]) =>
      checkToken(token, { widgetId, securityKeys, now: Date.now() / 1000 }).accepted;
    // Connect also accepts the old key until it is deleted there.
    expect([before, after].map(({ token }) => isTaken(token, newKey, securityKey))).toEqual([true, true]);
    expect([before, after].map(({ token }) => isTaken(token, newKey))).toEqual([false, true]);
    await expectRefused(visitor.post("/_chat/token", signedWith(securityKey)), 403, "OWNER_TOKEN_INVALID");
    await log.expectLine({ event: "chat.refused", code: "OWNER_TOKEN_INVALID" });
    expect((await visitor.post("/_chat/token", signedWith(newKey))).status).toBe(200);
  });
});
