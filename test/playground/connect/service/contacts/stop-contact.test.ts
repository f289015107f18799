import { beforeEach, describe, expect, it, vi } from "vitest";
import { type Connect } from "../../connect.ts";
import { access, callService, outcome, stopContact, unknownId } from "../../testing/call-service.ts";
import { followFeed } from "../../testing/follow-feed.ts";
import { clock, connectWith, start, view } from "../../testing/with-connect.ts";

let connect: Connect;

beforeEach(async () => {
  connect = await connectWith({ access });
});

describe("StopContact", () => {
  it("ends the chat with an empty answer, and tells the visitor's client", async () => {
    const { contactId, participantToken } = await start(connect);
    const feed = await followFeed(connect, participantToken);
    clock.now += 10;
    const response = await stopContact(connect, contactId);
    expect([response.status, await response.text()]).toEqual([200, ""]);
    expect(view(connect, contactId)).toMatchObject({ endedAt: clock.now, live: false });
    await vi.waitUntil(() => feed.items.some(({ ContentType }) => String(ContentType).endsWith("chat.ended")));
    feed.close();
  });

  it("ends the contact in which the session goes on", async () => {
    const { contactId } = await start(connect);
    const segment = connect.agent.transfer(contactId);
    await stopContact(connect, contactId);
    expect(view(connect, segment)).toMatchObject({ endedAt: clock.now, live: false });
  });

  it("leaves a chat that has ended as it is, without an error", async () => {
    const { contactId } = await start(connect);
    connect.agent.end(contactId);
    const { endedAt, transcript } = view(connect, contactId);
    clock.now += 10;
    expect(await outcome(stopContact(connect, contactId))).toBe("200");
    expect(view(connect, contactId)).toMatchObject({ endedAt, transcript });
  });

  it.each<[string, string, string, object]>([
    ["an unknown contact", "410 ContactNotFoundException", unknownId, {}],
    ["a text that is no id", "400 InvalidParameterException", "none", {}],
    ["a reason, which only campaigns may give", "400 InvalidRequestException", unknownId, { DisconnectReason: {} }],
    ["another instance", "403 AccessDeniedException", unknownId, { InstanceId: unknownId }],
    ["no instance", "403 AccessDeniedException", unknownId, { InstanceId: undefined }],
  ])("refuses %s with %s", async (_, expected, contactId, more) => {
    expect(await outcome(stopContact(connect, contactId, more))).toBe(expected);
  });

  it("takes a JSON object as JSON only", async () => {
    const { contactId } = await start(connect);
    const asText = { sent: { headers: { "content-type": "text/plain;charset=UTF-8" } } };
    expect(await outcome(stopContact(connect, contactId, {}, asText))).toBe("415 UnsupportedMediaTypeException");
    for (const body of ["", "{", "[]", "null", '"text"']) {
      expect(await outcome(callService(connect, "/contact/stop", body))).toBe("400 SerializationException");
    }
    expect(view(connect, contactId).live).toBe(true);
  });
});
