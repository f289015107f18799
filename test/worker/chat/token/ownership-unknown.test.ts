import { beforeEach, describe, expect, it } from "vitest";
import { control } from "../../instrumented.ts";
import { claimsOf, createVisitorClient, type VisitorClient } from "../../visitor-client.ts";
import { NOTHING, offered } from "../../visitor-steps.ts";
import { LONG_PAUSE_MS, useAmazon } from "./amazon.ts";

const { playground, start, report, chat, claim, begin, described } = useAmazon();
let visitor: VisitorClient;

beforeEach(async () => {
  visitor = await begin();
});

/** Amazon cannot answer about these visitors: after three contacts in a row a pause begins. */
async function failAbout(clients: readonly VisitorClient[]): Promise<void> {
  for (const client of clients) expect(await offered(client)).toMatchObject(NOTHING);
}

async function visitorsWithChat(count: number): Promise<VisitorClient[]> {
  const clients = Array.from({ length: count }, () => createVisitorClient(playground.worker.origin));
  for (const client of clients) await chat(client);
  return clients;
}

describe("POST /_chat/token, when Amazon Connect cannot say who owns a contact", () => {
  it.each(["slow", "down", "throttles", "denies", "garbage"] as const)(
    "starts the chat without history (%s), and offers it the next time",
    async (health) => {
      const { connect, worker } = playground;
      const contactId = await chat(visitor);
      connect.service = health;
      const { token, ticket } = await visitor.token();
      expect(claimsOf(token).attributes).toMatchObject({
        ...NOTHING,
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

  it("offers a chat that was confirmed before, without asking", async () => {
    const contactId = await chat(visitor);
    await offered(visitor);
    playground.connect.service = "down";
    expect(await offered(visitor)).toMatchObject({ contactId });
    expect(described()).toHaveLength(1);
  });

  it("offers no older chat instead of the newest: the newest would be missing from the history", async () => {
    await chat(visitor);
    await offered(visitor);
    await chat(visitor);
    playground.connect.service = "down";
    expect(await offered(visitor)).toMatchObject(NOTHING);
  });

  it("pauses all calls at once where Amazon throttles one: its quotas are those of a whole instance", async () => {
    const other = createVisitorClient(playground.worker.origin);
    await chat(visitor);
    const contactId = await chat(other);
    playground.connect.service = "throttles";
    expect(await offered(visitor)).toMatchObject(NOTHING);
    // The pause of one second outlasts a busy machine.
    await playground.moveClock(-10_000);
    expect(await offered(other)).toMatchObject(NOTHING);
    expect(described()).toHaveLength(1);
    playground.connect.service = "works";
    await playground.moveClock(12_000);
    expect(await offered(other)).toMatchObject({ contactId });
  });

  it("pauses its calls of Amazon, longer each time, at most one minute", async () => {
    const { connect } = playground;
    const contactId = await chat(visitor);
    const others = await visitorsWithChat(2);
    connect.service = "fails";
    await failAbout(others);
    /** Whether a token call now leads to a call of Amazon. */
    const asks = async () => {
      connect.serviceCalls.length = 0;
      expect(await offered(visitor)).toMatchObject(NOTHING);
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

  it("starts with the shortest pause again once Amazon has answered", async () => {
    const { connect } = playground;
    const [others, later] = [await visitorsWithChat(3), await visitorsWithChat(3)];
    connect.service = "fails";
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
    for (const client of later) expect(await offered(client)).not.toMatchObject(NOTHING);
  });

  it.each([
    ["no id", "none"],
    ["the longest one", "x".repeat(256)],
    ["nearly one of Amazon's", "6b1f0f7e-93c1-4f6d-9a51-2f1e8c7d4b3a-"],
  ])("asks nobody where a visitor claims %s, and the chat starts without history", async (_what, contactId) => {
    const other = createVisitorClient(playground.worker.origin);
    const own = await chat(other);
    await claim(visitor, contactId);
    expect(await offered(visitor)).toMatchObject(NOTHING);
    expect(described()).toEqual([]);
    expect(await offered(other)).toMatchObject({ contactId: own });
  });
});
