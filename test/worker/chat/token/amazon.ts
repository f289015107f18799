import { expect } from "vitest";
import { type Playground, startPlayground } from "../../../playground/playground.ts";
import { startChat } from "../../../playground/start-chat.ts";
import { control } from "../../instrumented.ts";
import { useServer } from "../../use-workers.ts";
import { createVisitorClient, type VisitorClient } from "../../visitor-client.ts";
import { offered } from "../../visitor-steps.ts";

const READY_AFTER_SECONDS = 45;
/** Longer than the longest pause after Amazon could not answer. */
export const LONG_PAUSE_MS = 120_000;

/** A playground whose Worker asks the stand-in Connect who owns a contact. */
export function useAmazon() {
  const playground: Playground = useServer(() =>
    startPlayground({ port: 0, transcriptDelaySeconds: READY_AFTER_SECONDS, aws: true }),
  );

  const start = (token: string) => startChat(playground, token);

  /** Reports a contact. Some time passes. */
  async function report(client: VisitorClient, ticket: string, contactId: string): Promise<void> {
    expect((await client.report({ ticket, contactId })).status).toBe(201);
    await playground.moveClock(100_000);
  }

  /** Begins a chat without history and reports it, so that Amazon is not asked. */
  async function chat(client: VisitorClient): Promise<string> {
    const { token, ticket } = await client.token({ fresh: true });
    const contactId = await start(token);
    await report(client, ticket, contactId);
    return contactId;
  }

  /** Reports any contact id as the visitor's own, as anyone can who has learned the id. */
  async function claim(client: VisitorClient, contactId: string): Promise<void> {
    const { ticket } = await client.token({ fresh: true });
    await report(client, ticket, contactId);
  }

  /** Ends any pause that an earlier test has caused. @returns A new visitor. */
  async function begin(): Promise<VisitorClient> {
    const { connect, worker } = playground;
    await control(worker, {});
    await playground.moveClock(LONG_PAUSE_MS);
    connect.service = "works";
    const confirmed = createVisitorClient(worker.origin);
    await chat(confirmed);
    await offered(confirmed);
    await control(worker, {});
    connect.serviceCalls.length = 0;
    return createVisitorClient(worker.origin);
  }

  /** What Amazon was asked, and its status. */
  const described = () =>
    playground.connect.serviceCalls
      .filter(({ action }) => action === "DescribeContact")
      .map(({ contactId, status }) => [contactId, status]);

  return { playground, start, report, chat, claim, begin, described };
}
