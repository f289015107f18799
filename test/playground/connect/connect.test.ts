import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { type Connect, type ConnectOptions, type ContactView, startConnect } from "./connect.ts";
import { signToken } from "./signing/sign-token.ts";
import { isSwitchName, setSwitch, type Switches, switchPositions } from "./switches.ts";

const pageOrigin = "http://localhost:8787";
const widgetId = "6f9619ff-8b86-4011-b42d-00c04fc964ff";
const snippetId = "QVFJREFIanN0".repeat(28);
const securityKey = "YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXoxMjM0NTY=";

const open: Connect[] = [];
let clock = 1_700_000_000;

async function connectWith(options: Partial<ConnectOptions> = {}): Promise<Connect> {
  const connect = await startConnect({
    port: 0,
    widgetId,
    snippetId,
    securityKey,
    allowedOrigins: [pageOrigin],
    transcriptDelaySeconds: 45,
    now: () => clock,
    ...options,
  });
  open.push(connect);
  return connect;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((connect) => connect.close()));
});

interface StartChange {
  attributes?: object;
  claims?: object;
  headers?: Record<string, string>;
  body?: unknown;
  widgetId?: string;
  token?: string | null;
}

function callStart(connect: Connect, change: StartChange = {}): Promise<Response> {
  const claims = { sub: widgetId, iat: clock, exp: clock + 500, attributes: change.attributes, ...change.claims };
  const token = change.token === undefined ? signToken({ claims, securityKey }) : change.token;
  return fetch(`${connect.origin}/connectwidget/api/${change.widgetId ?? widgetId}/start`, {
    method: "POST",
    headers: {
      origin: pageOrigin,
      "content-type": "application/json",
      "x-amz-snippet-id": snippetId,
      ...(token === null ? {} : { "x-amz-security-token": token }),
      ...change.headers,
    },
    body: JSON.stringify(change.body ?? {}),
  });
}

interface Started {
  contactId: string;
  participantToken: string;
  persistedChatSession: string;
}

async function start(connect: Connect, change: StartChange = {}): Promise<Started> {
  const response = await callStart(connect, change);
  expect(response.status).toBe(200);
  const { data } = await response.json();
  return {
    contactId: data.startChatResult.ContactId,
    participantToken: data.startChatResult.ParticipantToken,
    persistedChatSession: data.persistedChatSession,
  };
}

async function startLinked(connect: Connect, source: string, more: object = {}): Promise<ContactView> {
  const { contactId } = await start(connect, { attributes: { chatContinue: "now", contactId: source, ...more } });
  await vi.waitFor(() => expect(view(connect, contactId).flowLog.at(-1)).toMatch(/Set queue/));
  return view(connect, contactId);
}

function view(connect: Connect, contactId: string): ContactView {
  const found = connect.contacts().find((contact) => contact.contactId === contactId);
  if (found === undefined) throw new Error("no such contact");
  return found;
}

function texts(contact: ContactView): string[] {
  return contact.transcript.filter(({ from }) => from !== "system").map(({ text }) => text);
}

function callParticipant(connect: Connect, action: string, token: string, body: object = {}): Promise<Response> {
  return fetch(`${connect.origin}/participant/${action}`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-amz-bearer": token },
    body: JSON.stringify(body),
  });
}

function resume(connect: Connect, persistedChatSession: string, origin = pageOrigin): Promise<Response> {
  return fetch(`${connect.origin}/connectwidget/api/${widgetId}/resume`, {
    method: "POST",
    headers: { origin, "content-type": "application/json", "x-amz-snippet-id": snippetId },
    body: JSON.stringify({ persistedChatSession }),
  });
}

function postAsAgent(connect: Connect, path: string, body: object, type = "application/json"): Promise<Response> {
  return fetch(`${connect.origin}/agent/api/${path}`, {
    method: "POST",
    headers: { "content-type": type },
    body: JSON.stringify(body),
  });
}

/** A chat with one word from each side, ended, its transcript ready. */
async function pastChat(
  connect: Connect,
  words: string,
  attributes: object = { chatContinue: "none" },
): Promise<string> {
  const { contactId, participantToken } = await start(connect, { attributes });
  await vi.waitFor(() => expect(view(connect, contactId).flowLog.at(-1)).toMatch(/Set queue/));
  await callParticipant(connect, "message", participantToken, { text: `${words}?` });
  connect.agent.say(contactId, `${words}!`);
  connect.agent.end(contactId);
  clock += 45;
  return contactId;
}

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
      initiatedAt: clock,
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
    ["a body that is no object", 400, { body: [] }],
    ["a duration of 59 minutes", 400, { body: { chatDurationInMinutes: 59 } }],
    ["a display name of 257 characters", 400, { body: { displayName: "x".repeat(257) } }],
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
    ["a number in the start call", { body: { contactAttributes: { visits: 3 } } }],
    ["more than 32,768 bytes", { body: { contactAttributes: { big: "é".repeat(16_400) } } }],
  ])("fails the chat over one bad attribute: %s", async (_, change) => {
    const connect = await connectWith();
    const response = await callStart(connect, change);
    expect(response.status).toBe(400);
    expect((await response.json()).message).toMatch(/attribute/);
    expect(connect.contacts()).toEqual([]);
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
    expect(view(connect, contactId).endedAt).toBe(clock);
    expect((await callParticipant(connect, "message", participantToken, { text: "late" })).status).toBe(403);
  });
});

describe("sessions", () => {
  it("go on in a later segment after a transfer and a survey, and end with the last", async () => {
    const connect = await connectWith();
    const { contactId } = await start(connect, { attributes: { chatContinue: "none" } });
    connect.agent.say(contactId, "one");
    clock += 10;
    const transferred = connect.agent.transfer(contactId);
    connect.agent.say(transferred, "two");
    const surveyed = connect.agent.survey(contactId);
    const [initial, second, third] = [contactId, transferred, surveyed].map((id) => view(connect, id));
    expect(initial).toMatchObject({ endedAt: clock, live: true });
    expect(second).toMatchObject({ initialContactId: contactId, endedAt: clock, attributes: { chatContinue: "none" } });
    expect(third).toMatchObject({ initialContactId: contactId, endedAt: null, live: true });
    clock += 5;
    connect.agent.end(contactId);
    expect(view(connect, surveyed)).toMatchObject({ endedAt: clock, live: false });
    expect(texts(view(connect, surveyed))).toEqual(["one", "two"]);
  });

  it("end by themselves after the chat duration", async () => {
    const connect = await connectWith();
    const { contactId } = await start(connect, { body: { chatDurationInMinutes: 60 } });
    clock += 3_599;
    expect(view(connect, contactId).endedAt).toBeNull();
    clock += 1;
    expect(view(connect, contactId).endedAt).toBe(clock);
  });

  it("refuse the agent once they have ended", async () => {
    const connect = await connectWith();
    const { contactId } = await start(connect);
    connect.agent.end(contactId);
    expect(() => connect.agent.say(contactId, "late")).toThrow(/has ended/);
    expect(() => connect.agent.transfer(contactId)).toThrow(/has ended/);
    expect(() => connect.agent.say("unknown", "hello")).toThrow(/Cannot find/);
  });
});

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
        clock -= 1;
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
        clock += 45;
        return segment;
      },
      /later segment/,
    ],
    [
      "transferred and open in its later segment",
      async (connect) => {
        const { contactId } = await start(connect);
        connect.agent.transfer(contactId);
        clock += 45;
        return contactId;
      },
      /still live/,
    ],
    [
      "older than 24 months",
      async (connect) => {
        const id = await pastChat(connect, "one");
        clock += 731 * 86_400;
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

  it("does not link a chat that ended while it waited", async () => {
    const connect = await connectWith();
    const { contactId } = await start(connect, { attributes: { chatContinue: "wait", chatWaitSeconds: "1" } });
    connect.agent.end(contactId);
    await vi.waitFor(() => expect(view(connect, contactId).flowLog.at(-1)).toMatch(/ended while/), 3_000);
    expect(view(connect, contactId).links).toEqual([]);
  });

  it.each([
    [{}, /chatContinue is missing/],
    [{ chatContinue: "maybe" }, /"maybe", not none, wait or now/],
    [{ chatContinue: "wait", chatWaitSeconds: "soon" }, /the Wait block fails/],
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

describe("switches of the server", () => {
  const observations: Partial<Record<keyof Switches, (connect: Connect) => Promise<unknown>>> = {
    async handMadeAttributes(connect) {
      const { contactId } = await start(connect, {
        attributes: { contactId: "signed" },
        body: { contactAttributes: { contactId: "forged", "HostedWidget-plan": "pro" } },
      });
      return view(connect, contactId).attributes;
    },
    async nullToken(connect) {
      return (await callStart(connect, { token: null })).status;
    },
    async liveSource(connect) {
      const { links, relatedContactId } = await startLinked(connect, (await start(connect)).contactId);
      return { branch: links[0]?.outcome, relatedContactId };
    },
    async earlySource(connect) {
      const source = await pastChat(connect, "one");
      clock -= 1;
      const { links, relatedContactId, transcript } = await startLinked(connect, source);
      return { branch: links[0]?.outcome, relatedContactId, transcript };
    },
    async emptySource(connect) {
      const ends = await Promise.all(["", "none", "unknown"].map((source) => startLinked(connect, source)));
      return ends.map(({ links, relatedContactId }) => ({ branch: links[0]?.outcome, relatedContactId }));
    },
    async segmentSource(connect) {
      const { contactId } = await start(connect);
      const segment = connect.agent.transfer(contactId);
      connect.agent.say(segment, "from the segment");
      connect.agent.end(segment);
      clock += 45;
      return texts(await startLinked(connect, segment));
    },
    async secondLink(connect) {
      const first = await pastChat(connect, "one");
      return texts(await startLinked(connect, "unknown", { contactIdFallback: first }));
    },
  };
  const error = { branch: "error", relatedContactId: null };
  const success = { branch: "linked", relatedContactId: null };
  const expected: Partial<Record<keyof Switches, Record<string, unknown>>> = {
    handMadeAttributes: {
      lose: { contactId: "signed", "HostedWidget-plan": "pro" },
      win: { contactId: "forged", "HostedWidget-plan": "pro" },
    },
    nullToken: { fails: 401, "starts-without": 200 },
    liveSource: { error, success },
    earlySource: { error: { ...error, transcript: [] }, success: { ...success, transcript: [] } },
    emptySource: { error: [error, error, error], success: [success, success, success] },
    segmentSource: { error: [], success: ["from the segment"] },
    secondLink: { allowed: ["one?", "one!"], refused: [] },
  };

  const cases = Object.entries(expected).flatMap(([name, positions]) =>
    Object.entries(positions).map(([at, seen]) => [name, at, seen] as const),
  );
  it.each(cases)("%s: %s", async (name, position, seen) => {
    const connect = await connectWith();
    setSwitch(connect.switches, name, position);
    expect(isSwitchName(name) && (await observations[name]?.(connect))).toEqual(seen);
  });

  it("are live: a flip counts from the next call on", async () => {
    const connect = await connectWith();
    expect((await callStart(connect, { token: null })).status).toBe(401);
    connect.switches.nullToken = "starts-without";
    expect((await callStart(connect, { token: null })).status).toBe(200);
  });

  it("cover every position here or in the browser test", () => {
    const inBrowser: (keyof Switches)[] = [
      "authenticateOnResume",
      "authenticateTwice",
      "repeatedField",
      "metadataHandler",
      "initialContactIdInEvents",
    ];
    expect([...Object.keys(expected), ...inBrowser].toSorted()).toEqual(Object.keys(switchPositions).toSorted());
  });
});

describe("the agent API", () => {
  it("answers, transfers and ends", async () => {
    const connect = await connectWith();
    const { contactId } = await start(connect);
    await postAsAgent(connect, `contacts/${contactId}/say`, { text: "good day" });
    const moved = await (await postAsAgent(connect, `contacts/${contactId}/transfer`, {})).json();
    expect(view(connect, moved.contactId).initialContactId).toBe(contactId);
    await postAsAgent(connect, `contacts/${contactId}/end`, {});
    const seen = await (await fetch(`${connect.origin}/agent/api/contacts/${contactId}`)).json();
    expect(seen).toEqual(JSON.parse(JSON.stringify(view(connect, contactId))));
    expect(seen).toMatchObject({ live: false });
    expect((await postAsAgent(connect, `contacts/${contactId}/say`, { text: "late" })).status).toBe(409);
  });

  it("flips switches, and only to positions there are", async () => {
    const connect = await connectWith();
    expect((await postAsAgent(connect, "switches", { liveSource: "success" })).status).toBe(200);
    expect(connect.switches.liveSource).toBe("success");
    expect((await postAsAgent(connect, "switches", { liveSource: "maybe" })).status).toBe(409);
    expect((await postAsAgent(connect, "switches", { __proto__x: "yes" })).status).toBe(409);
  });

  it("drops the record of an ended session, so that a link to it fails, and of no live one", async () => {
    const connect = await connectWith();
    const first = await pastChat(connect, "one");
    const second = await startLinked(connect, first);
    expect((await postAsAgent(connect, `contacts/${second.contactId}/forget`, {})).status).toBe(409);
    expect((await postAsAgent(connect, `contacts/${first}/forget`, {})).status).toBe(200);
    expect(connect.contacts().map(({ contactId }) => contactId)).toEqual([second.contactId]);
    expect((await startLinked(connect, first)).links[0]?.reason).toMatch(/no contact of this id/);
  });

  it("drops every segment of a session", async () => {
    const connect = await connectWith();
    const { contactId } = await start(connect);
    const segment = connect.agent.transfer(contactId);
    connect.agent.end(contactId);
    connect.agent.forget(segment);
    expect(connect.contacts()).toEqual([]);
  });

  it("spoils the next link alone: the fallback comes along", async () => {
    const connect = await connectWith();
    const [first, second] = [await pastChat(connect, "one"), await pastChat(connect, "two")];
    expect((await postAsAgent(connect, "spoil", {})).status).toBe(200);
    const third = await startLinked(connect, second, { contactIdFallback: first });
    expect(third.links).toMatchObject([{ outcome: "error" }, { outcome: "linked" }]);
    expect(third.relatedContactId).toBe(first);
    expect((await startLinked(connect, second)).relatedContactId).toBe(second);
  });

  it("sets how the service API is, and only to what there is", async () => {
    const connect = await connectWith();
    expect((await postAsAgent(connect, "service", { health: "slow" })).status).toBe(200);
    expect(connect.service).toBe("slow");
    expect((await postAsAgent(connect, "service", { health: "ill" })).status).toBe(409);
    expect(connect.service).toBe("slow");
  });

  it("moves the clock where there is one to move", async () => {
    const connect = await connectWith({ moveClock: async (ms) => void (clock += ms / 1000) });
    const before = clock;
    expect(await (await postAsAgent(connect, "clock", { days: 2 })).json()).toEqual({ now: before + 172_800 });
    expect((await postAsAgent(connect, "clock", { days: "2" })).status).toBe(409);
    expect((await postAsAgent(await connectWith(), "clock", { days: 2 })).status).toBe(409);
  });

  it("takes nothing that another site's page could post", async () => {
    const connect = await connectWith();
    const { contactId } = await start(connect);
    expect((await postAsAgent(connect, `contacts/${contactId}/end`, {}, "text/plain")).status).toBe(415);
    expect(view(connect, contactId).endedAt).toBeNull();
  });
});

describe("startConnect()", () => {
  it("offers the snippet with its own client script, which carries the switches of the moment", async () => {
    const connect = await connectWith();
    const url = `${connect.origin}/connectwidget/static/amazon-connect-chat-interface-client.js`;
    expect(connect.snippet).toContain(`s.src='${url}'`);
    expect(connect.snippet).toContain(`'amazon_connect', '${widgetId}'`);
    expect(connect.snippet).toContain(`amazon_connect('snippetId', '${snippetId}')`);
    connect.switches.repeatedField = "last";
    expect(await (await fetch(url)).text()).toContain('"repeatedField":"last"');
  });

  it("rejects with EADDRINUSE when the port is taken", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => void other.listen(0, "127.0.0.1", resolve));
    const address = other.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    await expect(connectWith({ port })).rejects.toMatchObject({ code: "EADDRINUSE" });
    other.close();
  });

  it("frees its port on close, also under an open feed", async () => {
    const connect = await connectWith();
    const { participantToken } = await start(connect);
    await fetch(`${connect.origin}/participant/feed`, { headers: { "x-amz-bearer": participantToken } });
    await fetch(`${connect.origin}/agent/api/changes`);
    open.length = 0;
    await connect.close();
    const port = Number(new URL(connect.origin).port);
    expect((await connectWith({ port })).origin).toBe(connect.origin);
  });

  it("knows its contacts again after a restart on the same state file", async () => {
    const stateFile = join(mkdtempSync(join(tmpdir(), "connect-")), "not/there/yet/contacts.json");
    const before = await connectWith({ stateFile });
    const first = await pastChat(before, "one");
    const { contactId, persistedChatSession } = await start(before, {
      attributes: { chatContinue: "wait", chatWaitSeconds: "60" },
    });
    await vi.waitFor(() => expect(view(before, contactId).flowLog).toHaveLength(1));
    const known = before.contacts();
    open.length = 0;
    await before.close();
    const after = await connectWith({ stateFile });
    expect(after.contacts()).toEqual(known);
    expect(texts(await startLinked(after, first))).toEqual(["one?", "one!"]);
    expect((await resume(after, persistedChatSession)).status).toBe(200);
  });

  it("takes up a flow that a restart cut off while it waited", async () => {
    const stateFile = join(mkdtempSync(join(tmpdir(), "connect-")), "contacts.json");
    const before = await connectWith({ stateFile });
    const first = await pastChat(before, "one");
    const { contactId } = await start(before, {
      attributes: { chatContinue: "wait", chatWaitSeconds: "1", contactId: first },
    });
    await vi.waitFor(() => expect(view(before, contactId).flowLog).toHaveLength(1));
    open.length = 0;
    await before.close();
    const after = await connectWith({ stateFile });
    await vi.waitFor(() => expect(view(after, contactId).relatedContactId).toBe(first), 3_000);
  });

  it("refuses a state file that is not its own, and leaves it alone", async () => {
    const stateFile = join(mkdtempSync(join(tmpdir(), "connect-")), "contacts.json");
    writeFileSync(stateFile, "{");
    await expect(connectWith({ stateFile })).rejects.toThrow(/Cannot read state file/);
    expect(readFileSync(stateFile, "utf8")).toBe("{");
  });
});
