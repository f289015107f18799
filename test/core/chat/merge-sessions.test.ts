import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mergeSessions, oldestKept, type Session } from "../../../src/core/chat/visitor-record.ts";

const NOW = 1_800_000_000;
const session: Session = { contactId: "c1", ticketId: "t1", startedAt: NOW - 1000 };

describe("mergeSessions()", () => {
  it("puts the newest first", () => {
    const newer = { contactId: "c2", ticketId: "t2", startedAt: NOW };
    expect(mergeSessions([[session], [newer]], 0)).toEqual([newer, session]);
  });

  it("keeps an end that only one of the lists knows", () => {
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

  it("keeps from whom a session was taken over, which an older version does not write", () => {
    const taken = { ...session, takenFrom: "a".repeat(64) };
    expect(mergeSessions([[session], [taken]], 0)).toEqual([taken]);
    expect(mergeSessions([[taken], [session]], 0)).toEqual([taken]);
  });

  it("leaves out sessions that started before the oldest time that is kept", () => {
    expect(mergeSessions([[session]], session.startedAt + 1)).toEqual([]);
    expect(mergeSessions([[session]], session.startedAt)).toEqual([session]);
  });

  it("keeps at most five", () => {
    const six = [1, 2, 3, 4, 5, 6].map((n) => ({ contactId: `c${n}`, ticketId: `t${n}`, startedAt: n }));
    expect(mergeSessions([six], 0).map(({ startedAt }) => startedAt)).toEqual([6, 5, 4, 3, 2]);
  });
});

describe("mergeSessions(), in any order", () => {
  const anyTime = fc.integer({ min: 3, max: 6 });
  const anySession = (
    contactId: fc.Arbitrary<string>,
    ticketId: fc.Arbitrary<string>,
    startedAt: fc.Arbitrary<number>,
  ) =>
    fc.record(
      {
        contactId,
        ticketId,
        startedAt,
        endedAt: anyTime,
        verifiedAt: anyTime,
        refutedAt: anyTime,
        linkedTo: fc.constantFrom("x", "y", "z"),
        openAt: anyTime,
        unlinkableAt: anyTime,
        takenFrom: fc.constantFrom("a".repeat(64), "b".repeat(64)),
      },
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

  it("keeps at most the five newest, newest first, each once, and none from before the oldest time that is kept", () => {
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

  it("lets an erasure win over any cookie and any late record", () => {
    fc.assert(
      fc.property(lists, fc.integer({ min: -1, max: 4 }), ([a, b, c], erasedAt) => {
        const erased = oldestKept(1000, 1, erasedAt < 0 ? undefined : erasedAt);
        const merged = mergeSessions([a, mergeSessions([b, c], 0)], erased);
        expect(merged.filter(({ startedAt }) => startedAt <= erasedAt)).toEqual([]);
      }),
    );
  });
});
