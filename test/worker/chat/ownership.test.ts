import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { access, type Playground, startPlayground } from "../../playground/playground.ts";
import { startChat } from "../../playground/start-chat.ts";
import { control, instrumentedEntry, observe } from "../instrumented.ts";
import { settings } from "../settings.ts";
import { type RunningWorker, startWorker } from "../start-worker.ts";
import { claimsOf, createVisitorClient, type VisitorClient } from "../visitor-client.ts";

const READY_AFTER_SECONDS = 45;
/** Longer than the longest pause after Amazon could not answer. */
const LONG_PAUSE_MS = 120_000;

let playground: Playground;
let visitor: VisitorClient;

beforeAll(async () => {
  playground = await startPlayground({ port: 0, transcriptDelaySeconds: READY_AFTER_SECONDS, aws: true });
});
afterAll(() => playground.close());
beforeEach(async () => {
  const { connect, worker } = playground;
  await control(worker, {});
  await playground.moveClock(LONG_PAUSE_MS);
  connect.service = "works";
  // A chat that Amazon confirms: whatever pause the test before has left behind is over.
  visitor = createVisitorClient(worker.origin);
  await chat(visitor);
  await offered(visitor);
  await control(worker, {});
  connect.describeCalls.length = 0;
  visitor = createVisitorClient(worker.origin);
});

const start = (token: string) => startChat(playground, token);

/** Begins a chat and reports it; some time passes. Nobody was asked: a fresh start has nothing to hand out. */
async function chat(client: VisitorClient): Promise<string> {
  const { token, ticket } = await client.token({ fresh: true });
  const contactId = await start(token);
  await report(client, ticket, contactId);
  return contactId;
}

/** Visitors whom Amazon could not answer about: three contacts in a row begin a pause. */
async function failAbout(clients: readonly VisitorClient[]): Promise<void> {
  for (const client of clients) expect(await offered(client)).toMatchObject(nothing);
}

async function visitorsWithChat(count: number): Promise<VisitorClient[]> {
  const clients = Array.from({ length: count }, () => createVisitorClient(playground.worker.origin));
  for (const client of clients) await chat(client);
  return clients;
}

/** Claims any contact id for oneself, as whoever has learned of it can. */
async function claim(client: VisitorClient, contactId: string): Promise<void> {
  const { ticket } = await client.token({ fresh: true });
  await report(client, ticket, contactId);
}

async function report(client: VisitorClient, ticket: string, contactId: string): Promise<void> {
  expect((await client.report({ ticket, contactId })).status).toBe(201);
  await playground.moveClock(100_000);
}

async function offered(client: VisitorClient, body?: object): Promise<Record<string, string>> {
  return claimsOf((await client.token(body)).token).attributes;
}

const described = () => playground.connect.describeCalls.map(({ contactId, status }) => [contactId, status]);

const nothing = { contactId: "none", contactIdFallback: "none", chatContinue: "none", chatWaitSeconds: "0" };

describe("POST /_chat/token, with AWS credentials", () => {
  it("offers a chat that Amazon Connect says is this visitor's", async () => {
    const contactId = await chat(visitor);
    await control(playground.worker, {});
    expect(await offered(visitor)).toMatchObject({ contactId, chatContinue: "now" });
    expect(described()).toEqual([[contactId, 200]]);
    expect((await observe(playground.worker)).calls).toEqual(["get visitor", "describe contact"]);
  });

  it("asks once: the cookie knows the answer from then on, before KV does", async () => {
    const contactId = await chat(visitor);
    await offered(visitor);
    await control(playground.worker, { kvShows: "nothing" });
    expect(await offered(visitor)).toMatchObject({ contactId });
    expect((await observe(playground.worker)).calls).toEqual(["get visitor"]);
  });

  it("records the answer with the next report", async () => {
    const { token, ticket } = await visitor.token();
    const contactId = await start(token);
    await report(visitor, ticket, contactId);
    await offered(visitor);
    const key = `visitor:${claimsOf(token).attributes["persistentChatVisitor"]}`;
    const recorded = async () => {
      const { stored } = await observe(playground.worker);
      return JSON.parse(stored[key]?.value ?? "").sessions;
    };
    expect((await recorded())[0]).not.toHaveProperty("verifiedAt");
    await visitor.report({ ticket, contactId, event: "ended" });
    expect(await recorded()).toEqual([expect.objectContaining({ contactId, verifiedAt: expect.any(Number) })]);
  });

  it("asks about one contact per token, the newest first, and about none that is not offered", async () => {
    await chat(visitor);
    const before = await chat(visitor);
    const newest = await chat(visitor);
    expect(await offered(visitor)).toMatchObject({ contactId: newest, contactIdFallback: "none" });
    expect(described()).toEqual([[newest, 200]]);
    expect(await offered(visitor)).toMatchObject({ contactId: newest, contactIdFallback: before });
    expect(await offered(visitor)).toMatchObject({ contactId: newest, contactIdFallback: before });
    expect(described()).toEqual([
      [newest, 200],
      [before, 200],
    ]);
  });

  it("asks nothing where nothing is to be offered", async () => {
    await offered(visitor);
    await chat(visitor);
    expect(await offered(visitor, { fresh: true })).toMatchObject(nothing);
    await control(playground.worker, { kv: "fails" });
    expect(await offered(visitor)).toMatchObject(nothing);
    expect(described()).toEqual([]);
  });
});

describe("POST /_chat/token, when Amazon Connect says that a contact is not this visitor's", () => {
  it("does not offer the chat of another visitor, who had not reported it yet", async () => {
    const owner = createVisitorClient(playground.worker.origin);
    const contactId = await start((await owner.token()).token);
    await claim(visitor, contactId);
    expect(await offered(visitor)).toMatchObject(nothing);
    expect(described()).toEqual([[contactId, 200]]);
  });

  it("does not offer a contact that does not exist", async () => {
    const contactId = crypto.randomUUID();
    await claim(visitor, contactId);
    expect(await offered(visitor)).toMatchObject(nothing);
    expect(described()).toEqual([[contactId, 404]]);
  });

  it("offers the confirmed chat before it", async () => {
    const own = await chat(visitor);
    await offered(visitor);
    await claim(visitor, crypto.randomUUID());
    expect(await offered(visitor)).toMatchObject({ contactId: own, contactIdFallback: "none" });
  });

  it("offers the chat before it once that is confirmed, and asks about each once", async () => {
    const own = await chat(visitor);
    const claimed = crypto.randomUUID();
    await claim(visitor, claimed);
    expect(await offered(visitor)).toMatchObject(nothing);
    expect(await offered(visitor)).toMatchObject({ contactId: own, contactIdFallback: "none" });
    expect(await offered(visitor)).toMatchObject({ contactId: own, contactIdFallback: "none" });
    expect(described()).toEqual([
      [claimed, 404],
      [own, 200],
    ]);
  });

  it("says so again, whoever asks with a copy of an older cookie", async () => {
    const owner = createVisitorClient(playground.worker.origin);
    const contactId = await start((await owner.token()).token);
    await claim(visitor, contactId);
    const { cookie } = visitor;
    await offered(visitor);
    visitor.cookie = cookie;
    expect(await offered(visitor)).toMatchObject(nothing);
  });
});

describe("POST /_chat/token, when Amazon Connect cannot say whose a contact is", () => {
  it.each(["slow", "down", "throttles", "denies", "garbage"] as const)(
    "starts the chat without history (%s), and offers it the next time",
    async (health) => {
      const { connect, worker } = playground;
      const contactId = await chat(visitor);
      connect.service = health;
      const { token, ticket } = await visitor.token();
      expect(claimsOf(token).attributes).toMatchObject({
        ...nothing,
        persistentChatVisitor: expect.stringMatching(/^[0-9a-f]{64}$/),
      });
      expect(described()).toHaveLength(1);
      const meanwhile = await start(token);
      await report(visitor, ticket, meanwhile);

      connect.service = "works";
      await playground.moveClock(LONG_PAUSE_MS);
      await control(worker, {});
      expect(await offered(visitor)).toMatchObject({ contactId: meanwhile });
      expect(await offered(visitor)).toMatchObject({ contactId: meanwhile, contactIdFallback: contactId });
    },
  );

  it("offers what was confirmed before, without asking", async () => {
    const contactId = await chat(visitor);
    await offered(visitor);
    playground.connect.service = "down";
    expect(await offered(visitor)).toMatchObject({ contactId });
    expect(described()).toHaveLength(1);
  });

  it("offers no older chat in the newest one's place: linked to that, the newest would be left behind", async () => {
    await chat(visitor);
    await offered(visitor);
    await chat(visitor);
    playground.connect.service = "down";
    expect(await offered(visitor)).toMatchObject(nothing);
  });

  it("leaves Amazon alone for a while, longer each time, and never for more than a minute", async () => {
    const { connect } = playground;
    const contactId = await chat(visitor);
    const others = await visitorsWithChat(2);
    connect.service = "throttles";
    await failAbout(others);
    /** Whether a token asked for now leads to a call. */
    const asks = async () => {
      connect.describeCalls.length = 0;
      expect(await offered(visitor)).toMatchObject(nothing);
      return described().length === 1;
    };
    // 1, 3 and 7 seconds.
    for (const pauseSeconds of [1, 3, 7]) {
      expect(await asks()).toBe(true);
      await playground.moveClock((pauseSeconds + 1) * 1000);
    }
    expect(await asks()).toBe(true);
    for (const ms of [0, 5000]) {
      await playground.moveClock(ms);
      expect(await asks()).toBe(false);
    }
    await playground.moveClock(12_000);
    for (const _more of [1, 2, 3]) {
      expect(await asks()).toBe(true);
      await playground.moveClock(62_000);
    }
    connect.service = "works";
    expect(await offered(visitor)).toMatchObject({ contactId });
  });

  it("is patient again once Amazon has answered", async () => {
    const { connect } = playground;
    const [others, later] = [await visitorsWithChat(3), await visitorsWithChat(3)];
    connect.service = "throttles";
    for (const _time of [1, 2, 3, 4, 5]) {
      await failAbout(others);
      await playground.moveClock(LONG_PAUSE_MS);
    }
    connect.service = "works";
    await offered(visitor);
    await chat(visitor);
    await offered(visitor);
    connect.service = "down";
    await failAbout(later);
    connect.service = "works";
    await playground.moveClock(2000);
    for (const client of later) expect(await offered(client)).not.toMatchObject(nothing);
  });

  it.each([
    ["no id", "none"],
    ["the longest one", "x".repeat(256)],
    ["nearly one of Amazon's", "6b1f0f7e-93c1-4f6d-9a51-2f1e8c7d4b3a-"],
  ])("asks nobody where a visitor claims %s, and the chat starts without history", async (_what, contactId) => {
    const other = createVisitorClient(playground.worker.origin);
    const own = await chat(other);
    await claim(visitor, contactId);
    expect(await offered(visitor)).toMatchObject(nothing);
    expect(described()).toEqual([]);
    expect(await offered(other)).toMatchObject({ contactId: own });
  });
});

describe("POST /_chat/token, when Amazon Connect answers as nobody expects", () => {
  let server: Server;
  let answer: (request: IncomingMessage, response: ServerResponse) => void;
  let worker: RunningWorker;
  let clockOffsetSeconds = 0;
  beforeAll(async () => {
    server = createServer((request, response) => answer(request, response));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("Cannot start a server: no port");
    worker = await startWorker({
      entry: instrumentedEntry,
      vars: {
        ...settings,
        CONNECT_API_ORIGIN: `http://127.0.0.1:${address.port}`,
        AWS_ACCESS_KEY_ID: access.accessKeyId,
        AWS_SECRET_ACCESS_KEY: access.secretAccessKey,
        CONNECT_REGION: access.region,
        CONNECT_INSTANCE_ID: access.instanceId,
      },
    });
  });
  afterAll(async () => {
    await worker.close();
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    visitor = createVisitorClient(worker.origin);
  });

  /** A chat that Amazon does not know; some time passes. */
  async function chatElsewhere(contactId: string): Promise<void> {
    const { ticket } = await visitor.token({ fresh: true });
    expect((await visitor.report({ ticket, contactId })).status).toBe(201);
    clockOffsetSeconds += 1000;
    await control(worker, { clockOffsetSeconds });
  }

  it("asks again about a contact that Amazon did not know a day ago", async () => {
    const contactId = crypto.randomUUID();
    await chatElsewhere(contactId);
    const { persistentChatVisitor } = await offered(visitor, { fresh: true });
    answer = (_request, response) => response.writeHead(404).end("{}");
    expect(await offered(visitor)).toMatchObject(nothing);
    answer = (_request, response) =>
      response.end(JSON.stringify({ Contact: { Channel: "CHAT", Attributes: { persistentChatVisitor } } }));
    expect(await offered(visitor)).toMatchObject(nothing);
    clockOffsetSeconds += 86_400;
    await control(worker, { clockOffsetSeconds });
    expect(await offered(visitor)).toMatchObject({ contactId });
    expect(await offered(visitor)).toMatchObject({ contactId });
  });

  it("starts the chat without history when the answer begins and never ends", async () => {
    await chatElsewhere(crypto.randomUUID());
    answer = (_request, response) => response.writeHead(200).write('{"Contact":');
    expect(await offered(visitor)).toMatchObject(nothing);
  });

  it.each(["{}", '{"Contact":{}}', '{"Contact":{"Channel":"CHAT","Attributes":{"persistentChatVisitor":7}}}', "[]"])(
    "takes %s for no answer, and so offers no older chat instead",
    async (text) => {
      const confirmed = crypto.randomUUID();
      await chatElsewhere(confirmed);
      const { persistentChatVisitor } = await offered(visitor, { fresh: true });
      const contact = { Channel: "CHAT", Attributes: { persistentChatVisitor } };
      answer = (_request, response) => response.end(JSON.stringify({ Contact: contact }));
      expect(await offered(visitor)).toMatchObject({ contactId: confirmed });
      await chatElsewhere(crypto.randomUUID());
      answer = (_request, response) => response.end(text);
      expect(await offered(visitor)).toMatchObject(nothing);
    },
  );
});

describe("logs", () => {
  it("never hold a contact id, a credential or a visitor", async () => {
    const contactId = await chat(visitor);
    playground.connect.service = "denies";
    const key = (await offered(visitor))["persistentChatVisitor"];
    const text = JSON.stringify(playground.worker.logs);
    expect(text).toContain("owner.unknown");
    for (const secret of [contactId, key, access.accessKeyId, access.secretAccessKey])
      expect(text).not.toContain(secret);
  });
});
