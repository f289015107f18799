import { createHmac } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";
import { control, observe } from "../../instrumented.ts";
import { securityKey, widgetId } from "../../settings.ts";
import { useInstrumented } from "../../use-workers.ts";
import { claimsOf, createVisitorClient, type VisitorClient } from "../../visitor-client.ts";
import { chat, NOTHING, offered } from "../../visitor-steps.ts";

const worker = useInstrumented();
let visitor: VisitorClient;

beforeEach(async () => {
  await control(worker, {});
  visitor = createVisitorClient(worker.origin);
});

describe("POST /_chat/token", () => {
  it("gives a token that Connect accepts: HS256 over the key's text, for this widget, for 500 seconds", async () => {
    const { token, expiresIn } = await visitor.token();
    const [header, payload, signature] = token.split(".");
    expect(signature).toBe(createHmac("sha256", securityKey).update(`${header}.${payload}`).digest("base64url"));
    expect(JSON.parse(Buffer.from(header ?? "", "base64url").toString())).toEqual({ alg: "HS256", typ: "JWT" });
    const { sub, iat, exp } = claimsOf(token);
    expect(sub).toBe(widgetId);
    expect(exp - iat).toBe(500);
    expect(expiresIn).toBe(500);
    expect(Math.abs(iat - Date.now() / 1000)).toBeLessThan(30);
  });

  it("signs every attribute at a first visit", async () => {
    const attributes = await offered(visitor);
    expect(attributes).toEqual({ ...NOTHING, persistentChatVisitor: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });

  it("forbids every cache to store the answer", async () => {
    const response = await visitor.post("/_chat/token", {});
    expect(response.headers.get("cache-control")).toBe("no-store");
  });

  it("sets a cookie that page script cannot read, for this host only", async () => {
    const response = await visitor.post("/_chat/token", {});
    expect(response.headers.get("set-cookie")).toMatch(
      /^__Host-chat-[0-9a-f]{8}=[\w-]+\.\.[\w-]+\.[\w-]+\.[\w-]+; Max-Age=31536000; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
  });

  it("offers the last chat at the next visit, and the chat before it as the fallback", async () => {
    await chat(visitor, "contact-1");
    await control(worker, { clockOffsetSeconds: 100 });
    await chat(visitor, "contact-2");
    await control(worker, { clockOffsetSeconds: 200 });
    const attributes = await offered(visitor);
    expect(attributes).toMatchObject({
      contactId: "contact-2",
      contactIdFallback: "contact-1",
      chatContinue: "now",
      chatWaitSeconds: "0",
    });
  });

  it("asks the flow to wait after a chat that ended just now", async () => {
    const { ticket } = await visitor.token();
    await visitor.report({ ticket, contactId: "contact-w" });
    await control(worker, { clockOffsetSeconds: 100 });
    await visitor.report({ ticket, contactId: "contact-w", event: "ended", ageSeconds: 20 });
    const attributes = await offered(visitor);
    expect(attributes).toMatchObject({ contactId: "contact-w", chatContinue: "wait" });
    expect(Number(attributes["chatWaitSeconds"])).toBeGreaterThan(30);
    expect(Number(attributes["chatWaitSeconds"])).toBeLessThanOrEqual(41);
  });

  it("gives two good tokens of one visitor when asked twice in a row", async () => {
    const first = await visitor.token();
    const second = await visitor.token();
    expect(claimsOf(second.token).attributes["persistentChatVisitor"]).toBe(
      claimsOf(first.token).attributes["persistentChatVisitor"],
    );
    expect(second.ticket).not.toBe(first.ticket);
  });

  it("offers nothing when asked for a fresh start, and forgets nothing", async () => {
    await chat(visitor, "contact-f");
    expect(await offered(visitor, { fresh: true })).toMatchObject(NOTHING);
    expect(await offered(visitor)).toMatchObject({ contactId: "contact-f" });
  });

  it("reads KV once for a known visitor", async () => {
    await chat(visitor, "contact-r");
    await control(worker, {});
    await visitor.token();
    expect((await observe(worker)).calls).toEqual(["get visitor"]);
  });

  it("reads no KV for a new visitor, nor for a cookie that does not open", async () => {
    await visitor.token();
    visitor.cookie = visitor.cookie.slice(0, -3);
    await visitor.token();
    expect((await observe(worker)).calls).toEqual([]);
  });

  it.each([
    ["garbage", (cookie: string) => cookie.replace(/=.*/, "=garbage")],
    [
      "a cookie that was tampered with",
      (cookie: string) => cookie.replace(/(?<=\.)(.)(?=[^.]*$)/, (char) => (char === "A" ? "Q" : "A")),
    ],
    ["an empty cookie", (cookie: string) => cookie.replace(/=.*/, "=")],
  ])("treats %s as a first visit", async (_what, spoil) => {
    await chat(visitor, `contact-${crypto.randomUUID()}`);
    const before = (await offered(visitor))["persistentChatVisitor"];
    visitor.cookie = spoil(visitor.cookie);
    const attributes = await offered(visitor);
    expect(attributes).toMatchObject(NOTHING);
    expect(attributes["persistentChatVisitor"]).not.toBe(before);
  });

  it("does not open a cookie after its lifetime", async () => {
    await chat(visitor, "contact-old");
    const before = (await offered(visitor))["persistentChatVisitor"];
    await control(worker, { clockOffsetSeconds: 366 * 86_400 });
    const attributes = await offered(visitor);
    expect(attributes).toMatchObject(NOTHING);
    expect(attributes["persistentChatVisitor"]).not.toBe(before);
  });

  it("keeps a chat in the cookie that it could not offer while KV was down", async () => {
    await chat(visitor, "contact-k");
    await control(worker, { kv: "fails" });
    await visitor.token();
    await control(worker, { kvShows: "nothing" });
    expect(await offered(visitor)).toMatchObject({ contactId: "contact-k" });
  });

  it("carries the newest three sessions in the cookie, and no more", async () => {
    for (const [index, name] of ["1", "2", "3", "4"].entries()) {
      await control(worker, { clockOffsetSeconds: 100 * index });
      await chat(visitor, `contact-c${name}`);
    }
    expect(visitor.cookie.length).toBeLessThan(1200);
    await control(worker, { clockOffsetSeconds: 1000, kvShows: "nothing" });
    expect(await offered(visitor)).toMatchObject({
      contactId: "contact-c4",
      contactIdFallback: "contact-c3",
    });
    const { ticket } = await visitor.token();
    await visitor.report({ ticket, contactId: "contact-c5" });
    const { stored } = await observe(worker);
    const visitorKey = (await offered(visitor))["persistentChatVisitor"];
    const record = JSON.parse(stored[`visitor:${visitorKey}`]?.value ?? "");
    // KV showed nothing: the record was written from the cookie.
    expect(record.sessions.map(({ contactId }: { contactId: string }) => contactId)).toEqual([
      "contact-c5",
      "contact-c4",
      "contact-c3",
      "contact-c2",
    ]);
  });

  it("offers nothing from before an erasure, whatever the cookie says", async () => {
    await chat(visitor, "contact-e");
    const visitorKey = (await offered(visitor))["persistentChatVisitor"];
    const now = Math.floor(Date.now() / 1000);
    const erased = { v: 1, updatedAt: now, erasedAt: now, sessions: [], owned: [] };
    await control(worker, { store: { [`visitor:${visitorKey}`]: JSON.stringify(erased) } });
    expect(await offered(visitor)).toMatchObject(NOTHING);
  });

  it("keeps two browsers apart", async () => {
    await chat(visitor, "contact-a");
    const other = createVisitorClient(worker.origin);
    expect(await offered(other)).toMatchObject(NOTHING);
  });
});

describe("POST /_chat/token, called wrongly", () => {
  it.each([
    ["another site", { "sec-fetch-site": "cross-site" }],
    ["a sibling subdomain", { "sec-fetch-site": "same-site" }],
  ])("refuses %s", async (_who, headers) => {
    const response = await visitor.post("/_chat/token", {}, headers);
    expect(response.status).toBe(403);
    expect(await response.json()).toEqual({ error: "CROSS_ORIGIN" });
    expect(response.headers.has("set-cookie")).toBe(false);
  });

  it.each([
    ["no JSON", "{", 400, "BODY_NOT_JSON"],
    ["no UTF-8", new Blob([new Uint8Array([0x22, 0xff, 0x22])]), 400, "BODY_NOT_JSON"],
    ["an array", "[]", 400, "BODY_INVALID"],
    ["a token that is no text", { token: 7 }, 400, "BODY_INVALID"],
    ["an unknown field", { contactId: "c1" }, 400, "BODY_INVALID"],
    ["9 KB", { token: "x".repeat(9000) }, 413, "BODY_TOO_LARGE"],
  ])("refuses %s", async (_what, body, status, error) => {
    const response = await visitor.post("/_chat/token", body);
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({ error });
  });

  it("refuses a body that a form could send", async () => {
    const response = await visitor.post("/_chat/token", "{}", { "content-type": "text/plain" });
    expect(response.status).toBe(415);
    expect(await response.json()).toEqual({ error: "NOT_JSON_TYPE" });
  });

  it("refuses GET, with its own answer instead of the site's", async () => {
    const response = await fetch(`${worker.origin}/_chat/token`);
    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toBe("POST");
    expect(await response.json()).toEqual({ error: "METHOD_NOT_ALLOWED" });
  });
});
