import { beforeEach, describe, expect, it } from "vitest";
import { control, observe } from "../instrumented.ts";
import { useInstrumented } from "../use-workers.ts";
import { offered, sha256 } from "../visitor-steps.ts";
import { claimsOf, createVisitorClient, type VisitorClient } from "../visitor-client.ts";

const DAY = 86_400;

const worker = useInstrumented();
let visitor: VisitorClient;
let contactId: string;

beforeEach(async () => {
  await control(worker, {});
  visitor = createVisitorClient(worker.origin);
  contactId = crypto.randomUUID();
});

describe("POST /_chat/contacts", () => {
  it("records a new contact under the visitor and for its owner, in two writes", async () => {
    const { token, ticket } = await visitor.token();
    const visitorKey = claimsOf(token).attributes["persistentChatVisitor"];
    const response = await visitor.report({ ticket, contactId });
    expect(response.status).toBe(201);
    expect(await response.json()).toEqual({ status: "recorded" });

    const { calls, stored } = await observe(worker);
    expect(calls).toEqual(["get visitor", "get contact", "put contact", "put visitor"]);
    const owner = stored[`contact:${sha256(contactId)}`];
    expect(owner?.value).toBe(visitorKey);
    const record = JSON.parse(stored[`visitor:${visitorKey}`]?.value ?? "");
    const session = { contactId, ticketId: expect.any(String), startedAt: expect.any(Number) };
    expect(record).toEqual({ v: 1, updatedAt: expect.any(Number), sessions: [session], owned: [sha256(contactId)] });
  });

  it("keeps the visitor's record for the retention time, and the owner's record longer", async () => {
    const { token, ticket } = await visitor.token();
    await visitor.report({ ticket, contactId });
    const { stored } = await observe(worker);
    const days = (key: string) => Math.round(((stored[key]?.expiration ?? 0) - Date.now() / 1000) / DAY);
    expect(days(`visitor:${claimsOf(token).attributes["persistentChatVisitor"]}`)).toBe(365);
    expect(days(`contact:${sha256(contactId)}`)).toBe(760);
  });

  it("knows a contact that is reported again, and writes nothing", async () => {
    const { ticket } = await visitor.token();
    await visitor.report({ ticket, contactId });
    await control(worker, {});
    const response = await visitor.report({ ticket, contactId });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ status: "known" });
    expect((await observe(worker)).calls).toEqual(["get visitor"]);
  });

  it("records an end in one write", async () => {
    const { ticket } = await visitor.token();
    await visitor.report({ ticket, contactId });
    await control(worker, {});
    expect((await visitor.report({ ticket, contactId, event: "ended" })).status).toBe(201);
    expect((await observe(worker)).calls).toEqual(["get visitor", "put visitor"]);
    expect(await offered(visitor)).toMatchObject({ contactId, chatContinue: "wait" });
  });

  it("accepts an end before its start", async () => {
    const { ticket } = await visitor.token();
    expect((await visitor.report({ ticket, contactId, event: "ended" })).status).toBe(201);
    expect((await visitor.report({ ticket, contactId })).status).toBe(200);
    expect(await offered(visitor)).toMatchObject({ contactId, chatContinue: "wait" });
  });

  it("offers the new chat before KV shows it: the cookie carries the chat", async () => {
    const { ticket } = await visitor.token();
    const before = visitor.cookie;
    await visitor.report({ ticket, contactId });
    expect(visitor.cookie).not.toBe(before);
    await visitor.report({ ticket, contactId });
    expect(await offered(visitor)).toMatchObject({ contactId });
  });

  it("updates the cookie even when the contact is already recorded", async () => {
    const { ticket } = await visitor.token();
    const before = visitor.cookie;
    await visitor.report({ ticket, contactId });
    // The answer to the first report was lost, and so was its cookie.
    visitor.cookie = before;
    expect((await visitor.report({ ticket, contactId })).status).toBe(200);
    await control(worker, { kvShows: "nothing" });
    expect(await offered(visitor)).toMatchObject({ contactId });
  });

  it("keeps an erasure, and keeps the record longer than any older cookie or ticket lives", async () => {
    const { token, ticket } = await visitor.token();
    const key = `visitor:${claimsOf(token).attributes["persistentChatVisitor"]}`;
    const erasedAt = Math.floor(Date.now() / 1000) - 1000;
    const erased = { v: 1, updatedAt: erasedAt, erasedAt, sessions: [], owned: [] };
    await control(worker, { store: { [key]: JSON.stringify(erased) } });
    expect((await visitor.report({ ticket, contactId })).status).toBe(201);
    const { stored } = await observe(worker);
    expect(JSON.parse(stored[key]?.value ?? "")).toMatchObject({ erasedAt, sessions: [{ contactId }] });
    expect(Math.round(((stored[key]?.expiration ?? 0) - Date.now() / 1000) / DAY)).toBe(760);
  });
});

describe("POST /_chat/contacts, refused for good", () => {
  async function expectRefused(response: Response, error: string): Promise<void> {
    expect(response.status).toBe(403);
    expect(await response.json()).toEqual({ error });
    const { calls } = await observe(worker);
    expect(calls.filter((call) => call.startsWith("put"))).toEqual([]);
  }

  it("refuses a ticket of another visitor", async () => {
    const { ticket } = await createVisitorClient(worker.origin).token();
    await visitor.token();
    await expectRefused(await visitor.report({ ticket, contactId }), "TICKET_NOT_YOURS");
  });

  it("refuses a ticket without the cookie of its visitor", async () => {
    const { ticket } = await visitor.token();
    visitor.cookie = "";
    await expectRefused(await visitor.report({ ticket, contactId }), "TICKET_NOT_YOURS");
  });

  it("refuses a garbage ticket", async () => {
    await visitor.token();
    await expectRefused(await visitor.report({ ticket: "garbage", contactId }), "TICKET_INVALID");
  });

  it("refuses the cookie's own text as a ticket", async () => {
    await visitor.token();
    const sealed = visitor.cookie.slice(visitor.cookie.indexOf("=") + 1);
    await expectRefused(await visitor.report({ ticket: sealed, contactId }), "TICKET_INVALID");
  });

  it("refuses a second contact for one ticket", async () => {
    const { ticket } = await visitor.token();
    await visitor.report({ ticket, contactId });
    await control(worker, {});
    await expectRefused(await visitor.report({ ticket, contactId: "another" }), "TICKET_USED");
  });

  it("refuses a ticket from before an erasure", async () => {
    const { token, ticket } = await visitor.token();
    const erasedAt = Math.floor(Date.now() / 1000) + 5;
    const erased = { v: 1, updatedAt: erasedAt, erasedAt, sessions: [], owned: [] };
    const key = `visitor:${claimsOf(token).attributes["persistentChatVisitor"]}`;
    await control(worker, { store: { [key]: JSON.stringify(erased) } });
    await expectRefused(await visitor.report({ ticket, contactId }), "TICKET_EXPIRED");
  });

  it("refuses a new contact after seven days", async () => {
    const { ticket } = await visitor.token();
    await control(worker, { clockOffsetSeconds: 7 * DAY + 100 });
    await expectRefused(await visitor.report({ ticket, contactId }), "TICKET_EXPIRED");
  });

  it("accepts the end of a recorded contact after seven days", async () => {
    const { ticket } = await visitor.token();
    await visitor.report({ ticket, contactId });
    await control(worker, { clockOffsetSeconds: 20 * DAY });
    expect((await visitor.report({ ticket, contactId, event: "ended", ageSeconds: 13 * DAY })).status).toBe(201);
  });

  it("refuses a contact that another visitor reported first", async () => {
    const other = createVisitorClient(worker.origin);
    const { ticket: theirs } = await other.token();
    await other.report({ ticket: theirs, contactId });
    const { ticket } = await visitor.token();
    await control(worker, {});
    await expectRefused(await visitor.report({ ticket, contactId }), "CONTACT_NOT_YOURS");
    expect(await offered(visitor)).toMatchObject({ contactId: "none" });
    expect(await offered(other)).toMatchObject({ contactId });
  });

  it("refuses another site", async () => {
    const { ticket } = await visitor.token();
    const body = { ticket, contactId, event: "started", ageSeconds: 0 };
    const response = await visitor.post("/_chat/contacts", body, { "sec-fetch-site": "cross-site" });
    await expectRefused(response, "CROSS_ORIGIN");
  });
});

describe("POST /_chat/contacts, with ids of the greatest length", () => {
  it("keeps the cookie below the size that browsers accept", async () => {
    for (const chat of [1, 2, 3, 4]) {
      await control(worker, { clockOffsetSeconds: chat * 100 });
      const { ticket } = await visitor.token();
      const longest = `${chat}`.padEnd(256, "x");
      expect((await visitor.report({ ticket, contactId: longest })).status).toBe(201);
    }
    expect(visitor.cookie.length).toBeGreaterThan(1500);
    expect(visitor.cookie.length).toBeLessThan(4096);
    expect(await offered(visitor)).toMatchObject({ contactId: "4".padEnd(256, "x") });
  });
});

describe("POST /_chat/contacts, later than five newer chats", () => {
  it("records the contact once, and knows it from then on", async () => {
    const { ticket } = await visitor.token();
    for (const chat of [1, 2, 3, 4, 5]) {
      await control(worker, { clockOffsetSeconds: chat * 100 });
      const newer = await visitor.token();
      await visitor.report({ ticket: newer.ticket, contactId: `${contactId}-${chat}` });
    }
    const report = async () => (await visitor.report({ ticket, contactId })).status;
    expect([await report(), await report()]).toEqual([201, 200]);
  });
});

describe("POST /_chat/contacts, called wrongly", () => {
  const report = { ticket: "sealed", contactId: "c1", event: "started", ageSeconds: 0 };

  it.each([
    ["no JSON", "{", 400, "BODY_NOT_JSON"],
    ["nothing", "", 400, "BODY_NOT_JSON"],
    ["an array", [report], 400, "BODY_INVALID"],
    ["null", "null", 400, "BODY_INVALID"],
    ["another event", { ...report, event: "paused" }, 400, "BODY_INVALID"],
    ["an age in words", { ...report, ageSeconds: "1" }, 400, "BODY_INVALID"],
    ["more than 2 KB", { ...report, ticket: "x".repeat(2048) }, 413, "BODY_TOO_LARGE"],
  ])("refuses %s", async (_what, body, status, error) => {
    const response = await visitor.post("/_chat/contacts", body);
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({ error });
  });
});

describe("logs", () => {
  it("never hold a token, ticket, cookie or contact id", async () => {
    const { token, ticket } = await visitor.token();
    await visitor.report({ ticket, contactId });
    await visitor.report({ ticket, contactId: `${contactId}-2` });
    await visitor.post("/_chat/token", { token });
    const text = JSON.stringify(worker.logs);
    expect(text).toContain("TICKET_USED");
    for (const secret of [token, ticket, visitor.cookie, contactId]) expect(text).not.toContain(secret);
  });
});
