import { beforeEach, describe, expect, it, vi } from "vitest";
import { type Connect } from "../../connect.ts";
import type { Switches } from "../../switches.ts";
import {
  access,
  associate,
  type Association,
  describeContact,
  outcome,
  unknownId,
} from "../../testing/call-service.ts";
import { followFeed } from "../../testing/follow-feed.ts";
import {
  callParticipant,
  clock,
  connectWith,
  pastChat,
  start,
  startLinked,
  texts,
  view,
} from "../../testing/with-connect.ts";

let connect: Connect;

beforeEach(async () => {
  connect = await connectWith({ access });
});

async function startChat(): Promise<string> {
  return (await start(connect, { attributes: { chatContinue: "none" } })).contactId;
}

/** A past session of three contacts, whose transcript is ready: with one agent, with another, and a survey. */
async function pastSession(): Promise<[string, string, string]> {
  const first = await startChat();
  connect.agent.say(first, "first agent");
  const second = connect.agent.transfer(first);
  connect.agent.say(second, "second agent");
  const third = connect.agent.survey(first);
  connect.agent.say(third, "survey");
  connect.agent.end(first);
  clock.now += 45;
  return [first, second, third];
}

async function link(contactId: string, association: Association): Promise<unknown> {
  const response = await associate(connect, contactId, association);
  return response.ok ? response.json() : outcome(Promise.resolve(response));
}

describe("CreatePersistentContactAssociation", () => {
  it("links the entire past session: the chat is continued from its last contact", async () => {
    const [first, , third] = await pastSession();
    const contactId = await startChat();
    expect(await link(contactId, { SourceContactId: first })).toEqual({ ContinuedFromContactId: third });
    const { Contact } = await (await describeContact(connect, contactId)).json();
    expect(Contact.RelatedContactId).toBe(third);
    expect(texts(view(connect, contactId))).toEqual(["first agent", "second agent", "survey"]);
  });

  it("links from a segment: what came after that contact stays out", async () => {
    const [, second] = await pastSession();
    const contactId = await startChat();
    const association = { RehydrationType: "FROM_SEGMENT", SourceContactId: second };
    expect(await link(contactId, association)).toEqual({ ContinuedFromContactId: second });
    expect(view(connect, contactId).relatedContactId).toBe(second);
    expect(texts(view(connect, contactId))).toEqual(["first agent", "second agent"]);
  });

  it("brings along what the past session had continued", async () => {
    const first = await pastChat(connect, "one");
    const second = await pastChat(connect, "two", { chatContinue: "now", contactId: first });
    const contactId = await startChat();
    await link(contactId, { SourceContactId: second });
    expect(texts(view(connect, contactId))).toEqual(["one?", "one!", "two?", "two!"]);
    expect(view(connect, contactId).transcript.every(({ rehydrated }) => rehydrated)).toBe(true);
  });

  it("reaches the visitor in a chat that has gone on for a minute, also after a transfer", async () => {
    const past = await pastChat(connect, "before");
    const { contactId, participantToken } = await start(connect, { attributes: { chatContinue: "none" } });
    const feed = await followFeed(connect, participantToken);
    await callParticipant(connect, "message", participantToken, { text: "hello" });
    const segment = connect.agent.transfer(contactId);
    clock.now += 60;
    await link(contactId, { SourceContactId: past });
    const event = await vi.waitUntil(() =>
      feed.items.find(({ ContentType }) => /rehydrated/.test(String(ContentType))),
    );
    expect(event).toMatchObject({ Type: "EVENT", ContactId: segment, InitialContactId: contactId });
    const told: { Content: string; ParticipantRole: string; Rehydrated: boolean }[] = Object(event["Transcript"]);
    const spoken = told.filter(({ ParticipantRole }) => ParticipantRole !== "SYSTEM");
    expect(spoken.map(({ Content, Rehydrated }) => [Content, Rehydrated])).toEqual([
      ["before?", true],
      ["before!", true],
      ["hello", false],
    ]);
    // The agent's desk shows the segment in which the chat goes on.
    expect(texts(view(connect, segment))).toEqual(["before?", "before!", "hello"]);
    feed.close();
  });

  it("links a chat once, whichever way came first", async () => {
    const [one, two] = [await pastChat(connect, "one"), await pastChat(connect, "two")];
    const linkedByFlow = await startLinked(connect, one);
    expect(await link(linkedByFlow.contactId, { SourceContactId: two })).toBe("400 InvalidRequestException");
    const contactId = await startChat();
    await link(contactId, { SourceContactId: one });
    expect(await link(contactId, { SourceContactId: two })).toBe("400 InvalidRequestException");
    expect(await link(contactId, { SourceContactId: one })).toBe("400 InvalidRequestException");
    expect(texts(view(connect, contactId))).toEqual(["one?", "one!"]);
  });

  it("lets the flow's block take Error after a link", async () => {
    const [one, two] = [await pastChat(connect, "one"), await pastChat(connect, "two")];
    const { contactId } = await start(connect, {
      attributes: { chatContinue: "wait", chatWaitSeconds: "1", contactId: two },
    });
    await link(contactId, { SourceContactId: one });
    await vi.waitFor(() => expect(view(connect, contactId).links).toHaveLength(3), 3_000);
    expect(view(connect, contactId).links.map(({ outcome }) => outcome)).toEqual(["linked", "error", "error"]);
    expect(texts(view(connect, contactId))).toEqual(["one?", "one!"]);
  });

  describe("with a ClientToken", () => {
    it("gives the same answer again, and links once", async () => {
      const past = await pastChat(connect, "one");
      const contactId = await startChat();
      const association = { SourceContactId: past, ClientToken: "t" };
      const first = await link(contactId, association);
      connect.agent.end(contactId);
      expect(await link(contactId, association)).toEqual(first);
      expect(view(connect, contactId).links).toHaveLength(1);
    });

    it.each<[string, Association]>([
      ["another source", { SourceContactId: unknownId }],
      ["another type", { RehydrationType: "FROM_SEGMENT" }],
      ["another case of the token", { ClientToken: "T" }],
    ])("refuses %s", async (_, change) => {
      const past = await pastChat(connect, "one");
      const contactId = await startChat();
      const association = { SourceContactId: past, ClientToken: "t" };
      await link(contactId, association);
      expect(await link(contactId, { ...association, ...change })).toBe("400 InvalidRequestException");
    });

    it("refuses another chat", async () => {
      const association = { SourceContactId: await pastChat(connect, "one"), ClientToken: "t" };
      await link(await startChat(), association);
      const other = await startChat();
      expect(await link(other, association)).toBe("400 InvalidRequestException");
      expect(texts(view(connect, other))).toEqual([]);
    });

    it("links at the second try what was refused at the first", async () => {
      const past = await pastChat(connect, "one");
      clock.now -= 1;
      const contactId = await startChat();
      const association = { SourceContactId: past, ClientToken: "t" };
      expect(await link(contactId, association)).toBe("400 InvalidRequestException");
      clock.now += 1;
      expect(await link(contactId, association)).toEqual({ ContinuedFromContactId: past });
    });
  });

  const sources: [keyof Switches, string, () => Promise<string>][] = [
    ["liveSource", "400 InvalidRequestException", startChat],
    [
      "earlySource",
      "400 InvalidRequestException",
      async () => {
        const past = await pastChat(connect, "one");
        clock.now -= 1;
        return past;
      },
    ],
    ["emptySource", "404 ResourceNotFoundException", async () => unknownId],
  ];

  it.each(sources)("%s: refuses it with %s, or links nothing", async (name, refusal, makeSource) => {
    const source = await makeSource();
    expect(await link(await startChat(), { SourceContactId: source })).toBe(refusal);
    Object.assign(connect.switches, { [name]: "success" });
    const contactId = await startChat();
    expect(await link(contactId, { SourceContactId: source })).toEqual({});
    expect(view(connect, contactId)).toMatchObject({ relatedContactId: null, links: [{ outcome: "linked" }] });
  });

  it("segmentSource: refuses a later contact of the past session, or links the session", async () => {
    const [, second, third] = await pastSession();
    expect(await link(await startChat(), { SourceContactId: second })).toBe("400 InvalidRequestException");
    connect.switches.segmentSource = "success";
    const answer = await link(await startChat(), { SourceContactId: second });
    expect(answer).toEqual({ ContinuedFromContactId: third });
  });

  it("secondLink: lets another link be tried after a refusal, or does not", async () => {
    const past = await pastChat(connect, "one");
    for (const position of ["allowed", "refused"] as const) {
      connect.switches.secondLink = position;
      const contactId = await startChat();
      await link(contactId, { SourceContactId: unknownId });
      const expected = position === "allowed" ? { ContinuedFromContactId: past } : "400 InvalidRequestException";
      expect(await link(contactId, { SourceContactId: past })).toEqual(expected);
    }
  });

  it("refuses a link that the agent page has spoilt", async () => {
    const past = await pastChat(connect, "one");
    const contactId = await startChat();
    connect.agent.spoil();
    expect(await link(contactId, { SourceContactId: past })).toBe("400 InvalidRequestException");
    expect(await link(contactId, { SourceContactId: past })).toEqual({ ContinuedFromContactId: past });
  });

  it("refuses a chat that has ended, and one that it does not know", async () => {
    const [past, ended] = [await pastChat(connect, "one"), await pastChat(connect, "two")];
    expect(await link(ended, { SourceContactId: past })).toBe("400 InvalidRequestException");
    expect(await link(unknownId, { SourceContactId: past })).toBe("404 ResourceNotFoundException");
    expect(view(connect, ended).links).toEqual([]);
  });

  it.each<[string, string, Association]>([
    ["a source that is no id", "InvalidParameterException", { SourceContactId: "none" }],
    ["an empty source", "InvalidParameterException", { SourceContactId: "" }],
    ["no source", "InvalidParameterException", {}],
    ["the label of the console", "InvalidParameterException", { RehydrationType: "From Segment" }],
    ["a ClientToken of 501 characters", "InvalidParameterException", { ClientToken: "x".repeat(501) }],
  ])("refuses %s with %s", async (_, error, association) => {
    const source = association.SourceContactId ?? (Object.keys(association).length > 0 ? unknownId : undefined);
    const complete = source === undefined ? association : { ...association, SourceContactId: source };
    expect(await link(await startChat(), complete)).toBe(`400 ${error}`);
  });
});
