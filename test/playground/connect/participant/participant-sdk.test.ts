import {
  AccessDeniedException,
  ChatItemType,
  type ConnectParticipantClient,
  CreateParticipantConnectionCommand,
  DisconnectParticipantCommand,
  GetTranscriptCommand,
  type Item,
  Item$,
  paginateGetTranscript,
  ParticipantRole,
  SendMessageCommand,
  ValidationException,
} from "@aws-sdk/client-connectparticipant";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { type Connect } from "../connect.ts";
import { followFeed } from "../testing/follow-feed.ts";
import { createAwsClients } from "../testing/sdk-client.ts";
import { callParticipant, connectWith, pastChat, start, startLinked, view } from "../testing/with-connect.ts";

/*
 * Amazon's own SDK judges the participant API. Only the feed is the stand-in's own: there, the real widget's client reads
 * messages from a web socket.
 */

/** What the stand-in's client needs beside the members of Amazon's `Item`. */
const OWN_MEMBERS = ["InitialContactId", "Rehydrated", "Transcript", "Ended", "PersistedChatSession"];
const [, , , , ITEM_MEMBERS] = Item$;

let connect: Connect;
let sdk: ConnectParticipantClient;

beforeEach(async () => {
  connect = await connectWith();
  sdk = createAwsClients(connect.origin).participant;
});

async function openConnection(ParticipantToken: string): Promise<string> {
  const command = new CreateParticipantConnectionCommand({ ParticipantToken, Type: ["CONNECTION_CREDENTIALS"] });
  const { ConnectionCredentials } = await sdk.send(command);
  return ConnectionCredentials?.ConnectionToken ?? "";
}

function send(ConnectionToken: string, Content: string, more: { ClientToken?: string; ContentType?: string } = {}) {
  return sdk.send(new SendMessageCommand({ ConnectionToken, ContentType: "text/plain", Content, ...more }));
}

async function readAll(ConnectionToken: string, pageSize: number, more: object = {}): Promise<Item[]> {
  const items: Item[] = [];
  const pages = paginateGetTranscript({ client: sdk, pageSize }, { ConnectionToken, ...more });
  for await (const { Transcript = [] } of pages) items.push(...Transcript);
  return items;
}

describe("the participant API", () => {
  it("lets Amazon's SDK have a whole chat", async () => {
    const { contactId, participantToken } = await start(connect, { attributes: { chatContinue: "none" } });
    const token = await openConnection(participantToken);
    const { Id } = await send(token, "hello");
    connect.agent.say(contactId, "good day");
    const newestFirst = await readAll(token, 2);
    expect(newestFirst.map(({ Content }) => Content)).toEqual(["good day", "The agent has joined the chat.", "hello"]);
    expect(newestFirst[2]).toMatchObject({ Id, ContactId: contactId, ParticipantRole: "CUSTOMER", Type: "MESSAGE" });
    const ended = await sdk.send(new DisconnectParticipantCommand({ ConnectionToken: token }));
    expect(ended.$metadata.httpStatusCode).toBe(200);
    expect(view(connect, contactId).live).toBe(false);
    await expect(send(token, "late")).rejects.toBeInstanceOf(AccessDeniedException);
    await expect(openConnection(participantToken)).rejects.toBeInstanceOf(AccessDeniedException);
  });

  it("sorts a page, and reads from either end", async () => {
    const token = await openConnection(
      (await start(connect, { attributes: { chatContinue: "none" } })).participantToken,
    );
    for (const text of ["1", "2", "3"]) await send(token, text);
    const read = async (more: object) => (await readAll(token, 2, more)).map(({ Content }) => Content).join("");
    expect(await read({ SortOrder: "ASCENDING" })).toBe("231");
    expect(await read({ ScanDirection: "FORWARD", SortOrder: "ASCENDING" })).toBe("123");
    expect(await read({ ScanDirection: "FORWARD" })).toBe("213");
  });

  it("sends a message once, however often it comes with the same ClientToken", async () => {
    const token = await openConnection(
      (await start(connect, { attributes: { chatContinue: "none" } })).participantToken,
    );
    const [first, again] = [
      await send(token, "hello", { ClientToken: "one" }),
      await send(token, "hello", { ClientToken: "one" }),
    ];
    expect(again.Id).toBe(first.Id);
    expect(await readAll(token, 10)).toHaveLength(1);
  });

  it("has the past chat's messages in the transcript of a linked chat, with the contact that they were sent in", async () => {
    const past = await pastChat(connect, "before");
    const { contactId, participantToken } = await start(connect, {
      attributes: { chatContinue: "now", contactId: past },
    });
    const token = await openConnection(participantToken);
    const { Id } = await send(token, "hello");
    await vi.waitUntil(() => view(connect, contactId).relatedContactId === past);
    const items = await readAll(token, 3, { ScanDirection: "FORWARD", SortOrder: "ASCENDING" });
    expect(items[0]).toMatchObject({ Content: "before?", ParticipantRole: "CUSTOMER", RelatedContactId: past });
    expect(items[0]).not.toHaveProperty("ContactId");
    expect(items.at(-1)).toMatchObject({ Content: "hello", ContactId: contactId, Id });
    expect(items.at(-1)).not.toHaveProperty("RelatedContactId");
    expect((await startLinked(connect, "none")).transcript).toEqual([]);
  });

  it("takes the participant token for a connection alone, and the connection token for all else", async () => {
    const { participantToken } = await start(connect, { attributes: { chatContinue: "none" } });
    const token = await openConnection(participantToken);
    for (const wrong of [participantToken, "made up"]) {
      await expect(send(wrong, "hello")).rejects.toBeInstanceOf(AccessDeniedException);
      const read = sdk.send(new GetTranscriptCommand({ ConnectionToken: wrong }));
      await expect(read).rejects.toBeInstanceOf(AccessDeniedException);
    }
    for (const wrong of [token, "made up"]) {
      await expect(openConnection(wrong)).rejects.toBeInstanceOf(AccessDeniedException);
    }
  });

  it("refuses what is no call", async () => {
    const { participantToken } = await start(connect, { attributes: { chatContinue: "none" } });
    const token = await openConnection(participantToken);
    for (const refused of [
      () => send(token, "x".repeat(1_025)),
      () => send(token, "hello", { ContentType: "text/html" }),
      () => sdk.send(new GetTranscriptCommand({ ConnectionToken: token, MaxResults: 101 })),
      () => sdk.send(new GetTranscriptCommand({ ConnectionToken: token, ContactId: "another" })),
      () => sdk.send(new CreateParticipantConnectionCommand({ ParticipantToken: participantToken, Type: [] })),
    ]) {
      await expect(refused()).rejects.toBeInstanceOf(ValidationException);
    }
  });

  it("gives items with the names and words of Amazon's models", async () => {
    const past = await pastChat(connect, "before");
    const { contactId, participantToken } = await start(connect, {
      attributes: { chatContinue: "wait", chatWaitSeconds: "1", contactId: past },
    });
    const feed = await followFeed(connect, participantToken);
    await callParticipant(connect, "message", participantToken, { text: "hello" });
    connect.agent.say(contactId, "good day");
    connect.agent.transfer(contactId);
    await vi.waitUntil(
      () => feed.items.some(({ ContentType }) => String(ContentType).endsWith("chat.rehydrated")),
      5_000,
    );
    connect.agent.end(contactId);
    await vi.waitUntil(() => feed.items.some(({ ContentType }) => String(ContentType).endsWith("chat.ended")));
    feed.close();

    const types = new Set<string>(Object.values(ChatItemType));
    const roles = new Set<string>(Object.values(ParticipantRole));
    const items = feed.items.filter(({ Type }) => Type !== "SNAPSHOT");
    expect(items.length).toBeGreaterThan(5);
    for (const item of items) {
      expect(Object.keys(item).filter((name) => ![...ITEM_MEMBERS, ...OWN_MEMBERS].includes(name))).toEqual([]);
      expect(types).toContain(item["Type"]);
      if (item["ParticipantRole"] !== undefined) expect(roles).toContain(item["ParticipantRole"]);
      expect(item["ContentType"]).toMatch(/^(?:text\/plain$|application\/vnd\.amazonaws\.connect\.event\.)/);
      expect(new Date(String(item["AbsoluteTime"])).toISOString()).toBe(item["AbsoluteTime"]);
    }
  });
});
