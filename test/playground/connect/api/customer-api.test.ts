import { describe, expect, it } from "vitest";
import {
  pageOrigin,
  widgetId,
  snippetId,
  securityKey,
  clock,
  connectWith,
  type StartChange,
  callStart,
  start,
  view,
  texts,
  callParticipant,
  resume,
} from "../testing/with-connect.ts";

describe("POST …/start", () => {
  it("starts a chat and answers its ids", async () => {
    const connect = await connectWith();
    const { contactId, participantToken, persistedChatSession } = await start(connect, {
      attributes: { chatContinue: "none" },
      claims: { customerId: "crm-1" },
    });
    expect(contactId).toMatch(/^[0-9a-f-]{36}$/);
    expect([participantToken, persistedChatSession].every((value) => value.length > 40)).toBe(true);
    expect(view(connect, contactId)).toMatchObject({
      initialContactId: contactId,
      relatedContactId: null,
      initiatedAt: clock.now,
      endedAt: null,
      attributes: { chatContinue: "none" },
      customerId: "crm-1",
      pageOrigin,
      links: [],
    });
  });

  it.each<[string, number, StartChange]>([
    ["an origin off the allow-list", 400, { headers: { origin: "http://localhost:8788" } }],
    ["the allowed host under another protocol", 400, { headers: { origin: "https://localhost:8787" } }],
    ["a changed snippet", 400, { headers: { "x-amz-snippet-id": `${snippetId}=` } }],
    ["another port of the allowed host", 400, { headers: { origin: "http://shop.localhost:8788" } }],
    ["a host that only ends like the allowed one", 400, { headers: { origin: "http://notlocalhost:8787" } }],
    ["an origin that is no address", 400, { headers: { origin: "null" } }],
    ["a body that is no object", 400, { wholeBody: [] }],
    ["an empty body, also without a token", 400, { wholeBody: {}, token: null }],
    ["a body without a display name", 400, { body: { ParticipantDetails: {} } }],
    ["a body without content types", 400, { body: { SupportedMessagingContentTypes: [] } }],
    ["a duration of 59 minutes", 400, { body: { ChatDurationInMinutes: 59 } }],
    ["a display name of 257 characters", 400, { body: { ParticipantDetails: { DisplayName: "x".repeat(257) } } }],
    ["no token", 401, { token: null }],
    ["an expired token", 401, { claims: { iat: 1_600_000_000, exp: 1_600_000_500 } }],
    ["a token of another widget", 401, { claims: { sub: "another" } }],
    ["an unknown widget", 404, { widgetId: "00000000-0000-4000-8000-000000000000" }],
  ])("refuses %s with %i", async (_, status, change) => {
    const connect = await connectWith();
    const response = await callStart(connect, change);
    expect(response.status).toBe(status);
    expect(response.headers.get("access-control-allow-origin")).toBe(change.headers?.["origin"] ?? pageOrigin);
    expect(connect.contacts()).toEqual([]);
  });

  it.each<[string, StartChange]>([
    ["a number in the JWT", { attributes: { visits: 3 } }],
    ["null in the JWT", { attributes: { contactId: null } }],
    ["a key with a dot", { attributes: { "a.b": "1" } }],
    ["attributes that are no object", { attributes: ["a"] }],
    ["a number in the start call", { body: { Attributes: { visits: 3 } } }],
    ["more than 32,768 bytes", { body: { Attributes: { big: "é".repeat(16_400) } } }],
  ])("fails the chat over one bad attribute: %s", async (_, change) => {
    const connect = await connectWith();
    const response = await callStart(connect, change);
    expect(response.status).toBe(400);
    expect((await response.json()).message).toMatch(/attribute/);
    expect(connect.contacts()).toEqual([]);
  });

  it("takes pages of a subdomain of an allowed host", async () => {
    const origin = "http://shop.localhost:8787";
    const { contactId } = await start(await connectWith(), { headers: { origin } });
    expect(contactId).not.toBe("");
  });

  it("answers the preflight of the page", async () => {
    const connect = await connectWith();
    const response = await fetch(`${connect.origin}/connectwidget/api/${widgetId}/start`, {
      method: "OPTIONS",
      headers: { origin: pageOrigin, "access-control-request-method": "POST" },
    });
    expect(response.status).toBe(204);
    expect(response.headers.get("access-control-allow-headers")).toMatch(/x-amz-snippet-id, x-amz-security-token/);
  });

  it("keeps the old key valid during a rotation", async () => {
    const connect = await connectWith({ securityKey: "new key", previousSecurityKeys: [securityKey] });
    await start(connect);
  });
});

describe("POST …/resume", () => {
  it("finds the live chat again, without a token", async () => {
    const connect = await connectWith();
    const { contactId, persistedChatSession } = await start(connect);
    const response = await resume(connect, persistedChatSession);
    expect((await response.json()).data.startChatResult.ContactId).toBe(contactId);
  });

  it("knows neither an ended chat nor a made-up value, and no foreign page", async () => {
    const connect = await connectWith();
    const { contactId, persistedChatSession } = await start(connect);
    expect((await resume(connect, persistedChatSession, "http://localhost:1")).status).toBe(400);
    connect.agent.end(contactId);
    expect((await resume(connect, persistedChatSession)).status).toBe(404);
    expect((await resume(connect, "made up")).status).toBe(404);
  });
});

describe("participant calls", () => {
  it("speak and end with the bearer token, and with no other", async () => {
    const connect = await connectWith();
    const { contactId, participantToken } = await start(connect);
    expect((await callParticipant(connect, "message", "wrong", { text: "hello" })).status).toBe(403);
    expect((await callParticipant(connect, "message", participantToken, { text: "" })).status).toBe(400);
    expect((await callParticipant(connect, "message", participantToken, { text: "x".repeat(1025) })).status).toBe(400);
    expect((await callParticipant(connect, "message", participantToken, { text: "hello" })).status).toBe(200);
    expect(texts(view(connect, contactId))).toEqual(["hello"]);
    await callParticipant(connect, "disconnect", participantToken);
    expect(view(connect, contactId).endedAt).toBe(clock.now);
    expect((await callParticipant(connect, "message", participantToken, { text: "late" })).status).toBe(403);
  });
});
