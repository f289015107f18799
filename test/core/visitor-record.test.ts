import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  buildRecord,
  mergeSessions,
  oldestKept,
  parseVisitorRecord,
  recordLifeSeconds,
  type Session,
} from "../../src/core/visitor-record.ts";

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

  it("comes to the same list whatever the order, and however often it sees it", () => {
    const anySession = fc.record(
      {
        contactId: fc.constantFrom("a", "b", "c"),
        ticketId: fc.constantFrom("t", "u"),
        startedAt: fc.integer({ min: 0, max: 3 }),
        endedAt: fc.integer({ min: 3, max: 6 }),
      },
      { requiredKeys: ["contactId", "ticketId", "startedAt"] },
    );
    fc.assert(
      fc.property(fc.array(anySession), fc.array(anySession), (a, b) => {
        const merged = mergeSessions([a, b], 0);
        expect(mergeSessions([b, a], 0)).toEqual(merged);
        expect(mergeSessions([merged, a, merged], 0)).toEqual(merged);
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

  it("adds what KV does not show yet", () => {
    expect(buildRecord(null, [session], ["hash-2", "hash-1"], NOW).owned).toEqual(["hash-2", "hash-1"]);
  });

  it("keeps an erasure", () => {
    const erased = { v: 1 as const, updatedAt: NOW, erasedAt: NOW, sessions: [], owned: [] };
    expect(buildRecord(erased, [], ["hash"], NOW).erasedAt).toBe(NOW);
  });
});

describe("recordLifeSeconds()", () => {
  const record = buildRecord(null, [session], ["hash"], NOW);

  it("is the retention", () => {
    expect(recordLifeSeconds(record, 30)).toBe(30 * DAY);
  });

  it("is as long as a cookie can live once erased", () => {
    expect(recordLifeSeconds({ ...record, erasedAt: NOW }, 30)).toBe(400 * DAY);
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
    ["another version", JSON.stringify({ ...record, v: 2 })],
    ["a contact id that is no string", JSON.stringify({ ...record, sessions: [{ ...session, contactId: 7 }] })],
    ["an empty contact id", JSON.stringify({ ...record, sessions: [{ ...session, contactId: "" }] })],
    ["a time before 1970", JSON.stringify({ ...record, updatedAt: -1 })],
  ])("refuses %s", (_what, text) => {
    expect(parseVisitorRecord(text)).toBeNull();
  });
});
