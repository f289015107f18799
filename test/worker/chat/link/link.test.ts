import { beforeEach, describe, expect, it } from "vitest";
import { control, observe } from "../../instrumented.ts";
import { claimsOf, type VisitorClient } from "../../visitor-client.ts";
import { copyOf, expectRefused, forget } from "../../visitor-steps.ts";
import { LINKED, NOT_LINKED, READY_AFTER_SECONDS, useLinking } from "./linking.ts";

const { asked, begin, continued, haveChat, pass, playground, start, view } = useLinking();
const havePast = () => haveChat(visitor);
let visitor: VisitorClient;

beforeEach(async () => {
  visitor = await begin();
});

describe("POST /_chat/contacts with LINK_BY=worker", () => {
  it("links a new chat to the visitor's past one, in two calls of Amazon", async () => {
    const past = await havePast();
    const chat = await start(visitor);
    playground.connect.serviceCalls.length = 0;
    expect(await chat.ask()).toEqual(LINKED);
    expect(continued(chat.contactId)).toBe(past);
    expect(asked()).toEqual(["DescribeContact", "CreatePersistentContactAssociation"]);
  });

  it("signs chatContinue none into the token, so that a flow with our blocks does not link as well", async () => {
    const past = await havePast();
    const { token } = await start(visitor);
    expect(claimsOf(token).attributes).toMatchObject({
      contactId: past,
      chatContinue: "none",
      chatWaitSeconds: "0",
    });
  });

  it("records what the chat was linked to, and does not ask Amazon again", async () => {
    const past = await havePast();
    const chat = await start(visitor);
    await chat.ask();
    await control(playground.worker, {});
    expect(await chat.ask()).toEqual({ ...LINKED, status: "known" });
    const { calls, counted, stored } = await observe(playground.worker);
    expect(calls).toEqual(["get visitor"]);
    expect(counted).toEqual([]);
    const record = Object.values(stored).find(({ value }) => value.includes(chat.contactId));
    expect(JSON.parse(record?.value ?? "").sessions[0]).toMatchObject({ contactId: chat.contactId, linkedTo: past });
  });

  it("says when to ask again while the transcript is not ready, and links then", async () => {
    const first = await start(visitor);
    await first.ask();
    await first.end();
    await pass(5);
    const chat = await start(visitor);
    const answer = await chat.ask();
    expect(answer).toMatchObject({ status: "recorded", link: "waiting" });
    expect(answer.askAgainSeconds).toBeGreaterThan(35);
    expect(answer.askAgainSeconds).toBeLessThanOrEqual(40);
    await pass(40);
    expect(await chat.ask()).toEqual({ ...LINKED, status: "known" });
    expect(continued(chat.contactId)).toBe(first.contactId);
  });

  it("links nothing where there is no past chat, or the chat was to start fresh", async () => {
    expect(await (await start(visitor)).ask()).toEqual(NOT_LINKED);
    await havePast();
    const fresh = await start(visitor, { fresh: true });
    expect(await fresh.ask()).toEqual(NOT_LINKED);
    expect(continued(fresh.contactId)).toBeNull();
  });

  it("finds the end of a session that no browser has reported, also after a transfer", async () => {
    const first = await start(visitor);
    await first.ask();
    const { agent } = playground.connect;
    agent.end(agent.transfer(first.contactId));
    await pass(READY_AFTER_SECONDS + 1);
    const chat = await start(visitor);
    expect(asked()).toEqual(["DescribeContact", "ListAssociatedContacts"]);
    expect(await chat.ask()).toEqual(LINKED);
    expect(view(chat.contactId).links).toMatchObject([{ source: first.contactId, outcome: "linked" }]);
  });

  it("waits for a past session that is open, and links the one before after three minutes", async () => {
    const past = await havePast();
    const open = await start(visitor);
    await open.ask();
    playground.connect.serviceCalls.length = 0;
    const chat = await start(visitor);
    expect(await chat.ask()).toEqual({ status: "recorded", link: "waiting", askAgainSeconds: 10 });
    expect(asked()).not.toContain("CreatePersistentContactAssociation");
    expect(asked()).not.toContain("StopContact");
    await pass(180);
    expect(await chat.ask()).toMatchObject({ link: "linked" });
    expect(continued(chat.contactId)).toBe(past);
    expect(view(open.contactId).endedAt).toBeNull();
  });

  it("links the open session once it is over", async () => {
    await havePast();
    const open = await start(visitor);
    await open.ask();
    const chat = await start(visitor);
    await chat.ask();
    playground.connect.agent.end(open.contactId);
    await pass(20);
    expect(await chat.ask()).toMatchObject({ link: "waiting" });
    await pass(READY_AFTER_SECONDS);
    expect(await chat.ask()).toMatchObject({ link: "linked" });
    expect(continued(chat.contactId)).toBe(open.contactId);
  });

  it("asks GetContactAttributes where DescribeContact tells no attributes of a live chat", async () => {
    playground.connect.switches.attributesWhileLive = "no";
    const past = await havePast();
    const chat = await start(visitor);
    playground.connect.serviceCalls.length = 0;
    expect(await chat.ask()).toEqual(LINKED);
    expect(asked()).toEqual(["DescribeContact", "GetContactAttributes", "CreatePersistentContactAssociation"]);
    expect(continued(chat.contactId)).toBe(past);
    playground.connect.switches.attributesWhileLive = "yes";
  });

  it("makes at most three calls of Amazon for a report, and goes on in the next", async () => {
    const chats = [await start(visitor), await start(visitor), await start(visitor)];
    playground.connect.service = "down";
    for (const chat of chats) await chat.ask();
    playground.connect.service = "works";
    for (const { contactId } of chats.slice(0, 2)) playground.connect.agent.end(contactId);
    await pass(100);
    playground.connect.serviceCalls.length = 0;
    expect(await chats[2]?.ask()).toEqual({ status: "known", link: "waiting", askAgainSeconds: 2 });
    expect(asked()).toEqual(["DescribeContact", "DescribeContact", "ListAssociatedContacts"]);
    expect(await chats[2]?.ask()).toMatchObject({ link: "linked" });
    expect(asked().slice(3)).toEqual(["CreatePersistentContactAssociation"]);
    expect(continued(chats[2]?.contactId ?? "")).toBe(chats[1]?.contactId);
  });

  it("knows from Amazon that the chat is linked, where an answer was lost or KV lags behind", async () => {
    const past = await havePast();
    const chat = await start(visitor);
    const elsewhere = copyOf(visitor);
    await chat.ask();
    playground.connect.serviceCalls.length = 0;
    await control(playground.worker, { kvShows: "nothing" });
    const answer = await elsewhere.report({ ticket: chat.ticket, contactId: chat.contactId });
    expect(await answer.json()).toEqual(LINKED);
    expect(asked()).toEqual(["DescribeContact"]);
    expect(view(chat.contactId).links).toHaveLength(1);
    expect(continued(chat.contactId)).toBe(past);
  });

  it("links once where two locations link at once", async () => {
    const past = await havePast();
    const chat = await start(visitor);
    const elsewhere = copyOf(visitor);
    await control(playground.worker, { kvShows: "nothing" });
    const answers = await Promise.all([
      chat.ask(),
      elsewhere.report({ ticket: chat.ticket, contactId: chat.contactId }).then((answer) => answer.json()),
    ]);
    expect(answers).toMatchObject([{ link: "linked" }, { link: "linked" }]);
    expect(view(chat.contactId).links).toHaveLength(1);
    expect(continued(chat.contactId)).toBe(past);
  });

  it("does not link a chat that is over, and says so in the log", async () => {
    const first = await start(visitor);
    await first.ask();
    await first.end();
    const chat = await start(visitor);
    await chat.ask();
    await control(playground.worker, {});
    await chat.end();
    expect((await observe(playground.worker)).counted).toContain("chat.linked not-linked chat-over");
    await pass(100);
    expect(await chat.ask()).toMatchObject({ link: "none", askAgainSeconds: null });
  });

  it("does not link the chats of a visitor who was forgotten meanwhile", async () => {
    const first = await start(visitor);
    await first.ask();
    await first.end();
    const chat = await start(visitor);
    const late = copyOf(visitor);
    await chat.ask();
    await forget(visitor);
    await pass(100);
    await expectRefused(late.report({ ticket: chat.ticket, contactId: chat.contactId }), 403, "TICKET_EXPIRED");
    expect(continued(chat.contactId)).toBeNull();
  });
});
