import { beforeEach, describe, expect, it } from "vitest";
import { createVisitorStore } from "../../src/adapters/visitor-store.ts";
import { type VisitorRecord } from "../../src/core/chat/visitor-record.ts";

const NOW = 1_764_000_000;
const visitorKey = "3f2a91bc".repeat(8);
const record: VisitorRecord = {
  v: 1,
  updatedAt: NOW,
  sessions: [{ contactId: "chat-1", ticketId: "t1", startedAt: NOW }],
  owned: ["hash"],
};

let held: Map<string, string>;
let unreadable: number;
beforeEach(() => {
  held = new Map();
  unreadable = 0;
});

function createStore(get = async (_keys: string[]): Promise<ReadonlyMap<string, string | null>> => held) {
  const kv = { get, put: async (key: string, value: string) => void held.set(key, value) };
  return createVisitorStore(kv, { onUnreadable: () => (unreadable += 1) });
}

const unavailable = (message: string) => expect.objectContaining({ code: "STORE_UNAVAILABLE", message });

describe("readVisitor()", () => {
  it("gives what was recorded", async () => {
    const store = createStore();
    await store.recordVisitor(visitorKey, record, 60);
    expect(await store.readVisitor(visitorKey)).toEqual(record);
  });

  it("gives several visitors by one call, in their order, each with its own erasure", async () => {
    const store = createStore();
    const [other, nobody] = ["b".repeat(64), "c".repeat(64)];
    await store.recordVisitor(visitorKey, record, 60);
    await store.recordErasure(other, { ...record, sessions: [], erasedAt: NOW });
    const forgotten = { ...record, sessions: [], erasedAt: NOW };
    expect(await store.readVisitors([nobody, other, visitorKey])).toMatchObject([null, forgotten, record]);
    expect((await store.readVisitors([visitorKey, other]))[0]).not.toHaveProperty("erasedAt");
  });

  it("gives null where nothing is held", async () => {
    expect(await createStore().readVisitor(visitorKey)).toBeNull();
  });

  it("treats a record that cannot be read as empty, and says so", async () => {
    held.set(`visitor:${visitorKey}`, '{"v":1,"sessions":"');
    expect(await createStore().readVisitor(visitorKey)).toMatchObject({ sessions: [], owned: [] });
    expect(unreadable).toBe(1);
  });

  it("knows of an erasure even when the record cannot be read", async () => {
    const store = createStore();
    await store.recordErasure(visitorKey, { ...record, sessions: [], erasedAt: NOW });
    held.set(`visitor:${visitorKey}`, "{");
    expect(await store.readVisitor(visitorKey)).toMatchObject({ erasedAt: NOW, updatedAt: NOW });
  });

  it("fails on the record of a newer version, which must not be replaced", async () => {
    held.set(`visitor:${visitorKey}`, '{"v":2,"people":[]}');
    const message = "Cannot read a visitor: a newer version wrote it";
    await expect(createStore().readVisitor(visitorKey)).rejects.toEqual(unavailable(message));
    expect(unreadable).toBe(0);
  });

  it.each(["", "yesterday", "1e9", "-1"])("fails on the erasure %j", async (erasure) => {
    held.set(`erased:${visitorKey}`, erasure);
    const message = "Cannot read an erasure: KV holds no time";
    await expect(createStore().readVisitor(visitorKey)).rejects.toEqual(unavailable(message));
  });

  it.each(["null", '"<html>"', "{}"])("fails where KV answers %s", async (answer) => {
    const store = createStore(async () => JSON.parse(answer));
    const message = expect.stringMatching(/^Cannot read a visitor: /);
    await expect(store.readVisitor(visitorKey)).rejects.toEqual(unavailable(message));
  });
});

describe("readOwner()", () => {
  it("gives the owner that was recorded", async () => {
    const store = createStore();
    await store.recordOwner("hash", visitorKey);
    expect(await store.readOwner("hash")).toBe(visitorKey);
    expect(await store.readOwner("other")).toBeNull();
  });

  it("fails on a record that names no owner, so that the contact's visitor tries again", async () => {
    held.set("contact:hash", "<html>");
    const message = "Cannot read a contact's owner: KV holds no visitor key";
    await expect(createStore().readOwner("hash")).rejects.toEqual(unavailable(message));
  });
});
