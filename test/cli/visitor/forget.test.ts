import { beforeEach, describe, expect, it } from "vitest";
import { UNREADABLE_RECORD, type VisitorRecord } from "../../../src/core/chat/visitor-record.ts";
import { EXIT } from "../../../src/cli/shared/command-line.ts";
import { forgetVisitor } from "../../../src/cli/visitor/command.ts";
import { type Subject } from "../../../src/cli/visitor/stored-visitor.ts";
import { Bench, contact, NOW, record, sha256, visitor, visitorKey } from "./bench.ts";

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});

const forget = (subject: Subject = visitor, options = {}) =>
  forgetVisitor(bench.services, subject, { mustConfirm: false, mustRecheck: false, ...options });

describe("forgetVisitor()", () => {
  it("erases what is held", async () => {
    expect(await forget()).toBe(EXIT.done);
    expect(bench.held()).toEqual({ v: 1, updatedAt: NOW, erasedAt: NOW, sessions: [], owned: record.owned });
    expect(bench.writes).toBe(1);
  });

  it("names every contact id before it asks, and where Amazon has more", async () => {
    bench.confirm = async () => {
      expect(bench.out).toContain("contact id chat-2\n  contact id chat-1\n  and 1 older");
      expect(bench.out).toContain("S3");
      return true;
    };
    expect(await forget(visitor, { mustConfirm: true })).toBe(EXIT.done);
    expect(bench.held()?.sessions).toEqual([]);
  });

  it("changes nothing after a no", async () => {
    bench.confirm = async () => false;
    expect(await forget(visitor, { mustConfirm: true })).toBe(EXIT.failed);
    expect(bench.held()).toBe(record);
    expect(bench.receipts.size).toBe(0);
  });

  it("also erases a chat that began while it asked", async () => {
    const session = { contactId: "chat-3", ticketId: "t3", startedAt: NOW };
    bench.confirm = async () => {
      bench.visitors.set(visitorKey, {
        ...record,
        sessions: [session, ...record.sessions],
        owned: [...record.owned, "h3"],
      });
      return true;
    };
    await forget(visitor, { mustConfirm: true });
    expect(bench.held()?.owned).toContain("h3");
    expect(bench.receipt().erased.contactIds).toEqual(["chat-3", "chat-2", "chat-1"]);
  });

  it("writes into the receipt what was erased, when, and what is kept", async () => {
    await forget();
    expect(bench.out).toContain("Receipt: receipts/2026-11-23T21-02-11Z-3f2a91bc.json");
    expect(bench.receipt()).toEqual({
      visitorKey,
      erasedAt: "2026-11-23T21:02:11Z",
      store: "VISITORS, remote",
      erased: { entry: `visitor:${visitorKey}`, contactIds: ["chat-2", "chat-1"] },
      kept: { reason: expect.any(String), entries: record.owned.map((hash) => `contact:${hash}`) },
      rechecks: [],
    });
  });

  it("writes nothing for an unknown contact", async () => {
    expect(await forget({ kind: "contact", contactId: "chat-9" })).toBe(EXIT.notFound);
    expect(bench.writes).toBe(0);
    expect(bench.receipts.size).toBe(0);
    expect(bench.err).toContain("Nothing was written.");
  });

  it("erases a visitor of whom only a contact is left", async () => {
    bench.visitors.clear();
    expect(await forget(contact)).toBe(EXIT.done);
    expect(bench.out).toContain("the record has expired");
    expect(bench.held()).toEqual({ v: 1, updatedAt: NOW, erasedAt: NOW, sessions: [], owned: [sha256("chat-1")] });
    expect(bench.receipt().erased.contactIds).toEqual(["chat-1"]);
  });

  it("erases a record that cannot be read", async () => {
    bench.visitors.set(visitorKey, UNREADABLE_RECORD);
    expect(await forget()).toBe(EXIT.done);
    expect(bench.held()).toEqual({ v: 1, updatedAt: NOW, erasedAt: NOW, sessions: [], owned: [] });
  });

  it("looks again after 90 s and leaves an erasure that stands", async () => {
    expect(await forget(visitor, { mustRecheck: true })).toBe(EXIT.done);
    expect(bench.now).toBe(NOW + 90);
    expect(bench.writes).toBe(1);
    expect(bench.receipt().rechecks).toEqual([{ at: "2026-11-23T21:03:41Z", wasUndone: false }]);
  });

  it("erases again what a lagging location brought back", async () => {
    const session = { contactId: "chat-3", ticketId: "t3", startedAt: NOW };
    bench.meanwhile.push(() =>
      bench.visitors.set(visitorKey, { ...record, sessions: [session, ...record.sessions], owned: [sha256("chat-3")] }),
    );
    expect(await forget(visitor, { mustRecheck: true })).toBe(EXIT.done);
    const owned = [sha256("chat-3"), ...record.owned];
    expect(bench.held()).toEqual({ v: 1, updatedAt: NOW + 90, erasedAt: NOW + 90, sessions: [], owned });
    expect(bench.out).toContain("One more contact id, for Amazon: chat-3");
    expect(bench.receipt()).toMatchObject({
      erasedAt: "2026-11-23T21:03:41Z",
      erased: { contactIds: ["chat-3", "chat-2", "chat-1"] },
      rechecks: [{ wasUndone: true }, { wasUndone: false }],
    });
  });

  it("erases again when what came back knows an earlier erasure only", async () => {
    bench.meanwhile.push(() => bench.visitors.set(visitorKey, { ...record, erasedAt: NOW - 1 }));
    expect(await forget(visitor, { mustRecheck: true })).toBe(EXIT.done);
    expect(bench.held()).toMatchObject({ erasedAt: NOW + 90, sessions: [] });
  });

  it("erases again when the record is missing, and still knows whose the contacts are", async () => {
    bench.meanwhile.push(() => bench.visitors.clear());
    expect(await forget(visitor, { mustRecheck: true })).toBe(EXIT.done);
    expect(bench.held()).toMatchObject({ erasedAt: NOW + 90, owned: record.owned });
  });

  it("leaves a new chat alone that began after the erasure", async () => {
    const after: VisitorRecord = {
      ...record,
      erasedAt: NOW,
      sessions: [{ contactId: "chat-3", ticketId: "t3", startedAt: NOW + 60 }],
    };
    bench.meanwhile.push(() => bench.visitors.set(visitorKey, after));
    expect(await forget(visitor, { mustRecheck: true })).toBe(EXIT.done);
    expect(bench.held()).toBe(after);
  });

  it("fails when the record is brought back again and again", async () => {
    for (let round = 0; round < 3; round++) bench.meanwhile.push(() => bench.visitors.set(visitorKey, record));
    expect(await forget(visitor, { mustRecheck: true })).toBe(EXIT.failed);
    expect(bench.err).toContain("Run this command again later");
    expect(bench.held()).toMatchObject({ sessions: [], erasedAt: NOW + 270 });
    expect(bench.receipt()).toMatchObject({
      erasedAt: "2026-11-23T21:06:41Z",
      rechecks: [{ wasUndone: true }, { wasUndone: true }, { wasUndone: true }],
    });
  });

  it("has its receipt written before it waits", async () => {
    bench.meanwhile.push(() => expect(bench.receipt().rechecks).toEqual([]));
    await forget(visitor, { mustRecheck: true });
    expect(bench.receipt().rechecks).toHaveLength(1);
  });
});
