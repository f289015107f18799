import {
  ChatItemType,
  DisconnectParticipantCommand,
  Item$,
  ParticipantRole,
  SendMessageCommand,
} from "@aws-sdk/client-connectparticipant";
import { describe, expect, it, vi } from "vitest";
import { followFeed } from "../testing/follow-feed.ts";
import { createParticipantSdkClient } from "../testing/sdk-client.ts";
import { callParticipant, connectWith, pastChat, start, view } from "../testing/with-connect.ts";

/*
 * The stand-in's participant API is its own: the real widget's client gets a connection token first, sends other bodies
 * and reads messages from a web socket. Only what the two have in common is compared here with Amazon's models.
 */

/** What the stand-in's client needs beside the members of Amazon's `Item`. */
const OWN_MEMBERS = ["InitialContactId", "Rehydrated", "Transcript", "Ended", "PersistedChatSession"];
const [, , , , ITEM_MEMBERS] = Item$;

describe("the participant API", () => {
  it("lets Amazon's SDK end the chat: address, method, header and answer are Amazon's", async () => {
    const connect = await connectWith();
    const { contactId, participantToken } = await start(connect);
    const sdk = createParticipantSdkClient(connect.origin);
    const { $metadata } = await sdk.send(new DisconnectParticipantCommand({ ConnectionToken: participantToken }));
    expect($metadata.httpStatusCode).toBe(200);
    expect(view(connect, contactId).live).toBe(false);
    sdk.destroy();
  });

  it("has Amazon's address and header for a message, and a body of its own", async () => {
    const connect = await connectWith();
    const { participantToken } = await start(connect);
    const sdk = createParticipantSdkClient(connect.origin);
    const message = { ContentType: "text/plain", Content: "hello" };
    const send = (ConnectionToken: string) => sdk.send(new SendMessageCommand({ ...message, ConnectionToken }));
    await expect(send(participantToken)).rejects.toMatchObject({ $metadata: { httpStatusCode: 400 } });
    await expect(send("made up")).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
    sdk.destroy();
  });

  it("gives items with the names and words of Amazon's models", async () => {
    const connect = await connectWith();
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
