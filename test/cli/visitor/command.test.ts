import { createHash } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";
import { type VisitorStore } from "../../../src/adapters/visitor-store.ts";
import { UNREADABLE_RECORD, type VisitorRecord } from "../../../src/core/chat/visitor-record.ts";
import { EXIT } from "../../../src/cli/shared/command-line.ts";
import { forgetVisitor, type Services, showVisitor } from "../../../src/cli/visitor/command.ts";
import { parseSubject, type Subject } from "../../../src/cli/visitor/stored-visitor.ts";

const NOW = Date.UTC(2026, 10, 23, 21, 2, 11) / 1000;
const DAY = 86_400;
const visitorKey = "3f2a91bc".repeat(8);
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

const visitor: Subject = { kind: "visitor", visitorKey };
const contact: Subject = { kind: "contact", contactId: "chat-1" };

const record: VisitorRecord = {
  v: 1,
  updatedAt: NOW - 600,
  sessions: [
    { contactId: "chat-2", ticketId: "t2", startedAt: NOW - 1200, verifiedAt: NOW - 1100 },
    { contactId: "chat-1", ticketId: "t1", startedAt: NOW - DAY, endedAt: NOW - DAY + 300 },
  ],
  owned: [sha256("chat-0"), sha256("chat-1"), sha256("chat-2")],
};

/** KV as one location sees it, a clock that only waiting moves, and everything the command let out. */
class Bench {
  readonly visitors = new Map<string, VisitorRecord>([[visitorKey, record]]);
  readonly owners = new Map<string, string>([[sha256("chat-1"), visitorKey]]);
  /** How often something was written. */
  writes = 0;
  readonly receipts = new Map<string, string>();
  /** What happens while the command waits, one wait each. */
  readonly meanwhile: (() => void)[] = [];
  now = NOW;
  /** The owner's answer. */
  confirm = async () => true;
  out = "";
  err = "";

  readonly store: VisitorStore = {
    readVisitor: async (key) => this.visitors.get(key) ?? null,
    recordVisitor: () => Promise.reject(new Error("the command records nothing but erasures")),
    recordErasure: async (key, value) => {
      this.visitors.set(key, value);
      this.writes += 1;
    },
    readOwner: async (contactHash) => this.owners.get(contactHash) ?? null,
    recordOwner: () => Promise.reject(new Error("the command never says whose a contact is")),
  };

  readonly services: Services = {
    store: this.store,
    storeName: "VISITORS, remote",
    now: () => this.now,
    wait: async (seconds) => {
      this.now += seconds;
      this.meanwhile.shift()?.();
    },
    print: (text) => void (this.out += `${text}\n`),
    printError: (text) => void (this.err += `${text}\n`),
    confirm: () => this.confirm(),
    writeReceipt: async (name, content) => {
      this.receipts.set(name, content);
      return `receipts/${name}`;
    },
  };

  held(): VisitorRecord | undefined {
    return this.visitors.get(visitorKey);
  }

  receipt() {
    expect([...this.receipts.keys()]).toEqual(["2026-11-23T21-02-11Z-3f2a91bc.json"]);
    return JSON.parse([...this.receipts.values()].join(""));
  }
}

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});

const forget = (subject: Subject = visitor, options = {}) =>
  forgetVisitor(bench.services, subject, { mustConfirm: false, mustRecheck: false, ...options });

describe("parseSubject()", () => {
  it("takes 64 hex digits for a visitor key, in either case", () => {
    expect(parseSubject(visitorKey)).toEqual(visitor);
    expect(parseSubject(visitorKey.toUpperCase())).toEqual(visitor);
  });

  it("takes anything else that Connect could have made for a contact id", () => {
    expect(parseSubject("chat-1")).toEqual(contact);
    expect(parseSubject(visitorKey.slice(1))).toEqual({ kind: "contact", contactId: visitorKey.slice(1) });
  });

  it.each(["", "..", "two words", "x".repeat(257)])("takes %j for neither", (text) => {
    expect(parseSubject(text)).toBeNull();
  });
});

describe("showVisitor()", () => {
  it("lists contact ids with their times, newest first, and the keys in KV", async () => {
    expect(await showVisitor(bench.services, visitor, false)).toBe(EXIT.done);
    expect(bench.out).toMatch(
      /chat-2 +2026-11-23 20:42:11 +not known\n +chat-1 +2026-11-22 21:02:11 +2026-11-22 21:07:11\n/,
    );
    expect(bench.out).toContain("2 held with their contact id, 3 known by their hash");
    expect(bench.out).toContain(`visitor:${visitorKey}\n  contact:${sha256("chat-0")}\n`);
    expect(bench.out).not.toContain("forgotten");
  });

  it("shows a contact id in one line, whatever KV holds", async () => {
    const sessions = [{ contactId: "chat\nState  fine\u001b", ticketId: "t1", startedAt: NOW }];
    bench.visitors.set(visitorKey, { ...record, sessions });
    await showVisitor(bench.services, visitor, false);
    expect(bench.out).toContain(String.raw`  chat\u000aState  fine\u001b  `);
  });

  it("finds the visitor by one of the contacts", async () => {
    expect(await showVisitor(bench.services, contact, false)).toBe(EXIT.done);
    expect(bench.out).toContain(`Visitor      ${visitorKey}`);
  });

  it("gives machines the same as JSON", async () => {
    await showVisitor(bench.services, visitor, true);
    expect(JSON.parse(bench.out)).toEqual({
      visitorKey,
      forgottenAt: null,
      updatedAt: "2026-11-23T20:52:11Z",
      contactIds: ["chat-2", "chat-1"],
      sessions: [
        { contactId: "chat-2", startedAt: "2026-11-23T20:42:11Z", endedAt: null, verifiedAt: "2026-11-23T20:43:51Z" },
        {
          contactId: "chat-1",
          startedAt: "2026-11-22T21:02:11Z",
          endedAt: "2026-11-22T21:07:11Z",
          verifiedAt: null,
        },
      ],
      owned: 3,
      kvKeys: [`visitor:${visitorKey}`, ...record.owned.map((hash) => `contact:${hash}`)],
    });
  });

  it("says when a visitor was forgotten", async () => {
    await forget();
    bench.out = "";
    await showVisitor(bench.services, contact, false);
    expect(bench.out).toContain("forgotten 2026-11-23 21:02:11 UTC");
    expect(bench.out).toContain("0 held with their contact id, 3 known by their hash");
  });

  it("says that of a contact only its owner is left", async () => {
    bench.visitors.clear();
    expect(await showVisitor(bench.services, contact, false)).toBe(EXIT.done);
    expect(bench.out).toContain("the record has expired");
    expect(bench.out).not.toContain(`visitor:${visitorKey}`);
    expect(bench.out).toContain(`contact:${sha256("chat-1")}`);
  });

  it("says that the record cannot be read", async () => {
    bench.visitors.set(visitorKey, UNREADABLE_RECORD);
    expect(await showVisitor(bench.services, visitor, false)).toBe(EXIT.done);
    expect(bench.out).toContain("the record cannot be read");
    expect(bench.out).toContain(`visitor:${visitorKey}`);
    bench.out = "";
    await showVisitor(bench.services, visitor, true);
    expect(JSON.parse(bench.out)).toMatchObject({ updatedAt: null, sessions: [] });
  });

  it.each([
    ["visitor", { kind: "visitor", visitorKey: "0".repeat(64) }],
    ["contact", { kind: "contact", contactId: "chat-9" }],
  ] as const)("finds nothing of an unknown %s", async (_kind, subject) => {
    expect(await showVisitor(bench.services, subject, true)).toBe(EXIT.notFound);
    expect(bench.out).toBe("");
    expect(bench.err).toMatch(/chat-9|0{64}/);
  });
});

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
