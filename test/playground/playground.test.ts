import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { control, observe } from "../worker/instrumented.ts";
import { claimsOf, createVisitorClient, type VisitorClient } from "../worker/visitor-client.ts";
import { type Playground, startPlayground } from "./playground.ts";
import { startChat } from "./start-chat.ts";

let playground: Playground;

beforeAll(async () => {
  playground = await startPlayground({ port: 0, transcriptDelaySeconds: 1, aws: true });
});
afterAll(() => playground.close());
beforeEach(async () => {
  playground.connect.service = "works";
  playground.connect.serviceCalls.length = 0;
  await control(playground.worker, {});
});

/** Starts a chat with a token of the Worker's, and tells the Worker of it. */
async function chat(visitor: VisitorClient): Promise<string> {
  const { ticket, token } = await visitor.token();
  const contactId = await startChat(playground, token);
  expect((await visitor.report({ ticket, contactId })).status).toBe(201);
  return contactId;
}

const offered = async (visitor: VisitorClient) => claimsOf((await visitor.token()).token).attributes["contactId"];

describe("startPlayground({ aws: true })", () => {
  it("lets the Worker ask Connect whose a contact is, with a signature that Connect accepts", async () => {
    const visitor = createVisitorClient(playground.worker.origin);
    const contactId = await chat(visitor);
    expect(await offered(visitor)).toBe(contactId);
    expect(playground.connect.serviceCalls).toEqual([
      { action: "DescribeContact", contactId, status: 200, error: null },
      { action: "ListAssociatedContacts", contactId, status: 200, error: null },
    ]);
    expect((await observe(playground.worker)).calls).toContain("describe contact");
  });

  it("lets Connect not know", async () => {
    const visitor = createVisitorClient(playground.worker.origin);
    await chat(visitor);
    playground.connect.service = "down";
    expect(await offered(visitor)).toBe("none");
    expect(playground.connect.serviceCalls).toHaveLength(1);
  });
});

describe("moveClock()", () => {
  it("moves the clocks of Worker and Connect together, and back", async () => {
    // Longer than the Worker leaves Amazon alone after the test before.
    await playground.moveClock(3_600_000);
    const visitor = createVisitorClient(playground.worker.origin);
    const contactId = await chat(visitor);
    const started = playground.connect.contacts()[0]?.initiatedAt ?? 0;
    expect(started - Date.now() / 1000).toBeCloseTo(3600, -1);
    expect(await offered(visitor)).toBe(contactId);
    await playground.moveClock(-3_600_000);
    expect(claimsOf((await visitor.token()).token).iat - Date.now() / 1000).toBeCloseTo(0, -1);
  });

  it("outlives a control() of the Worker", async () => {
    await playground.moveClock(60_000);
    await control(playground.worker, {});
    const { token } = await createVisitorClient(playground.worker.origin).token();
    expect(claimsOf(token).iat - Date.now() / 1000).toBeCloseTo(60, -1);
    await playground.moveClock(-60_000);
  });

  it("is refused where the Worker cannot follow", async () => {
    const plain = await startPlayground({ port: 0, transcriptDelaySeconds: 1 });
    try {
      await expect(plain.moveClock(1000)).rejects.toThrow("instrumented");
    } finally {
      await plain.close();
    }
  });
});
