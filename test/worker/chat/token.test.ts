import { createHash, createHmac } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { signToken } from "../../playground/connect/signing/sign-token.ts";
import { securityKey, settings, widgetId } from "../settings.ts";
import { type RunningWorker, startWorker } from "../start-worker.ts";
import { control, instrumentedEntry, observe } from "../instrumented.ts";
import { claimsOf, createVisitorClient, type VisitorClient } from "../visitor-client.ts";

const DAY = 86_400;

let worker: RunningWorker;
let visitor: VisitorClient;

beforeAll(async () => {
  worker = await startWorker({ vars: settings, entry: instrumentedEntry });
});
afterAll(() => worker.close());
beforeEach(async () => {
  await control(worker, {});
  visitor = createVisitorClient(worker.origin);
});

/** Signs as the owner's own back end would. */
const signOwnerToken = (claims: object, key = securityKey) => signToken({ claims, securityKey: key });

function ownerClaims(claims: object = {}): object {
  const now = Math.floor(Date.now() / 1000);
  return { sub: widgetId, iat: now, exp: now + 600, ...claims };
}

async function chat(client: VisitorClient, contactId: string, body?: object): Promise<void> {
  const { ticket } = await client.token(body);
  expect((await client.report({ ticket, contactId })).status).toBe(201);
}

const nothing = { contactId: "none", contactIdFallback: "none", chatContinue: "none", chatWaitSeconds: "0" };

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
    const { attributes } = claimsOf((await visitor.token()).token);
    expect(attributes).toEqual({ ...nothing, persistentChatVisitor: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });

  it("keeps visitor and answer out of every cache", async () => {
    const response = await visitor.post("/_chat/token", {});
    expect(response.headers.get("cache-control")).toBe("no-store");
  });

  it("sets a cookie that page script cannot read, for this host only", async () => {
    const response = await visitor.post("/_chat/token", {});
    expect(response.headers.get("set-cookie")).toMatch(
      /^__Host-chat-[0-9a-f]{8}=[\w-]+\.\.[\w-]+\.[\w-]+\.[\w-]+; Max-Age=31536000; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
  });

  it("offers the last chat at the next visit, and the one before it to fall back on", async () => {
    await chat(visitor, "contact-1");
    await control(worker, { clockOffsetSeconds: 100 });
    await chat(visitor, "contact-2");
    await control(worker, { clockOffsetSeconds: 200 });
    const { attributes } = claimsOf((await visitor.token()).token);
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
    const { attributes } = claimsOf((await visitor.token()).token);
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
    expect(claimsOf((await visitor.token({ fresh: true })).token).attributes).toMatchObject(nothing);
    expect(claimsOf((await visitor.token()).token).attributes).toMatchObject({ contactId: "contact-f" });
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
    const before = claimsOf((await visitor.token()).token).attributes["persistentChatVisitor"];
    visitor.cookie = spoil(visitor.cookie);
    const { attributes } = claimsOf((await visitor.token()).token);
    expect(attributes).toMatchObject(nothing);
    expect(attributes["persistentChatVisitor"]).not.toBe(before);
  });

  it("does not open a cookie after its life is over", async () => {
    await chat(visitor, "contact-old");
    const before = claimsOf((await visitor.token()).token).attributes["persistentChatVisitor"];
    await control(worker, { clockOffsetSeconds: 366 * 86_400 });
    const { attributes } = claimsOf((await visitor.token()).token);
    expect(attributes).toMatchObject(nothing);
    expect(attributes["persistentChatVisitor"]).not.toBe(before);
  });

  it("keeps in the cookie what it could not offer while KV was down", async () => {
    await chat(visitor, "contact-k");
    await control(worker, { kv: "fails" });
    await visitor.token();
    await control(worker, { kvShows: "nothing" });
    expect(claimsOf((await visitor.token()).token).attributes).toMatchObject({ contactId: "contact-k" });
  });

  it("carries the newest three sessions in the cookie, and no more", async () => {
    for (const [index, name] of ["1", "2", "3", "4"].entries()) {
      await control(worker, { clockOffsetSeconds: 100 * index });
      await chat(visitor, `contact-c${name}`);
    }
    expect(visitor.cookie.length).toBeLessThan(1200);
    await control(worker, { clockOffsetSeconds: 1000, kvShows: "nothing" });
    expect(claimsOf((await visitor.token()).token).attributes).toMatchObject({
      contactId: "contact-c4",
      contactIdFallback: "contact-c3",
    });
    const { ticket } = await visitor.token();
    await visitor.report({ ticket, contactId: "contact-c5" });
    const { stored } = await observe(worker);
    const visitorKey = claimsOf((await visitor.token()).token).attributes["persistentChatVisitor"];
    const record = JSON.parse(stored[`visitor:${visitorKey}`]?.value ?? "");
    // KV showed nothing: what was written is what the cookie knew.
    expect(record.sessions.map(({ contactId }: { contactId: string }) => contactId)).toEqual([
      "contact-c5",
      "contact-c4",
      "contact-c3",
      "contact-c2",
    ]);
  });

  it("offers nothing from before an erasure, whatever the cookie says", async () => {
    await chat(visitor, "contact-e");
    const visitorKey = claimsOf((await visitor.token()).token).attributes["persistentChatVisitor"];
    const now = Math.floor(Date.now() / 1000);
    const erased = { v: 1, updatedAt: now, erasedAt: now, sessions: [], owned: [] };
    await control(worker, { store: { [`visitor:${visitorKey}`]: JSON.stringify(erased) } });
    expect(claimsOf((await visitor.token()).token).attributes).toMatchObject(nothing);
  });

  it("keeps two browsers apart", async () => {
    await chat(visitor, "contact-a");
    const other = createVisitorClient(worker.origin);
    expect(claimsOf((await other.token()).token).attributes).toMatchObject(nothing);
  });
});

describe("POST /_chat/token with the site's own token", () => {
  it("keeps its claims and adds ours, which win", async () => {
    const own = ownerClaims({ customerId: "c-7", attributes: { plan: "gold", contactId: "forged" } });
    const claims = claimsOf((await visitor.token({ token: signOwnerToken(own) })).token);
    expect(claims).toMatchObject({ sub: widgetId, customerId: "c-7" });
    expect(claims.attributes).toMatchObject({ plan: "gold", ...nothing });
  });

  it("never outlives it", async () => {
    const now = Math.floor(Date.now() / 1000);
    const answer = await visitor.token({ token: signOwnerToken(ownerClaims({ exp: now + 60 })) });
    expect(claimsOf(answer.token)["exp"]).toBe(now + 60);
    expect(answer.expiresIn).toBeLessThanOrEqual(60);
  });

  it("has one history per customer, on every device", async () => {
    const anna = { token: signOwnerToken(ownerClaims({ customerId: "anna" })) };
    await chat(visitor, "contact-anna", anna);
    const phone = createVisitorClient(worker.origin);
    expect(claimsOf((await phone.token(anna)).token).attributes).toMatchObject({ contactId: "contact-anna" });
  });

  it("names the customer's visitor without a secret, so that it survives a new one", async () => {
    const anna = { token: signOwnerToken(ownerClaims({ customerId: "anna" })) };
    const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
    const { attributes } = claimsOf((await visitor.token(anna)).token);
    expect(attributes["persistentChatVisitor"]).toBe(sha256(sha256(`${widgetId}\0anna`)));
  });

  it("goes on with a browser's own history where it names no customer", async () => {
    await chat(visitor, "contact-guest");
    const guest = { token: signOwnerToken(ownerClaims()) };
    expect(claimsOf((await visitor.token(guest)).token).attributes).toMatchObject({ contactId: "contact-guest" });
  });

  it("shows a browser's history to no customer who signs in on it", async () => {
    await chat(visitor, "contact-before");
    const carol = { token: signOwnerToken(ownerClaims({ customerId: "carol" })) };
    expect(claimsOf((await visitor.token(carol)).token).attributes).toMatchObject(nothing);
  });

  it("shows a customer's history to nobody else on the same browser", async () => {
    await chat(visitor, "contact-eve", { token: signOwnerToken(ownerClaims({ customerId: "eve" })) });
    const bob = { token: signOwnerToken(ownerClaims({ customerId: "bob" })) };
    expect(claimsOf((await visitor.token(bob)).token).attributes).toMatchObject(nothing);
    expect(claimsOf((await visitor.token()).token).attributes).toMatchObject(nothing);
  });

  it("leaves everything at none where it names a related contact", async () => {
    await chat(visitor, "contact-rel");
    const own = ownerClaims({ relatedContactId: "elsewhere" });
    const claims = claimsOf((await visitor.token({ token: signOwnerToken(own) })).token);
    expect(claims["relatedContactId"]).toBe("elsewhere");
    expect(claims.attributes).toEqual({ ...nothing, persistentChatVisitor: "none" });
  });

  const now = Math.floor(Date.now() / 1000);
  it.each([
    ["is signed with another key", signOwnerToken(ownerClaims(), "another key of forty-four characters, really")],
    ["is for another widget", signOwnerToken(ownerClaims({ sub: "b0000000-0000-4000-8000-000000000000" }))],
    ["has expired", signOwnerToken(ownerClaims({ exp: now - 60 }))],
    ["never expires", signOwnerToken({ sub: widgetId })],
    ["has an attribute that is no string", signOwnerToken(ownerClaims({ attributes: { age: 7 } }))],
    ["is no token", "garbage"],
  ])("refuses one that %s", async (_why, token) => {
    const response = await visitor.post("/_chat/token", { token });
    expect(response.status).toBe(403);
    expect(await response.json()).toEqual({ error: "OWNER_TOKEN_INVALID" });
  });

  it("refuses one without a signature", async () => {
    const [, payload] = signOwnerToken(ownerClaims()).split(".");
    const none = `${Buffer.from('{"alg":"none","typ":"JWT"}').toString("base64url")}.${payload}.`;
    expect((await visitor.post("/_chat/token", { token: none })).status).toBe(403);
  });

  it("refuses one that leaves no room for ours", async () => {
    const token = signOwnerToken(ownerClaims({ attributes: { note: "x".repeat(2000) } }));
    const response = await visitor.post("/_chat/token", { token });
    expect(response.status).toBe(422);
    expect(await response.json()).toEqual({ error: "TOKEN_TOO_LONG" });
  });
});

describe("POST /_chat/token, with RETENTION_DAYS", () => {
  let brief: RunningWorker;
  let guest: VisitorClient;
  const at = (days: number) => control(brief, { clockOffsetSeconds: days * DAY });
  beforeAll(async () => {
    brief = await startWorker({ vars: { ...settings, RETENTION_DAYS: "30" }, entry: instrumentedEntry });
  });
  afterAll(() => brief.close());
  beforeEach(async () => {
    await at(0);
    guest = createVisitorClient(brief.origin);
  });

  it("offers nothing that is older, though cookie and record are still there", async () => {
    await chat(guest, "contact-30");
    await at(20);
    // Rolled: its life begins anew.
    await guest.token();
    await at(29.9);
    expect(claimsOf((await guest.token()).token).attributes).toMatchObject({ contactId: "contact-30" });
    await at(30.1);
    expect(claimsOf((await guest.token()).token).attributes).toMatchObject(nothing);
  });

  it("falls back on nothing that is older", async () => {
    await chat(guest, "contact-old");
    await at(20);
    await chat(guest, "contact-new");
    await at(30.1);
    const { attributes } = claimsOf((await guest.token()).token);
    expect(attributes).toMatchObject({ contactId: "contact-new", contactIdFallback: "none" });
  });

  it("keeps the visitor when no session of theirs is left", async () => {
    await chat(guest, "contact-gone");
    await at(20);
    const before = claimsOf((await guest.token()).token).attributes["persistentChatVisitor"];
    await at(40);
    expect(claimsOf((await guest.token()).token).attributes["persistentChatVisitor"]).toBe(before);
  });

  it("lets the cookie live as long, and opens none that is older", async () => {
    const response = await guest.post("/_chat/token", {});
    expect(response.headers.get("set-cookie")).toContain("; Max-Age=2592000;");
    await chat(guest, "contact-c30");
    await at(30.1);
    await guest.token();
    expect((await observe(brief)).calls).toEqual([]);
  });

  it("lets the record live as long", async () => {
    await chat(guest, "contact-r30");
    const key = claimsOf((await guest.token()).token).attributes["persistentChatVisitor"];
    const { stored } = await observe(brief);
    const life = (stored[`visitor:${key}`]?.expiration ?? 0) - Date.now() / 1000;
    expect(Math.round(life / DAY)).toBe(30);
  });

  it("takes the end of no session that is older", async () => {
    const { ticket } = await guest.token();
    await guest.report({ ticket, contactId: "contact-e30" });
    await at(20);
    await guest.token();
    await at(30.1);
    const response = await guest.report({ ticket, contactId: "contact-e30", event: "ended" });
    expect(response.status).toBe(403);
    expect((await observe(brief)).calls).not.toContain("put visitor");
  });

  it("lets no cookie live longer than browsers keep one", async () => {
    const long = await startWorker({ vars: { ...settings, RETENTION_DAYS: "730" } });
    const response = await createVisitorClient(long.origin).post("/_chat/token", {});
    await long.close();
    expect(response.headers.get("set-cookie")).toContain("; Max-Age=34560000;");
  });
});

describe("POST /_chat/token, asked wrongly", () => {
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
