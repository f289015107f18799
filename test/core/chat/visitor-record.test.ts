import { describe, expect, it } from "vitest";
import {
  addErasure,
  buildErasedRecord,
  buildRecord,
  isForgotten,
  mergeSessions,
  oldestKept,
  parseVisitorRecord,
  recordLifeSeconds,
  type Session,
  toCustomer,
} from "../../../src/core/chat/visitor-record.ts";

const NOW = 1_800_000_000;
const DAY = 86_400;
const session: Session = { contactId: "c1", ticketId: "t1", startedAt: NOW - 1000 };

describe("oldestKept()", () => {
  it("is as many days ago as history is kept", () => {
    expect(oldestKept(NOW, 365, undefined)).toBe(NOW - 365 * DAY);
  });

  it("leaves out the second of an erasure", () => {
    expect(oldestKept(NOW, 365, NOW - 10)).toBe(NOW - 9);
  });

  it("is not moved back by an old erasure", () => {
    expect(oldestKept(NOW, 1, NOW - 2 * DAY)).toBe(NOW - DAY);
  });
});

describe("buildRecord()", () => {
  it("adds a contact once to the contacts that the visitor ever owned", () => {
    const first = buildRecord(null, [session], ["hash-1"], NOW);
    const second = buildRecord(buildRecord(first, [session], ["hash-2"], NOW), [session], ["hash-1"], NOW + 1);
    expect(second).toEqual({ v: 1, updatedAt: NOW + 1, sessions: [session], owned: ["hash-1", "hash-2"] });
  });

  it("stays below 16 KB and keeps the newest contacts, for any number of chats and any ids", () => {
    const contactId = '"'.repeat(256);
    let record = buildRecord(null, [], [], NOW);
    for (let chat = 0; chat < 500; chat += 1) {
      const sessions = Array.from({ length: 5 }, () => ({
        contactId,
        ticketId: "x".repeat(22),
        startedAt: NOW,
        endedAt: NOW,
        verifiedAt: NOW,
        refutedAt: NOW,
        takenFrom: String(chat).padStart(64, "f"),
      }));
      record = buildRecord(record, sessions, [String(chat).padStart(64, "0")], NOW);
    }
    expect(JSON.stringify({ ...record, erasedAt: NOW }).length).toBeLessThan(16_384);
    expect([record.owned.length, record.owned.at(-1)]).toEqual([100, "499".padStart(64, "0")]);
    expect([record.tookOver?.length, record.tookOver?.at(-1)]).toEqual([50, "499".padStart(64, "f")]);
  });

  it("adds contacts that KV does not show yet", () => {
    expect(buildRecord(null, [session], ["hash-2", "hash-1"], NOW).owned).toEqual(["hash-2", "hash-1"]);
  });

  it("is no older than its newest session, whichever clock is ahead: an erasure covers that session", () => {
    const ahead = { ...session, startedAt: NOW + 20 };
    const record = buildRecord(null, [ahead, session], [], NOW);
    expect(record.updatedAt).toBe(NOW + 20);
    const { erasedAt } = buildErasedRecord(record, [], NOW + 5);
    expect(mergeSessions([record.sessions], oldestKept(NOW + 5, 365, erasedAt))).toEqual([]);
  });

  it("keeps an erasure", () => {
    const erased = { v: 1 as const, updatedAt: NOW, erasedAt: NOW, sessions: [], owned: [] };
    expect(buildRecord(erased, [], ["hash"], NOW).erasedAt).toBe(NOW);
  });
});

describe("buildErasedRecord()", () => {
  const record = buildRecord(null, [session], ["hash-1"], NOW - 10);

  it("forgets every session, and keeps the hashes of the visitor's contacts for late reports", () => {
    expect(buildErasedRecord(record, ["hash-2"], NOW)).toEqual({
      v: 1,
      updatedAt: NOW,
      erasedAt: NOW,
      sessions: [],
      owned: ["hash-1", "hash-2"],
    });
  });

  it("erases also contacts that KV does not show yet", () => {
    expect(buildErasedRecord(null, ["hash"], NOW)).toMatchObject({ erasedAt: NOW, sessions: [], owned: ["hash"] });
  });

  it("is not earlier than a time recorded by a clock ahead of this one", () => {
    expect(buildErasedRecord({ ...record, updatedAt: NOW + 30 }, [], NOW)).toMatchObject({
      updatedAt: NOW + 30,
      erasedAt: NOW + 30,
    });
  });

  it("moves an erasure on when the visitor is forgotten again", () => {
    expect(buildErasedRecord({ ...record, erasedAt: NOW - 500 }, [], NOW).erasedAt).toBe(NOW);
  });

  it("beats every session that was recorded before it", () => {
    const erased = buildErasedRecord(record, [], NOW);
    expect(mergeSessions([record.sessions], oldestKept(NOW, 365, erased.erasedAt))).toEqual([]);
  });

  it("keeps sessions that start after it", () => {
    const erased = buildErasedRecord(record, [], NOW);
    const later = { ...session, startedAt: NOW + 1 };
    expect(mergeSessions([[later]], oldestKept(NOW + 5, 365, erased.erasedAt))).toEqual([later]);
  });
});

describe("addErasure(), for a guest whose sessions have moved", () => {
  const movedTo = "c".repeat(64);
  const record = buildRecord(null, [session], ["hash-1"], NOW - 10);
  const moved = addErasure(record, { erasedAt: NOW, movedTo });

  it("says where the sessions are, and since when none of the guest's count", () => {
    expect(moved).toEqual({ ...record, updatedAt: NOW, erasedAt: NOW, movedTo });
    expect(addErasure(null, { erasedAt: NOW, movedTo })).toMatchObject({ erasedAt: NOW, movedTo, sessions: [] });
  });

  it("says so, whatever was written into the guest's record since then", () => {
    const later = buildRecord(moved, [{ ...session, contactId: "later", startedAt: NOW + 1 }], [], NOW + 2);
    expect(later).not.toHaveProperty("movedTo");
    expect(later).not.toHaveProperty("erasedAt");
    expect(addErasure(later, { erasedAt: NOW, movedTo })).toMatchObject({ erasedAt: NOW, movedTo });
  });

  it("names nobody any more once the guest is forgotten", () => {
    const forgotten = buildErasedRecord(moved, [], NOW + 5);
    expect(addErasure(forgotten, { erasedAt: NOW + 5 })).not.toHaveProperty("movedTo");
    expect(addErasure(forgotten, { erasedAt: NOW, movedTo })).not.toHaveProperty("movedTo");
  });

  it("says of a guest who was forgotten before only who has the sessions, for the next wish to be forgotten", () => {
    const both = addErasure(buildErasedRecord(record, [], NOW - 5), { erasedAt: NOW, movedTo });
    expect(both).toMatchObject({ erasedAt: NOW, takenBy: movedTo });
    expect(both).not.toHaveProperty("movedTo");
    expect(toCustomer(both)).toBe(movedTo);
    expect(isForgotten(both)).toBe(false);
  });
});

describe("isForgotten(), toCustomer()", () => {
  const record = buildRecord(null, [session], ["hash-1"], NOW - 10);
  const movedTo = "c".repeat(64);

  it("are about a visitor of whom nothing is left, and about the customer who has the sessions", () => {
    const erased = buildErasedRecord(record, [], NOW);
    const moved = addErasure(record, { erasedAt: NOW, movedTo });
    const known = [null, record, moved, erased, { ...erased, sessions: [session] }];
    expect(known.map(isForgotten)).toEqual([false, false, false, true, false]);
    expect(known.map(toCustomer)).toEqual([undefined, undefined, movedTo, undefined, undefined]);
  });
});

describe("recordLifeSeconds()", () => {
  const record = buildRecord(null, [session], ["hash"], NOW);

  it("is the retention", () => {
    expect(recordLifeSeconds(record, 30)).toBe(30 * DAY);
  });

  it.each([1, 30, 730])("is longer than any record and cookie lives once erased, with %i days of retention", (days) => {
    expect(recordLifeSeconds({ ...record, erasedAt: NOW }, days)).toBeGreaterThanOrEqual((730 + 7) * DAY);
  });
});

describe("parseVisitorRecord()", () => {
  const record = { v: 1, updatedAt: NOW, sessions: [session], owned: ["hash"] };

  it("reads what buildRecord() gives", () => {
    expect(parseVisitorRecord(JSON.stringify(buildRecord(null, [session], ["hash"], NOW)))).toEqual(record);
  });

  it.each([
    ["no JSON", "{"],
    ["no object", "[]"],
    ["another version", JSON.stringify({ ...record, v: 0 })],
    ["a contact id that is no string", JSON.stringify({ ...record, sessions: [{ ...session, contactId: 7 }] })],
    ["an empty contact id", JSON.stringify({ ...record, sessions: [{ ...session, contactId: "" }] })],
    ["an erasure that is no time", JSON.stringify({ ...record, erasedAt: null })],
    ["one that has grown too long", JSON.stringify({ ...record, owned: Array(2000).fill("0".repeat(64)) })],
    ["a time for which there is no date", JSON.stringify({ ...record, updatedAt: 1e15 })],
    ["a time before 1970", JSON.stringify({ ...record, updatedAt: -1 })],
  ])("refuses %s", (_what, text) => {
    expect(parseVisitorRecord(text)).toBe("unreadable");
  });

  it("knows the record of a newer version", () => {
    expect(parseVisitorRecord(JSON.stringify({ v: 2, people: [] }))).toBe("newer");
  });
});
