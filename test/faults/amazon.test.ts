import { describe, expect, it } from "vitest";
import { startPlayground } from "../playground/playground.ts";
import { startChat } from "../playground/start-chat.ts";
import { useServer } from "../worker/use-workers.ts";
import { createVisitorClient, type VisitorClient } from "../worker/visitor-client.ts";
import { NOTHING, offered } from "../worker/visitor-steps.ts";
import { expectPage, watchLogs } from "./chatter.ts";

/** Longer than the longest pause after Amazon could not answer. */
const LONG_PAUSE_MS = 120_000;

const playground = useServer(() => startPlayground({ port: 0, transcriptDelaySeconds: 1, aws: true }));

/** Starts a chat at Connect with our token, and reports it. */
async function chat(visitor: VisitorClient): Promise<string> {
  const { token, ticket } = await visitor.token({ fresh: true });
  const contactId = await startChat(playground, token);
  expect((await visitor.report({ ticket, contactId })).status).toBe(201);
  return contactId;
}

describe("Amazon Connect's service API", () => {
  const faults = [
    { name: "Amazon is slower than 1.5 seconds", service: "slow", reason: "TimeoutError" },
    { name: "Amazon cannot be reached", service: "down", reason: "Error" },
    { name: "Amazon answers 5xx", service: "fails", reason: "status-500" },
    { name: "Amazon throttles (429)", service: "throttles", reason: "status-429" },
    { name: "Amazon denies access (403)", service: "denies", reason: "status-403" },
    { name: "Amazon's answer is malformed", service: "garbage", reason: "SyntaxError" },
  ] as const;
  it.each(faults)("$name", async ({ service, reason }) => {
    const { connect, site, worker } = playground;
    const visitor = createVisitorClient(worker.origin);
    const contactId = await chat(visitor);
    const log = watchLogs(worker);
    connect.service = service;
    await expectPage(worker, site);
    expect(await offered(visitor)).toMatchObject(NOTHING);
    await log.expectLine({ event: "owner.unknown", reason });
    connect.service = "works";
    await playground.moveClock(LONG_PAUSE_MS);
    expect(await offered(visitor)).toMatchObject({ contactId });
  });
});
