import { expect } from "vitest";
import { type RunningWorker } from "../worker/start-worker.ts";
import { claimsOf, createVisitorClient, type VisitorClient } from "../worker/visitor-client.ts";

/** What a token says where nothing is continued. */
export const NOTHING = { contactId: "none", contactIdFallback: "none", chatContinue: "none", chatWaitSeconds: "0" };

/** A visitor who has had a chat. */
export async function createChatter(origin: string, contactId: string): Promise<VisitorClient> {
  const visitor = createVisitorClient(origin);
  await chat(visitor, contactId);
  return visitor;
}

/** Has a chat, from token to report. */
export async function chat(visitor: VisitorClient, contactId: string): Promise<void> {
  const { ticket } = await visitor.token();
  expect((await visitor.report({ ticket, contactId })).status).toBe(201);
}

/** The attributes of the next token. */
export async function offered(visitor: VisitorClient, body?: object): Promise<Record<string, string>> {
  return claimsOf((await visitor.token(body)).token).attributes;
}

/** The same browser, at another Worker. */
export function moveTo(worker: RunningWorker, { cookie }: VisitorClient): VisitorClient {
  return Object.assign(createVisitorClient(worker.origin), { cookie });
}

/** The next page still comes, with the chat in it. */
export async function expectPage({ origin }: RunningWorker): Promise<void> {
  const response = await fetch(origin, { headers: { "sec-fetch-dest": "document" } });
  expect(response.status).toBe(200);
  expect(await response.text()).toContain('src="/_chat/widget.js"');
}

export async function expectRefused(answer: Promise<Response>, status: number, error: string): Promise<void> {
  const response = await answer;
  expect([response.status, await response.json()]).toEqual([status, { error }]);
}

export async function expectLogged(worker: RunningWorker, line: object): Promise<void> {
  await expect.poll(() => worker.logs).toContainEqual(expect.objectContaining(line));
}
