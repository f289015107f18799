import { createHash } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { signToken } from "../../playground/connect/signing/sign-token.ts";
import { control, instrumentedEntry, observe } from "../instrumented.ts";
import { securityKey, settings, widgetId } from "../settings.ts";
import { type RunningWorker, startWorker } from "../start-worker.ts";
import { claimsOf, createVisitorClient, type TokenAnswer, type VisitorClient } from "../visitor-client.ts";

const DAY = 86_400;

let worker: RunningWorker;
let visitor: VisitorClient;
let contactId: string;

beforeAll(async () => {
  worker = await startWorker({ vars: settings, entry: instrumentedEntry });
});
afterAll(() => worker.close());
beforeEach(async () => {
  await control(worker, {});
  visitor = createVisitorClient(worker.origin);
  contactId = crypto.randomUUID();
});

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const sameOrigin = { "sec-fetch-site": "same-origin" };

/** Forgets, and keeps the cookie: as whoever has a copy of it, or a browser that missed the answer. */
function forget(client = visitor, headers: Record<string, string> = sameOrigin): Promise<Response> {
  const cookie = client.cookie === "" ? {} : { cookie: client.cookie };
  return fetch(`${worker.origin}/_chat/visitor`, { method: "DELETE", headers: { ...headers, ...cookie } });
}

/** A whole chat of a visitor; gives the ticket it was reported with. */
async function chat(client: VisitorClient, id: string, body?: object): Promise<string> {
  const { ticket } = await client.token(body);
  expect((await client.report({ ticket, contactId: id })).status).toBe(201);
  return ticket;
}

async function offered(client = visitor, body?: object): Promise<Record<string, string>> {
  return claimsOf((await client.token(body)).token).attributes;
}

async function keyOf(client = visitor): Promise<string> {
  return (await offered(client))["persistentChatVisitor"] ?? "";
}

function copyOf(client: VisitorClient): VisitorClient {
  return Object.assign(createVisitorClient(worker.origin), { cookie: client.cookie });
}

/** The body of a token request for a signed-in customer. */
function asCustomer(customerId: string): { token: string } {
  const now = Math.floor(Date.now() / 1000);
  return { token: signToken({ claims: { sub: widgetId, iat: now, exp: now + 600, customerId }, securityKey }) };
}

async function expectRefused(response: Response, error: string): Promise<void> {
  expect(response.status).toBe(403);
  expect(await response.json()).toEqual({ error });
}

const nothing = { contactId: "none", contactIdFallback: "none", chatContinue: "none", chatWaitSeconds: "0" };

describe("DELETE /_chat/visitor", () => {
  it("takes the cookie away, and leaves one that page script can read", async () => {
    await chat(visitor, contactId);
    const name = visitor.cookie.slice(0, visitor.cookie.indexOf("="));
    const response = await forget();
    expect(response.status).toBe(204);
    expect(await response.text()).toBe("");
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(response.headers.getSetCookie()).toEqual([
      `${name}=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Lax`,
      expect.stringMatching(/^__Host-chat-left=[\w-]{22}; Max-Age=34560000; Path=\/; Secure; SameSite=Lax$/),
    ]);
  });

  it("erases the record, says so in a place of its own, and keeps only what makes late reports known", async () => {
    await chat(visitor, contactId);
    const key = `visitor:${await keyOf()}`;
    await control(worker, {});
    await forget();
    const { calls, stored } = await observe(worker);
    expect(calls).toEqual(["get visitor", "put erased", "put visitor"]);
    const record = JSON.parse(stored[key]?.value ?? "");
    expect(record).toEqual({
      v: 1,
      updatedAt: expect.any(Number),
      erasedAt: expect.any(Number),
      sessions: [],
      owned: [sha256(contactId)],
    });
    expect(Math.abs(record.erasedAt - Date.now() / 1000)).toBeLessThan(30);
    expect(Math.round(((stored[key]?.expiration ?? 0) - Date.now() / 1000) / DAY)).toBe(760);
    expect(JSON.stringify(stored[key])).not.toContain(contactId);
  });

  it("frees no contact for another visitor", async () => {
    await chat(visitor, contactId);
    const key = await keyOf();
    await forget();
    expect((await observe(worker)).stored[`contact:${sha256(contactId)}`]?.value).toBe(key);
    const other = createVisitorClient(worker.origin);
    const { ticket } = await other.token();
    await expectRefused(await other.report({ ticket, contactId }), "CONTACT_NOT_YOURS");
  });

  it("erases also what KV does not show yet", async () => {
    await chat(visitor, contactId);
    const key = `visitor:${await keyOf()}`;
    await control(worker, { kvShows: "nothing" });
    await forget();
    const record = JSON.parse((await observe(worker)).stored[key]?.value ?? "");
    expect(record).toMatchObject({ sessions: [], owned: [sha256(contactId)] });
  });

  it("has nothing to offer when the visitor comes back, under a new name", async () => {
    await chat(visitor, contactId);
    const before = await keyOf();
    await forget();
    visitor.cookie = "";
    const attributes = await offered();
    expect(attributes).toMatchObject(nothing);
    expect(attributes["persistentChatVisitor"]).not.toBe(before);
  });

  it("may be asked twice", async () => {
    await chat(visitor, contactId);
    expect((await forget()).status).toBe(204);
    expect((await forget()).status).toBe(204);
    expect(await offered()).toMatchObject(nothing);
  });

  it("works while the chat is switched off", async () => {
    await chat(visitor, contactId);
    await control(worker, { mode: "off" });
    expect((await forget()).status).toBe(204);
    await control(worker, {});
    expect(await offered()).toMatchObject(nothing);
  });
});

describe("DELETE /_chat/visitor, with nothing to forget", () => {
  const lifeSeconds = 365 * DAY;

  it.each([
    ["there is no cookie", () => ""],
    ["the cookie does not open", (cookie: string) => cookie.replace(/=.*/, "=garbage")],
  ])("answers 204 and asks no KV where %s", async (_why, spoil) => {
    await chat(visitor, contactId);
    visitor.cookie = spoil(visitor.cookie);
    await control(worker, {});
    expect((await forget()).status).toBe(204);
    expect((await observe(worker)).calls).toEqual([]);
  });

  it("answers 204 and asks no KV where the cookie's life is over", async () => {
    await chat(visitor, contactId);
    await control(worker, { clockOffsetSeconds: lifeSeconds + 100 });
    expect((await forget()).status).toBe(204);
    expect((await observe(worker)).calls).toEqual([]);
  });
});

describe("DELETE /_chat/visitor, asked wrongly", () => {
  it.each([
    ["another site", { "sec-fetch-site": "cross-site" }],
    ["a sibling subdomain", { "sec-fetch-site": "same-site" }],
    ["another site in an old browser", { origin: "https://evil.example" }],
    ["who does not say where the call comes from", {}],
  ])("refuses %s, and forgets nothing", async (_who, headers) => {
    await chat(visitor, contactId);
    await control(worker, {});
    const response = await forget(visitor, headers);
    await expectRefused(response, "CROSS_ORIGIN");
    expect(response.headers.getSetCookie()).toEqual([]);
    expect((await observe(worker)).calls).toEqual([]);
    expect(await offered()).toMatchObject({ contactId });
  });

  it("takes an old browser's word for its own origin", async () => {
    await chat(visitor, contactId);
    expect((await forget(visitor, { origin: worker.origin })).status).toBe(204);
  });

  it.each(["get", "put"] as const)("keeps the cookie, the way to the record, when KV fails to %s", async (kvCalls) => {
    await chat(visitor, contactId);
    await control(worker, { kv: "fails", kvCalls });
    const response = await forget();
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({ error: "STORE_UNAVAILABLE" });
    expect(response.headers.getSetCookie()).toEqual([]);
    await control(worker, {});
    expect(await offered()).toMatchObject({ contactId });
  });

  it("refuses another method", async () => {
    const response = await visitor.post("/_chat/visitor", {});
    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toBe("DELETE");
  });
});

describe("a copy of the cookie of a forgotten visitor", () => {
  let copy: VisitorClient;
  let ticket: string;
  let key: string;
  beforeEach(async () => {
    ticket = await chat(visitor, contactId);
    key = await keyOf();
    copy = copyOf(visitor);
    await forget();
    await control(worker, { clockOffsetSeconds: 100 });
  });

  it("brings nothing back, and makes another visitor", async () => {
    const attributes = await offered(copy);
    expect(attributes).toMatchObject(nothing);
    expect(attributes["persistentChatVisitor"]).not.toBe(key);
    expect(await offered(copy)).toEqual(attributes);
  });

  it("learns nothing of what the visitor does afterwards", async () => {
    const other = copyOf(copy);
    await chat(copy, `${contactId}-later`);
    expect(await offered(other)).toMatchObject(nothing);
  });

  it.each(["started", "ended"])("is refused a late report of a contact that %s, every time the same", async (event) => {
    for (const _time of [1, 2]) {
      await expectRefused(await copy.report({ ticket, contactId, event }), "TICKET_EXPIRED");
    }
    expect((await observe(worker)).calls).toEqual(["get visitor", "get visitor"]);
  });

  it("is refused a contact that was never reported, with the old ticket", async () => {
    await expectRefused(await copy.report({ ticket, contactId: `${contactId}-unreported` }), "TICKET_EXPIRED");
  });

  it("is refused the old contact with a new ticket", async () => {
    const { ticket: newTicket } = await copy.token();
    await expectRefused(await copy.report({ ticket: newTicket, contactId }), "CONTACT_NOT_YOURS");
    expect(await offered(copy)).toMatchObject(nothing);
  });

  it("is refused the old ticket once it has become another visitor's", async () => {
    await copy.token();
    await expectRefused(await copy.report({ ticket, contactId }), "TICKET_NOT_YOURS");
  });

  it("brings nothing back once KV has caught up, though it was used before that", async () => {
    await control(worker, { kvShows: "nothing", clockOffsetSeconds: 110 });
    await copy.token();
    await control(worker, { clockOffsetSeconds: 200 });
    expect(await offered(copy)).toMatchObject(nothing);
    await expectRefused(await copy.report({ ticket, contactId, event: "ended" }), "TICKET_EXPIRED");
  });

  it("brings nothing back though a location that lags takes its report meanwhile", async () => {
    const { ticket } = await visitor.token();
    const later = `${contactId}-later`;
    const copied = copyOf(visitor);
    await forget();
    await control(worker, { kvShows: "nothing", clockOffsetSeconds: 120 });
    expect((await copied.report({ ticket, contactId: later })).status).toBe(201);
    await control(worker, { clockOffsetSeconds: 300 });
    expect(await offered(copied)).toMatchObject(nothing);
  });

  it("brings nothing back while KV is down", async () => {
    await control(worker, { clockOffsetSeconds: 100, kv: "fails" });
    expect(await offered(copy)).toMatchObject(nothing);
  });
});

describe("a late report after the browser was forgotten", () => {
  it("is refused, every time the same", async () => {
    const ticket = await chat(visitor, contactId);
    await forget();
    visitor.cookie = "";
    for (const event of ["started", "ended", "started"]) {
      await expectRefused(await visitor.report({ ticket, contactId, event }), "TICKET_NOT_YOURS");
    }
  });
});

// Random values of 128 bits, as a departure leaves one.
const [FIRST, SECOND] = ["the-first-departure-00", "the-second-departure-0"];

describe("a cookie that comes back after a departure", () => {
  let ticket: string;
  let key: string;
  beforeEach(async () => {
    ticket = await chat(visitor, contactId);
    key = await keyOf();
    await control(worker, {});
  });

  /** A call of a browser that left its visitor: it knows when by a cookie of its own. */
  const leaving = (departure: string, path: string, body: object) =>
    visitor.post(path, body, { cookie: `${visitor.cookie}; __Host-chat-left=${departure}` });
  const askAfter = async (departure: string) => {
    const answer: TokenAnswer = await (await leaving(departure, "/_chat/token", {})).json();
    return { ticket: answer.ticket, attributes: claimsOf(answer.token).attributes };
  };

  it("is nobody's: an answer on its way while the visitor left had set it", async () => {
    const { attributes } = await askAfter(FIRST);
    expect(attributes).toMatchObject(nothing);
    expect(attributes["persistentChatVisitor"]).not.toBe(key);
    expect((await observe(worker)).calls).toEqual([]);
  });

  it("is refused a report, and asks no KV", async () => {
    const report = { ticket, contactId, event: "ended", ageSeconds: 0 };
    await expectRefused(await leaving(FIRST, "/_chat/contacts", report), "TICKET_NOT_YOURS");
    expect((await observe(worker)).calls).toEqual([]);
  });

  it("is known again where it was made after that departure, and until the next one", async () => {
    const { ticket: newTicket } = await askAfter(FIRST);
    const report = { ticket: newTicket, contactId: `${contactId}-new`, event: "started", ageSeconds: 0 };
    expect((await leaving(FIRST, "/_chat/contacts", report)).status).toBe(201);
    const { attributes } = await askAfter(FIRST);
    expect(attributes).toMatchObject({ contactId: `${contactId}-new`, contactIdFallback: "none" });
    expect((await askAfter(SECOND)).attributes).toMatchObject(nothing);
  });

  it.each([
    ["twice", (cookie: string) => `${cookie}; ${cookie}`],
    ["beside another of its name", (cookie: string) => `${cookie}x; ${cookie}`],
    ["with two departures", (cookie: string) => `${cookie}; __Host-chat-left=${FIRST}; __Host-chat-left=${FIRST}`],
  ])("is nobody's when it is sent %s, and the log says so", async (_how, repeat) => {
    const answer: TokenAnswer = await (
      await visitor.post("/_chat/token", {}, { cookie: repeat(visitor.cookie) })
    ).json();
    expect(claimsOf(answer.token).attributes).toMatchObject(nothing);
    expect(worker.logs.at(-2)).toEqual({ level: "warn", event: "cookie.repeated", cookie: "visitor" });
  });

  it("keeps no mark of a departure that is none of ours, however long", async () => {
    const answer = await leaving("x".repeat(5000), "/_chat/token", {});
    expect(answer.headers.getSetCookie().join().length).toBeLessThan(1000);
  });

  it("is known once the browser has forgotten the departure", async () => {
    const { attributes } = await askAfter(FIRST);
    expect(await keyOf()).toBe(attributes["persistentChatVisitor"]);
  });
});

describe("a customer who was forgotten", () => {
  let anna: { token: string };
  let phone: VisitorClient;
  beforeEach(async () => {
    anna = asCustomer(`anna ${contactId}`);
    await chat(visitor, contactId, anna);
    phone = createVisitorClient(worker.origin);
    expect(await offered(phone, anna)).toMatchObject({ contactId });
    await forget();
    await control(worker, { clockOffsetSeconds: 100 });
  });

  it("is forgotten on every device, also where a cookie knew the chat", async () => {
    expect(await offered(phone, anna)).toMatchObject(nothing);
    expect(await offered(createVisitorClient(worker.origin), anna)).toMatchObject(nothing);
  });

  it("starts a new history with the next chat, on every device", async () => {
    await chat(phone, `${contactId}-new`, anna);
    expect(await offered(phone, anna)).toMatchObject({ contactId: `${contactId}-new`, contactIdFallback: "none" });
    expect(await offered(createVisitorClient(worker.origin), anna)).toMatchObject({ contactId: `${contactId}-new` });
  });

  it("gets no forgotten contact back with a new ticket", async () => {
    const { ticket } = await phone.token(anna);
    const response = await phone.report({ ticket, contactId });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ status: "known" });
    expect(await offered(phone, anna)).toMatchObject(nothing);
  });
});
