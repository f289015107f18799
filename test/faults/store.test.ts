import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type RunningSite, startSite } from "../playground/site/site.ts";
import { control, instrumentedEntry, observe } from "../worker/instrumented.ts";
import { settings } from "../worker/settings.ts";
import { type RunningWorker, startWorker } from "../worker/start-worker.ts";
import { type VisitorClient } from "../worker/visitor-client.ts";
import { chat, createChatter, expectLogged, expectPage, expectRefused, NOTHING, offered } from "./chatter.ts";

let site: RunningSite;
let worker: RunningWorker;
let visitor: VisitorClient;
/** A contact id of this test. */
let id: (name: string) => string;
let key: string;

beforeAll(async () => {
  site = await startSite({ port: 0 });
  worker = await startWorker({ vars: { ...settings, ORIGIN_URL: site.origin }, entry: instrumentedEntry });
});
afterAll(async () => {
  await worker.close();
  await site.close();
});
beforeEach(async () => {
  const test = crypto.randomUUID();
  id = (name) => `${name}-${test}`;
  await control(worker, {});
  visitor = await createChatter(worker.origin, id("before"));
  key = (await offered(visitor))["persistentChatVisitor"] ?? "";
});

/** A chat meanwhile has no history, and its report waits; afterwards all of it is there. */
async function expectNoHistoryMeanwhile(changes: Parameters<typeof control>[1]): Promise<void> {
  await control(worker, changes);
  await expectPage(worker);
  const { token, ticket } = await visitor.token();
  expect(JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()).attributes).toMatchObject(NOTHING);
  await expectRefused(visitor.report({ ticket, contactId: id("meanwhile") }), 503, "STORE_UNAVAILABLE");
  await expectLogged(worker, { event: "store.unavailable" });
  await expectLogged(worker, { event: "chat.refused", code: "STORE_UNAVAILABLE" });
  await control(worker, {});
  expect((await visitor.report({ ticket, contactId: id("meanwhile") })).status).toBe(201);
  expect(await offered(visitor)).toMatchObject({ contactIdFallback: id("before") });
}

describe("KV", () => {
  it("KV does not answer reads", () => expectNoHistoryMeanwhile({ kv: "fails", kvCalls: "get" }));

  it("KV takes longer than 2 seconds", () => expectNoHistoryMeanwhile({ kv: "hangs" }));

  it("KV does not take writes", async () => {
    await control(worker, { kv: "fails", kvCalls: "put" });
    await expectPage(worker);
    const { ticket } = await visitor.token();
    expect(await offered(visitor)).toMatchObject({ contactId: id("before") });
    await expectRefused(visitor.report({ ticket, contactId: id("meanwhile") }), 503, "STORE_UNAVAILABLE");
    await expectLogged(worker, { event: "chat.refused", code: "STORE_UNAVAILABLE" });
    await control(worker, {});
    expect((await visitor.report({ ticket, contactId: id("meanwhile") })).status).toBe(201);
  });

  it("A visitor's record in KV cannot be read", async () => {
    await control(worker, { store: { [`visitor:${key}`]: '{"v":1,"sessions":"' } });
    await expectPage(worker);
    expect(await offered(visitor)).toMatchObject({ contactId: id("before") });
    await expectLogged(worker, { event: "record.unreadable" });
    await chat(visitor, id("after"));
    const record = JSON.parse((await observe(worker)).stored[`visitor:${key}`]?.value ?? "");
    const contactIds = record.sessions.map(({ contactId }: { contactId: string }) => contactId);
    expect(contactIds.toSorted()).toEqual([id("after"), id("before")]);
  });

  it("A visitor's record is of a newer version", async () => {
    const newer = '{"v":2,"people":[]}';
    await control(worker, { store: { [`visitor:${key}`]: newer } });
    await expectPage(worker);
    const { token, ticket } = await visitor.token();
    expect(Buffer.from(token, "base64url").toString()).not.toContain(id("before"));
    await expectRefused(visitor.report({ ticket, contactId: id("after") }), 503, "STORE_UNAVAILABLE");
    await expectLogged(worker, { event: "chat.refused", message: expect.stringContaining("a newer version wrote it") });
    expect((await observe(worker)).stored[`visitor:${key}`]?.value).toBe(newer);
  });

  it("A visitor's record is from before fields were added", async () => {
    const startedAt = Math.floor(Date.now() / 1000) + 1;
    const sessions = [{ contactId: id("old"), ticketId: "ticket", startedAt }];
    await control(worker, {
      store: { [`visitor:${key}`]: JSON.stringify({ v: 1, updatedAt: startedAt, sessions, owned: [] }) },
    });
    expect(await offered(visitor)).toMatchObject({ contactId: id("old") });
  });

  it("An erasure in KV cannot be read", async () => {
    await expectNoHistoryMeanwhile({ store: { [`erased:${key}`]: "yesterday" } }).catch(() => undefined);
    expect(await offered(visitor)).toMatchObject(NOTHING);
    await expectLogged(worker, { event: "store.unavailable", message: expect.stringContaining("KV holds no time") });
    const headers = { cookie: visitor.cookie, "sec-fetch-site": "same-origin" };
    expect((await fetch(`${worker.origin}/_chat/visitor`, { method: "DELETE", headers })).status).toBe(503);
  });
});

describe("Cloudflare's other parts", () => {
  it("The binding VISITORS or CHAT_LIMIT is missing", async () => {
    await control(worker, { mode: "unbound" });
    expect(await (await fetch(worker.origin)).text()).toBe(await (await fetch(site.origin)).text());
    await expectRefused(visitor.post("/_chat/token", {}), 503, "MISCONFIGURED");
    expect((await fetch(`${worker.origin}/_chat/health`)).status).toBe(503);
    await expectLogged(worker, { event: "settings.invalid", setting: "VISITORS" });
    await expectLogged(worker, { event: "settings.invalid", setting: "CHAT_LIMIT" });
  });

  it("Calls cannot be counted", async () => {
    await control(worker, { limit: "fails" });
    await expectPage(worker);
    expect(await offered(visitor)).toMatchObject({ contactId: id("before") });
    await expectLogged(worker, { event: "limit.unavailable", message: "No count today" });
  });
});
