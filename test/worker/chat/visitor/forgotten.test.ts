import { beforeEach, describe, expect, it } from "vitest";
import { control, observe } from "../../instrumented.ts";
import { useInstrumented } from "../../use-workers.ts";
import { claimsOf, createVisitorClient, type TokenAnswer, type VisitorClient } from "../../visitor-client.ts";
import {
  chat,
  copyOf,
  expectRefused,
  forget,
  keyOf,
  NOTHING,
  offered,
  ownerClaims,
  signOwnerToken,
} from "../../visitor-steps.ts";

const worker = useInstrumented();
let visitor: VisitorClient;
let contactId: string;

beforeEach(async () => {
  await control(worker, {});
  visitor = createVisitorClient(worker.origin);
  contactId = crypto.randomUUID();
});

describe("a copy of the cookie of a forgotten visitor", () => {
  let copy: VisitorClient;
  let ticket: string;
  let key: string;
  beforeEach(async () => {
    ticket = await chat(visitor, contactId);
    key = await keyOf(visitor);
    copy = copyOf(visitor);
    await forget(visitor);
    await control(worker, { clockOffsetSeconds: 100 });
  });

  it("brings nothing back, and becomes another visitor", async () => {
    const attributes = await offered(copy);
    expect(attributes).toMatchObject(NOTHING);
    expect(attributes["persistentChatVisitor"]).not.toBe(key);
    expect(await offered(copy)).toEqual(attributes);
  });

  it("does not learn of later chats", async () => {
    const other = copyOf(copy);
    await chat(copy, `${contactId}-later`);
    expect(await offered(other)).toMatchObject(NOTHING);
  });

  it.each(["started", "ended"])("is refused a late report of a contact that %s, every time the same", async (event) => {
    for (const _time of [1, 2]) {
      await expectRefused(await copy.report({ ticket, contactId, event }), 403, "TICKET_EXPIRED");
    }
    expect((await observe(worker)).calls).toEqual(["get visitor", "get visitor"]);
  });

  it("is refused a contact that was never reported, with the old ticket", async () => {
    await expectRefused(await copy.report({ ticket, contactId: `${contactId}-unreported` }), 403, "TICKET_EXPIRED");
  });

  it("is refused the old contact with a new ticket", async () => {
    const { ticket: newTicket } = await copy.token();
    await expectRefused(await copy.report({ ticket: newTicket, contactId }), 403, "CONTACT_NOT_YOURS");
    expect(await offered(copy)).toMatchObject(NOTHING);
  });

  it("is refused the old ticket once the cookie names another visitor", async () => {
    await copy.token();
    await expectRefused(await copy.report({ ticket, contactId }), 403, "TICKET_NOT_YOURS");
  });

  it("brings nothing back after KV has caught up, even if the copy was used before", async () => {
    await control(worker, { kvShows: "nothing", clockOffsetSeconds: 110 });
    await copy.token();
    await control(worker, { clockOffsetSeconds: 200 });
    expect(await offered(copy)).toMatchObject(NOTHING);
    await expectRefused(await copy.report({ ticket, contactId, event: "ended" }), 403, "TICKET_EXPIRED");
  });

  it("brings nothing back though a location that has not caught up takes its report meanwhile", async () => {
    const { ticket } = await visitor.token();
    const later = `${contactId}-later`;
    const copied = copyOf(visitor);
    await forget(visitor);
    await control(worker, { kvShows: "nothing", clockOffsetSeconds: 120 });
    expect((await copied.report({ ticket, contactId: later })).status).toBe(201);
    await control(worker, { clockOffsetSeconds: 300 });
    expect(await offered(copied)).toMatchObject(NOTHING);
  });

  it("brings nothing back while KV is down", async () => {
    await control(worker, { clockOffsetSeconds: 100, kv: "fails" });
    expect(await offered(copy)).toMatchObject(NOTHING);
  });
});

describe("a late report after the browser was forgotten", () => {
  it("is refused, every time the same", async () => {
    const ticket = await chat(visitor, contactId);
    await forget(visitor);
    visitor.cookie = "";
    for (const event of ["started", "ended", "started"]) {
      await expectRefused(await visitor.report({ ticket, contactId, event }), 403, "TICKET_NOT_YOURS");
    }
  });
});

// What two sign-outs leave in a cookie: 128 random bits each.
const [FIRST, SECOND] = ["the-first-sign-out-000", "the-second-sign-out-00"];

describe("a cookie that comes back after a sign-out", () => {
  let ticket: string;
  let key: string;
  beforeEach(async () => {
    ticket = await chat(visitor, contactId);
    key = await keyOf(visitor);
    await control(worker, {});
  });

  /** A call of a browser in which the visitor signed out: another cookie says which sign-out was the last. */
  const callAfter = (signOut: string, path: string, body: object) =>
    visitor.post(path, body, { cookie: `${visitor.cookie}; __Host-chat-left=${signOut}` });
  const askAfter = async (signOut: string) => {
    const answer: TokenAnswer = await (await callAfter(signOut, "/_chat/token", {})).json();
    return { ticket: answer.ticket, attributes: claimsOf(answer.token).attributes };
  };

  it("names nobody: an answer that was on its way during the sign-out had set the cookie", async () => {
    const { attributes } = await askAfter(FIRST);
    expect(attributes).toMatchObject(NOTHING);
    expect(attributes["persistentChatVisitor"]).not.toBe(key);
    expect((await observe(worker)).calls).toEqual([]);
  });

  it("is refused a report, and asks no KV", async () => {
    const report = { ticket, contactId, event: "ended", ageSeconds: 0 };
    await expectRefused(await callAfter(FIRST, "/_chat/contacts", report), 403, "TICKET_NOT_YOURS");
    expect((await observe(worker)).calls).toEqual([]);
  });

  it("names the visitor again if it was made after that sign-out, until the next sign-out", async () => {
    const { ticket: newTicket } = await askAfter(FIRST);
    const report = { ticket: newTicket, contactId: `${contactId}-new`, event: "started", ageSeconds: 0 };
    expect((await callAfter(FIRST, "/_chat/contacts", report)).status).toBe(201);
    const { attributes } = await askAfter(FIRST);
    expect(attributes).toMatchObject({ contactId: `${contactId}-new`, contactIdFallback: "none" });
    expect((await askAfter(SECOND)).attributes).toMatchObject(NOTHING);
  });

  it.each([
    ["twice", (cookie: string) => `${cookie}; ${cookie}`],
    ["beside another of its name", (cookie: string) => `${cookie}x; ${cookie}`],
    ["with two sign-outs", (cookie: string) => `${cookie}; __Host-chat-left=${FIRST}; __Host-chat-left=${FIRST}`],
  ])("names nobody when it is sent %s, and the log says so", async (_how, repeat) => {
    const answer: TokenAnswer = await (
      await visitor.post("/_chat/token", {}, { cookie: repeat(visitor.cookie) })
    ).json();
    expect(claimsOf(answer.token).attributes).toMatchObject(NOTHING);
    expect(worker.logs.at(-2)).toEqual({ level: "warn", event: "cookie.repeated", cookie: "visitor" });
  });

  it("keeps no sign-out mark that is not ours, however long it is", async () => {
    const answer = await callAfter("x".repeat(5000), "/_chat/token", {});
    expect(answer.headers.getSetCookie().join().length).toBeLessThan(1000);
  });

  it("names the visitor once the browser has forgotten the sign-out", async () => {
    const { attributes } = await askAfter(FIRST);
    expect(await keyOf(visitor)).toBe(attributes["persistentChatVisitor"]);
  });
});

describe("a customer who was forgotten", () => {
  let anna: { token: string };
  let phone: VisitorClient;
  beforeEach(async () => {
    anna = { token: signOwnerToken(ownerClaims({ customerId: `anna ${contactId}` })) };
    await chat(visitor, contactId, anna);
    phone = createVisitorClient(worker.origin);
    expect(await offered(phone, anna)).toMatchObject({ contactId });
    await forget(visitor);
    await control(worker, { clockOffsetSeconds: 100 });
  });

  it("is forgotten on every device, even if a cookie holds the chat", async () => {
    expect(await offered(phone, anna)).toMatchObject(NOTHING);
    expect(await offered(createVisitorClient(worker.origin), anna)).toMatchObject(NOTHING);
  });

  it("starts a new history with the next chat, on every device", async () => {
    await chat(phone, `${contactId}-new`, anna);
    expect(await offered(phone, anna)).toMatchObject({ contactId: `${contactId}-new`, contactIdFallback: "none" });
    expect(await offered(createVisitorClient(worker.origin), anna)).toMatchObject({ contactId: `${contactId}-new` });
  });

  it("does not get a forgotten contact back with a new ticket", async () => {
    const { ticket } = await phone.token(anna);
    const response = await phone.report({ ticket, contactId });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ status: "known" });
    expect(await offered(phone, anna)).toMatchObject(NOTHING);
  });
});
