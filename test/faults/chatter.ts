import { expect } from "vitest";
import { type RunningSite } from "../playground/site/site.ts";
import { type RunningWorker } from "../worker/start-worker.ts";
import { createVisitorClient, type VisitorClient } from "../worker/visitor-client.ts";
import { chat, offered } from "../worker/visitor-steps.ts";

/** A visitor who has had a chat. */
export async function createChatter(origin: string, contactId: string): Promise<VisitorClient> {
  const visitor = createVisitorClient(origin);
  await chat(visitor, contactId);
  return visitor;
}

/** The page is the site's page with the chat added. */
export async function expectPage(worker: RunningWorker, site: RunningSite, chatPath = "/_chat"): Promise<void> {
  const tag = `<script data-cfasync="false" async src="${chatPath}/widget.js"></script>`;
  expect(await readPage(worker)).toBe((await readPage(site)).replace("<head>", `<head>${tag}`));
}

/** Pages are as ever, a visitor chats and is offered that chat, and nothing that is written has one of these secrets. */
export async function expectUnharmed(
  worker: RunningWorker,
  site: RunningSite,
  { written, secrets }: { readonly written: readonly object[]; readonly secrets: readonly string[] },
): Promise<void> {
  await expectPage(worker, site);
  const contactId = crypto.randomUUID();
  const visitor = await createChatter(worker.origin, contactId);
  expect(await offered(visitor)).toMatchObject({ contactId });
  for (const secret of secrets) expect(JSON.stringify(written)).not.toContain(secret);
}

/** The page is the site's page, unchanged. */
export async function expectUntouchedPage(worker: RunningWorker, site: RunningSite): Promise<void> {
  expect(await readPage(worker)).toBe(await readPage(site));
}

async function readPage({ origin }: { readonly origin: string }): Promise<string> {
  const response = await fetch(origin, { headers: { "sec-fetch-dest": "document" } });
  expect(response.status).toBe(200);
  return response.text();
}

/** The log lines of a Worker from now on: an earlier test may have caused the same line. */
export interface LogWatch {
  readonly expectLine: (line: object) => Promise<void>;
  /** No warning and no error, although a token was issued since. */
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
