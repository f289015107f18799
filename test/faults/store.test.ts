import { beforeEach, describe, expect, it } from "vitest";
import { control, observe } from "../worker/instrumented.ts";
import { useInstrumented, useSite } from "../worker/use-workers.ts";
import { claimsOf, createVisitorClient, type VisitorClient } from "../worker/visitor-client.ts";
import { chat, copyOf, expectRefused, forget, keyOf, NOTHING, offered } from "../worker/visitor-steps.ts";
import { createChatter, expectPage, expectUntouchedPage, type LogWatch, watchLogs } from "./chatter.ts";

const site = useSite();
const worker = useInstrumented(() => ({ ORIGIN_URL: site.origin }));
let visitor: VisitorClient;
/** A contact id of this test. */
let id: (name: string) => string;
let key: string;
let log: LogWatch;

beforeEach(async () => {
  const test = crypto.randomUUID();
  id = (name) => `${name}-${test}`;
  await control(worker, {});
  visitor = await createChatter(worker.origin, id("before"));
  key = await keyOf(visitor);
  log = watchLogs(worker);
});

const held = async (entry: string) => (await observe(worker)).stored[entry]?.value ?? "";

/** During the fault a chat has no history and its report is refused. After the fault both chats are there. */
async function expectNoHistoryMeanwhile(
  fault: Parameters<typeof control>[1],
  afterwards: Parameters<typeof control>[1] = {},
): Promise<void> {
  await control(worker, fault);
  await expectPage(worker, site);
  const { token, ticket } = await visitor.token();
  expect(claimsOf(token).attributes).toMatchObject(NOTHING);
  await expectRefused(visitor.report({ ticket, contactId: id("meanwhile") }), 503, "STORE_UNAVAILABLE");
  await log.expectLine({ event: "store.unavailable" });
  await log.expectLine({ event: "chat.refused", code: "STORE_UNAVAILABLE" });
  await control(worker, afterwards);
  expect((await visitor.report({ ticket, contactId: id("meanwhile") })).status).toBe(201);
  expect(await offered(visitor)).toMatchObject({ contactIdFallback: id("before") });
}

describe("KV", () => {
  it("KV does not answer reads", () => expectNoHistoryMeanwhile({ kv: "fails", kvCalls: "get" }));

  it("KV takes longer than 2 seconds", () => expectNoHistoryMeanwhile({ kv: "hangs" }));

  it("KV does not take writes", async () => {
    await control(worker, { kv: "fails", kvCalls: "put" });
    await expectPage(worker, site);
    const { ticket } = await visitor.token();
    expect(await offered(visitor)).toMatchObject({ contactId: id("before") });
    await expectRefused(visitor.report({ ticket, contactId: id("meanwhile") }), 503, "STORE_UNAVAILABLE");
    await log.expectLine({ event: "chat.refused", code: "STORE_UNAVAILABLE" });
    await control(worker, {});
    expect((await visitor.report({ ticket, contactId: id("meanwhile") })).status).toBe(201);
  });

  it("A visitor's record in KV cannot be read", async () => {
    const spoilt = { store: { [`visitor:${key}`]: '{"v":1,"sessions":"' } };
    await control(worker, spoilt);
    await expectPage(worker, site);
    expect(await offered(visitor)).toMatchObject({ contactId: id("before") });
    await log.expectLine({ event: "record.unreadable" });
    // The contact's owner is in a record of its own.
    const thief = createVisitorClient(worker.origin);
    const { ticket } = await thief.token();
    await expectRefused(thief.report({ ticket, contactId: id("before") }), 403, "CONTACT_NOT_YOURS");
    await chat(visitor, id("after"));
    const { sessions } = JSON.parse(await held(`visitor:${key}`));
    expect(sessions.map(({ contactId }: { contactId: string }) => contactId).toSorted()).toEqual([
      id("after"),
      id("before"),
    ]);
    // The erasure is in a record of its own too.
    const copy = copyOf(visitor);
    expect((await forget(visitor)).status).toBe(204);
    await control(worker, { ...spoilt, clockOffsetSeconds: 100 });
    expect(await offered(copy)).toMatchObject(NOTHING);
  });

  it("A visitor's record is of a newer version", async () => {
    const newer = '{"v":2,"people":[]}';
    await control(worker, { store: { [`visitor:${key}`]: newer } });
    await expectPage(worker, site);
    const { token, ticket } = await visitor.token();
    expect(claimsOf(token).attributes).toMatchObject(NOTHING);
    await expectRefused(visitor.report({ ticket, contactId: id("after") }), 503, "STORE_UNAVAILABLE");
    await log.expectLine({ event: "store.unavailable", message: expect.stringContaining("a newer version wrote it") });
    expect(await held(`visitor:${key}`)).toBe(newer);
  });

  it("A visitor's record is from before fields were added", async () => {
    const startedAt = Math.floor(Date.now() / 1000) + 1;
    const sessions = [{ contactId: id("old"), ticketId: "ticket", startedAt }];
    await control(worker, {
      store: { [`visitor:${key}`]: JSON.stringify({ v: 1, updatedAt: startedAt, sessions, owned: [] }) },
    });
    await expectPage(worker, site);
    expect(await offered(visitor)).toMatchObject({ contactId: id("old"), contactIdFallback: id("before") });
    await log.expectQuiet();
  });

  it("An erasure in KV cannot be read", async () => {
    const entry = `erased:${key}`;
    await control(worker, { store: { [entry]: "yesterday" } });
    expect((await forget(visitor)).status).toBe(503);
    // An erasure of long ago.
    await expectNoHistoryMeanwhile({ store: { [entry]: "yesterday" } }, { store: { [entry]: "1" } });
    await log.expectLine({ event: "store.unavailable", message: expect.stringContaining("KV holds no time") });
  });
});

describe("Cloudflare's other parts", () => {
  it("The binding VISITORS or CHAT_LIMIT is missing", async () => {
    await control(worker, { mode: "unbound" });
    await expectUntouchedPage(worker, site);
    await expectRefused(visitor.post("/_chat/token", {}), 503, "MISCONFIGURED");
    expect((await fetch(`${worker.origin}/_chat/health`)).status).toBe(503);
    await log.expectLine({ event: "settings.invalid", setting: "VISITORS" });
    await log.expectLine({ event: "settings.invalid", setting: "CHAT_LIMIT" });
  });

  it("Calls cannot be counted", async () => {
    await control(worker, { limit: "fails" });
    await expectPage(worker, site);
    expect(await offered(visitor)).toMatchObject({ contactId: id("before") });
    await log.expectLine({ event: "limit.unavailable", message: "No count today" });
  });
});
