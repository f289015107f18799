import { expect } from "vitest";
import { type RunningSite } from "../playground/site/site.ts";
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
export async function chat(visitor: VisitorClient, contactId: string, body?: object): Promise<void> {
  const { ticket } = await visitor.token(body);
  expect((await visitor.report({ ticket, contactId })).status).toBe(201);
}

/** The attributes of the next token. */
export async function offered(visitor: VisitorClient, body?: object): Promise<Record<string, string>> {
  return claimsOf((await visitor.token(body)).token).attributes;
}

/** The same browser, as it is now. */
export function copyOf({ cookie, origin }: VisitorClient): VisitorClient {
  return Object.assign(createVisitorClient(origin), { cookie });
}

/** The next page still comes as the site sends it, with the chat in it. */
export async function expectPage(worker: RunningWorker, site: RunningSite, chatPath = "/_chat"): Promise<void> {
  const tag = `<script data-cfasync="false" async src="${chatPath}/widget.js"></script>`;
  expect(await readPage(worker)).toBe((await readPage(site)).replace("<head>", `<head>${tag}`));
}

/** The next page still comes as the site sends it. */
export async function expectUntouchedPage(worker: RunningWorker, site: RunningSite): Promise<void> {
  expect(await readPage(worker)).toBe(await readPage(site));
}

async function readPage({ origin }: { readonly origin: string }): Promise<string> {
  const response = await fetch(origin, { headers: { "sec-fetch-dest": "document" } });
  expect(response.status).toBe(200);
  return response.text();
}

export async function expectRefused(answer: Promise<Response>, status: number, error: string): Promise<void> {
  const response = await answer;
  expect([response.status, await response.json()]).toEqual([status, { error }]);
}

/** What a Worker logs from here on: an earlier test may have had the same fault. */
export interface LogWatch {
  readonly expectLine: (line: object) => Promise<void>;
  /** No warning and no error, though a token was asked for meanwhile. */
  readonly expectQuiet: () => Promise<void>;
}

export function watchLogs({ logs }: RunningWorker): LogWatch {
  const start = logs.length;
  const expectLine = (line: object) =>
    expect.poll(() => logs.slice(start)).toContainEqual(expect.objectContaining(line));
  return {
    expectLine,
    async expectQuiet() {
      await expectLine({ event: "token.issued" });
      expect(logs.slice(start).filter(({ level }) => level === "warn" || level === "error")).toEqual([]);
    },
  };
}
