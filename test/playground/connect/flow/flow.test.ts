import { describe, expect, it, vi } from "vitest";
import { type Connect } from "../connect.ts";
import {
  clock,
  connectWith,
  start,
  startLinked,
  view,
  texts,
  callParticipant,
  pastChat,
} from "../testing/with-connect.ts";

describe("the contact flow", () => {
  it("links an ended chat: its transcript comes along", async () => {
    const connect = await connectWith();
    const first = await pastChat(connect, "one");
    const second = await startLinked(connect, first);
    expect(second.relatedContactId).toBe(first);
    expect(second.links).toMatchObject([{ source: first, outcome: "linked", rehydrated: true }]);
    expect(texts(second)).toEqual(["one?", "one!"]);
    expect(second.transcript.every(({ rehydrated, contactId }) => rehydrated && contactId === first)).toBe(true);
  });

  it("continues from the last contact of the past session, though it is given the first", async () => {
    const connect = await connectWith();
    const { contactId } = await start(connect, { attributes: { chatContinue: "none" } });
    connect.agent.say(contactId, "agent");
    const survey = connect.agent.survey(contactId);
    connect.agent.say(survey, "survey");
    connect.agent.end(survey);
    clock.now += 45;
    const second = await startLinked(connect, contactId);
    expect(second).toMatchObject({ relatedContactId: survey, links: [{ source: contactId, continuedFrom: survey }] });
    expect(texts(second)).toEqual(["agent", "survey"]);
  });

  it("is cumulative: linking the second chat brings the first along", async () => {
    const connect = await connectWith();
    const first = await pastChat(connect, "one");
    const second = await pastChat(connect, "two", { chatContinue: "now", contactId: first });
    const third = await startLinked(connect, second);
    expect(texts(third)).toEqual(["one?", "one!", "two?", "two!"]);
    expect(new Set(third.transcript.map(({ contactId }) => contactId))).toEqual(new Set([first, second]));
  });

  it("does not share a past with a chat that did not link it", async () => {
    const connect = await connectWith();
    const first = await pastChat(connect, "one");
    const other = await startLinked(connect, "none");
    await startLinked(connect, first);
    expect(texts(view(connect, other.contactId))).toEqual([]);
  });

  it.each<[string, (connect: Connect) => Promise<string>, RegExp]>([
    ["unknown", async () => "2b7e1516-28ae-4d2a-abf7-158809cf4f3c", /no contact of this id/],
    ["empty", async () => "", /no source/],
    ["none", async () => "none", /no source/],
    ["still live", async (connect) => (await start(connect)).contactId, /still live/],
    [
      "too early",
      async (connect) => {
        const id = await pastChat(connect, "one");
        clock.now -= 1;
        return id;
      },
      /not ready for another 1 s/,
    ],
    [
      "a later segment",
      async (connect) => {
        const { contactId } = await start(connect);
        const segment = connect.agent.transfer(contactId);
        connect.agent.end(segment);
        clock.now += 45;
        return segment;
      },
      /later segment/,
    ],
    [
      "transferred and open in its later segment",
      async (connect) => {
        const { contactId } = await start(connect);
        connect.agent.transfer(contactId);
        clock.now += 45;
        return contactId;
      },
      /still live/,
    ],
    [
      "older than 24 months",
      async (connect) => {
        const id = await pastChat(connect, "one");
        clock.now += 731 * 86_400;
        return id;
      },
      /no contact of this id/,
    ],
  ])("takes Error for a source that is %s, then the fallback", async (_, makeSource, reason) => {
    const connect = await connectWith();
    const fallback = await pastChat(connect, "fallback");
    const source = await makeSource(connect);
    const contact = await startLinked(connect, source, { contactIdFallback: fallback });
    expect(contact.links[0]).toMatchObject({ source, outcome: "error", rehydrated: false });
    expect(contact.links[0]?.reason).toMatch(reason);
    expect(contact.links[1]?.source).toBe(fallback);
  });

  it("links the fallback after an Error, and goes on when that fails too", async () => {
    const connect = await connectWith();
    const first = await pastChat(connect, "one");
    const linked = await startLinked(connect, "unknown", { contactIdFallback: first });
    expect(linked).toMatchObject({ relatedContactId: first, links: [{ outcome: "error" }, { outcome: "linked" }] });
    const unlinked = await startLinked(connect, "unknown", { contactIdFallback: "none" });
    expect(unlinked).toMatchObject({ relatedContactId: null, links: [{ outcome: "error" }, { outcome: "error" }] });
  });

  it("links once: after a success the fallback is not tried", async () => {
    const connect = await connectWith();
    const [first, second] = [await pastChat(connect, "one"), await pastChat(connect, "two")];
    expect((await startLinked(connect, second, { contactIdFallback: first })).links).toHaveLength(1);
  });

  it("does not link a chat that was started with a relatedContactId", async () => {
    const connect = await connectWith();
    const first = await pastChat(connect, "one");
    const { contactId } = await start(connect, {
      attributes: { chatContinue: "now", contactId: first },
      claims: { relatedContactId: first },
    });
    await vi.waitFor(() => expect(view(connect, contactId).links).toHaveLength(2));
    expect(view(connect, contactId)).toMatchObject({ relatedContactId: first, transcript: [] });
  });

  it("waits before it links, in a chat that is already connected", async () => {
    const connect = await connectWith();
    const first = await pastChat(connect, "one");
    const { contactId, participantToken } = await start(connect, {
      attributes: { chatContinue: "wait", chatWaitSeconds: "1", contactId: first },
    });
    expect((await callParticipant(connect, "message", participantToken, { text: "hello" })).status).toBe(200);
    expect(view(connect, contactId).relatedContactId).toBeNull();
    await vi.waitFor(() => expect(view(connect, contactId).relatedContactId).toBe(first), 3_000);
    expect(texts(view(connect, contactId))).toEqual(["one?", "one!", "hello"]);
  });

  it("links at once where the customer's message ends the wait, and says so", async () => {
    const connect = await connectWith();
    connect.switches.typingDuringWait = "customer-return";
    const [first, second] = [await pastChat(connect, "one"), await pastChat(connect, "two")];
    clock.now -= 1;
    const { contactId, participantToken } = await start(connect, {
      attributes: { chatContinue: "wait", chatWaitSeconds: "60", contactId: second, contactIdFallback: first },
    });
    await vi.waitFor(() => expect(view(connect, contactId).flowLog).toHaveLength(2));
    connect.agent.say(contactId, "good day");
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(view(connect, contactId).links).toEqual([]);
    await callParticipant(connect, "message", participantToken, { text: "hello" });
    await vi.waitFor(() => expect(view(connect, contactId).links).toHaveLength(2));
    expect(view(connect, contactId)).toMatchObject({ relatedContactId: first });
    expect(view(connect, contactId).flowLog[2]).toMatch(/Customer return/);
  });

  it("links nothing where the import did not take the rehydration type, and says so", async () => {
    const connect = await connectWith();
    connect.switches.rehydrationTypeForm = "label";
    const contact = await startLinked(connect, await pastChat(connect, "one"));
    expect(contact).toMatchObject({ relatedContactId: null, links: [] });
    expect(contact.flowLog.filter((step) => step.includes("no rehydration type"))).toHaveLength(2);
  });

  it("does not link a chat that ended while it waited", async () => {
    const connect = await connectWith();
    const { contactId } = await start(connect, { attributes: { chatContinue: "wait", chatWaitSeconds: "1" } });
    connect.agent.end(contactId);
    await vi.waitFor(() => expect(view(connect, contactId).flowLog.at(-1)).toMatch(/ended while/), 3_000);
    expect(view(connect, contactId).links).toEqual([]);
  });

  it.each([
    [{}, /chatContinue is missing/],
    [{ chatContinue: "maybe" }, /chatContinue is "maybe": no match/],
    [{ chatContinue: "wait", chatWaitSeconds: "soon" }, /chatContinue is "wait"/],
  ])("says in plain words what it made of %j", async (attributes, words) => {
    const connect = await connectWith();
    const { contactId } = await start(connect, { attributes });
    await vi.waitFor(() => expect(view(connect, contactId).flowLog[0]).toMatch(words));
  });

  it("reads the past id from another attribute on request", async () => {
    const connect = await connectWith({ flow: { contactAttribute: "past" } });
    const first = await pastChat(connect, "one");
    expect((await startLinked(connect, "none", { past: first })).relatedContactId).toBe(first);
  });
});
