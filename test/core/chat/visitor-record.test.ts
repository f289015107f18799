import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  buildErasedRecord,
  buildRecord,
  mergeSessions,
  oldestKept,
  parseVisitorRecord,
  recordLifeSeconds,
  type Session,
} from "../../../src/core/chat/visitor-record.ts";

const NOW = 1_800_000_000;
const DAY = 86_400;
const session: Session = { contactId: "c1", ticketId: "t1", startedAt: NOW - 1000 };

describe("mergeSessions()", () => {
  it("puts the newest first", () => {
    const newer = { contactId: "c2", ticketId: "t2", startedAt: NOW };
    expect(mergeSessions([[session], [newer]], 0)).toEqual([newer, session]);
  });

  it("keeps an end that only one place knows", () => {
    const ended = { ...session, endedAt: NOW };
    expect(mergeSessions([[session], [ended]], 0)).toEqual([ended]);
    expect(mergeSessions([[ended], [session]], 0)).toEqual([ended]);
  });

  it("keeps the first of two ends", () => {
    const lists = [[{ ...session, endedAt: NOW - 5 }], [{ ...session, endedAt: NOW }]];
    expect(mergeSessions(lists, 0)).toEqual([{ ...session, endedAt: NOW - 5 }]);
  });

  it("keeps the first ticket of a contact that was reported with two", () => {
    const later = { ...session, ticketId: "t2", startedAt: NOW };
    expect(mergeSessions([[later], [session]], 0)).toEqual([session]);
  });

  it("keeps a verification", () => {
    expect(mergeSessions([[session], [{ ...session, verifiedAt: NOW }]], 0)).toEqual([{ ...session, verifiedAt: NOW }]);
  });

  it("leaves out what started before the oldest that is kept", () => {
    expect(mergeSessions([[session]], session.startedAt + 1)).toEqual([]);
    expect(mergeSessions([[session]], session.startedAt)).toEqual([session]);
  });

  it("keeps at most five", () => {
    const six = [1, 2, 3, 4, 5, 6].map((n) => ({ contactId: `c${n}`, ticketId: `t${n}`, startedAt: n }));
    expect(mergeSessions([six], 0).map(({ startedAt }) => startedAt)).toEqual([6, 5, 4, 3, 2]);
  });
});

describe("mergeSessions(), whatever the order", () => {
  const anyTime = fc.integer({ min: 3, max: 6 });
  const anySession = (
    contactId: fc.Arbitrary<string>,
    ticketId: fc.Arbitrary<string>,
    startedAt: fc.Arbitrary<number>,
  ) =>
    fc.record(
      { contactId, ticketId, startedAt, endedAt: anyTime, verifiedAt: anyTime, refutedAt: anyTime },
      { requiredKeys: ["contactId", "ticketId", "startedAt"] },
    );
  // Few values, so that the same contact comes with other tickets, starts and ends.
  const fewContacts = fc.array(
    anySession(fc.constantFrom("a", "b", "c", "d", "e"), fc.constantFrom("t", "u"), fc.nat({ max: 3 })),
  );
  // More contacts than are kept, each with the one ticket that admitted it.
  const manyContacts = fc.array(
    fc.nat({ max: 11 }).chain((n) => anySession(fc.constant(`c${n}`), fc.constant(`t${n}`), fc.constant(n % 4))),
  );
  const lists = fc.oneof(
    fc.tuple(fewContacts, fewContacts, fewContacts),
    fc.tuple(manyContacts, manyContacts, manyContacts),
  );
  const oldest = fc.nat({ max: 2 });

  it("is commutative, associative and idempotent", () => {
    fc.assert(
      fc.property(lists, oldest, ([a, b, c], least) => {
        const merge = (...parts: readonly Session[][]) => mergeSessions(parts, least);
        const merged = merge(a, b, c);
        expect(merge(c, b, a)).toEqual(merged);
        expect(merge(b, merge(c, a))).toEqual(merged);
        expect(merge(merge(a, b), c)).toEqual(merged);
        expect(merge(merged, a, merged)).toEqual(merged);
      }),
    );
  });

  it("never un-ends a session, never moves its end forward, and never forgets a confirmation", () => {
    fc.assert(
      fc.property(lists, ([a, b, c]) => {
        const all = [...a, ...b, ...c];
        for (const session of mergeSessions([a, b, c], 0)) {
          const reports = all.filter(({ contactId }) => contactId === session.contactId);
          const least = (times: readonly (number | undefined)[]) =>
            times.filter((time) => time !== undefined).toSorted((x, y) => x - y)[0];
          expect(session.endedAt).toBe(least(reports.map(({ endedAt }) => endedAt)));
          expect(session.verifiedAt).toBe(least(reports.map(({ verifiedAt }) => verifiedAt)));
        }
      }),
    );
  });

  it("keeps the five newest at most, newest first, none twice and none from before the oldest that is kept", () => {
    fc.assert(
      fc.property(lists, oldest, ([a, b, c], least) => {
        const merged = mergeSessions([a, b, c], least);
        const ids = merged.map(({ contactId }) => contactId);
        const starts = merged.map(({ startedAt }) => startedAt);
        const kept = [...a, ...b, ...c].filter(({ startedAt }) => startedAt >= least);
        expect(merged.length).toBe(Math.min(5, new Set(kept.map(({ contactId }) => contactId)).size));
        expect(new Set(ids).size).toBe(ids.length);
        expect(starts).toEqual(starts.toSorted((x, y) => y - x));
        expect(Math.min(...starts, Infinity)).toBeGreaterThanOrEqual(least);
        const left = kept.filter(({ contactId }) => !ids.includes(contactId)).map(({ startedAt }) => startedAt);
        expect(Math.min(...starts, Infinity)).toBeGreaterThanOrEqual(Math.max(...left, 0));
      }),
    );
  });

  it("lets an erasure win over whatever a cookie or a late record brings", () => {
    fc.assert(
      fc.property(lists, fc.integer({ min: -1, max: 4 }), ([a, b, c], erasedAt) => {
        const erased = oldestKept(1000, 1, erasedAt < 0 ? undefined : erasedAt);
        const merged = mergeSessions([a, mergeSessions([b, c], 0)], erased);
        expect(merged.filter(({ startedAt }) => startedAt <= erasedAt)).toEqual([]);
      }),
    );
  });
});

describe("oldestKept()", () => {
  it("is as many days ago as history is kept", () => {
    expect(oldestKept(NOW, 365, undefined)).toBe(NOW - 365 * DAY);
  });

  it("leaves out the very second of an erasure", () => {
    expect(oldestKept(NOW, 365, NOW - 10)).toBe(NOW - 9);
  });

  it("is not moved back by an old erasure", () => {
    expect(oldestKept(NOW, 1, NOW - 2 * DAY)).toBe(NOW - DAY);
  });
});

describe("buildRecord()", () => {
  it("adds the contact to what the visitor ever owned, once", () => {
    const first = buildRecord(null, [session], ["hash-1"], NOW);
    const second = buildRecord(buildRecord(first, [session], ["hash-2"], NOW), [session], ["hash-1"], NOW + 1);
    expect(second).toEqual({ v: 1, updatedAt: NOW + 1, sessions: [session], owned: ["hash-1", "hash-2"] });
  });

  it("stays below 16 KB, with the newest, however many chats there are and whatever their ids", () => {
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
      }));
      record = buildRecord(record, sessions, [String(chat).padStart(64, "0")], NOW);
    }
    expect(JSON.stringify({ ...record, erasedAt: NOW }).length).toBeLessThan(16_384);
    expect([record.owned.length, record.owned.at(-1)]).toEqual([100, "499".padStart(64, "0")]);
  });

  it("adds what KV does not show yet", () => {
    expect(buildRecord(null, [session], ["hash-2", "hash-1"], NOW).owned).toEqual(["hash-2", "hash-1"]);
  });

  it("keeps an erasure", () => {
    const erased = { v: 1 as const, updatedAt: NOW, erasedAt: NOW, sessions: [], owned: [] };
    expect(buildRecord(erased, [], ["hash"], NOW).erasedAt).toBe(NOW);
  });
});

describe("buildErasedRecord()", () => {
  const record = buildRecord(null, [session], ["hash-1"], NOW - 10);

  it("forgets every session, and keeps what the visitor owned for late reports", () => {
    expect(buildErasedRecord(record, ["hash-2"], NOW)).toEqual({
      v: 1,
      updatedAt: NOW,
      erasedAt: NOW,
      sessions: [],
      owned: ["hash-1", "hash-2"],
    });
  });

  it("erases also what KV does not show yet", () => {
    expect(buildErasedRecord(null, ["hash"], NOW)).toMatchObject({ erasedAt: NOW, sessions: [], owned: ["hash"] });
  });

  it("is not earlier than what a clock ahead of this one has recorded", () => {
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

  it("leaves what comes after it alone", () => {
    const erased = buildErasedRecord(record, [], NOW);
    const later = { ...session, startedAt: NOW + 1 };
    expect(mergeSessions([[later]], oldestKept(NOW + 5, 365, erased.erasedAt))).toEqual([later]);
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
