import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  decideCarryOver,
  findGuest,
  hasSessions,
  isForgottenWith,
  isFromVisit,
  isMoved,
  listGuests,
  type OpenGuest,
  takeFrom,
  toMoveTime,
  withSessions,
} from "../../../src/core/chat/carry-over.ts";
import { decideVisitor, listSettled, type OpenedVisitorCookie } from "../../../src/core/chat/visitor.ts";
import {
  addErasure,
  buildErasedRecord,
  buildRecord,
  type Session,
  type VisitorRecord,
} from "../../../src/core/chat/visitor-record.ts";

const NOW = 1_800_000_000;
const HOUR = 3600;
const GUEST = "a".repeat(64);
const ANNA = "b".repeat(64);
const BOB = "c".repeat(64);
const session: Session = { contactId: "c1", ticketId: "t1", startedAt: NOW - 600 };
const taken: Session = { ...session, takenFrom: GUEST };
const guest: OpenGuest = { visitorKey: GUEST, signedInAt: NOW, isOpen: true, sessions: [session] };
const record = buildRecord(null, [session], ["hash"], NOW - 600);
const toMoved = (held: VisitorRecord | null, movedTo: string, erasedAt: number) =>
  addErasure(held, { erasedAt, movedTo });
const rules = { now: NOW, retentionDays: 365, withinSeconds: HOUR };
const decide = (changed: Partial<OpenGuest> = {}, held: Parameters<typeof decideCarryOver>[1] = record) =>
  decideCarryOver({ ...guest, ...changed }, held, ANNA, rules);

describe("findGuest()", () => {
  const cookie = { content: { visitorId: "browser", isCustomer: false, sessions: [session] }, issuedAt: NOW - 100 };
  const anna = { id: "anna", isCustomer: true };
  const open = { visitorKey: GUEST, signedInAt: NOW - 50, isOpen: true as const };

  it("is the visitor of this browser's cookie, when a customer signs in", () => {
    expect(findGuest(cookie, GUEST, anna, NOW)).toEqual(guest);
  });

  it("has signed out of the guest no earlier than the cookie was sealed, whichever clock is ahead", () => {
    expect(findGuest({ ...cookie, issuedAt: NOW + 30 }, GUEST, anna, NOW)?.signedInAt).toBe(NOW + 30);
  });

  it("is the guest whose sessions this customer's cookie still holds", () => {
    const content = { visitorId: "anna", isCustomer: true, sessions: [taken], guest: open };
    expect(findGuest({ content, issuedAt: NOW }, ANNA, anna, NOW)).toEqual({ ...open, sessions: [taken] });
  });

  const ofAnna = { visitorId: "anna", isCustomer: true, sessions: [taken] };
  const whoElse: [string, OpenedVisitorCookie | null, { id: string; isCustomer: boolean }][] = [
    ["without a cookie", null, anna],
    ["for a visitor who is not signed in", cookie, { id: "browser", isCustomer: false }],
    ["in another customer's browser", { ...cookie, content: { ...cookie.content, isCustomer: true } }, anna],
    [
      "where another customer's cookie holds a guest's sessions",
      { content: { ...ofAnna, visitorId: "bob", guest: open }, issuedAt: NOW },
      anna,
    ],
    [
      "once the guest's sessions have moved",
      { content: { ...ofAnna, guest: { visitorKey: GUEST, signedInAt: NOW } }, issuedAt: NOW },
      anna,
    ],
  ];
  it.each(whoElse)("is nobody %s", (_when, found, who) => {
    expect(findGuest(found, GUEST, who, NOW)).toBeNull();
  });
});

describe("decideCarryOver()", () => {
  it("takes over the sessions of cookie and record, and says whose they were", () => {
    const inRecord = { contactId: "c0", ticketId: "t0", startedAt: NOW - 900 };
    const both = decide({}, buildRecord(null, [inRecord], [], NOW));
    expect(both).toEqual({ carry: true, reason: "signed-in", sessions: [taken, { ...inRecord, takenFrom: GUEST }] });
  });

  it.each([
    ["started", { startedAt: NOW - HOUR }],
    ["ended", { startedAt: NOW - 5 * HOUR, endedAt: NOW - HOUR }],
  ])("takes over a chat that %s an hour before the sign-in, and none before", (_what, times) => {
    expect(decide({ sessions: [{ ...session, ...times }] }, null).carry).toBe(true);
    expect(decide({ sessions: [{ ...session, ...times }], signedInAt: NOW + 1 }, null)).toEqual({
      carry: false,
      reason: "too-long-ago",
    });
  });

  it("takes over older chats together with a new one", () => {
    const old = { ...session, contactId: "old", startedAt: NOW - 90 * HOUR };
    expect(decide({ sessions: [session, old] })).toMatchObject({ sessions: [taken, { contactId: "old" }] });
  });

  it("takes over none that began after the sign-in, but for a difference of clocks", () => {
    const c60 = { ...session, contactId: "c60", startedAt: NOW + 60 };
    const c61 = { ...session, contactId: "c61", startedAt: NOW + 61 };
    const both = decide({}, buildRecord(null, [c61, c60], [], NOW));
    expect(both).toMatchObject({ carry: true, sessions: [{ contactId: "c60" }, taken] });
    expect(decide({ sessions: [] }, buildRecord(null, [c61], [], NOW))).toMatchObject({
      reason: "no-session",
    });
  });

  it("takes over none that Amazon has denied", () => {
    const denied = { ...session, refutedAt: NOW - 1 };
    expect(decide({ sessions: [denied] })).toEqual({ carry: false, reason: "no-session" });
  });

  it("takes over nothing where there is no chat, or only one past retention", () => {
    expect(decide({ sessions: [] }, null)).toEqual({ carry: false, reason: "no-session" });
    const old = { ...session, startedAt: NOW - 366 * 86_400 };
    expect(decide({ sessions: [old] }, null)).toEqual({ carry: false, reason: "no-session" });
  });

  it("gives them to nobody once they have moved, but to the same customer again", () => {
    const moved = toMoved(record, ANNA, NOW);
    expect(decideCarryOver(guest, moved, BOB, rules)).toEqual({ carry: false, reason: "moved" });
    expect(decide({}, moved)).toEqual({ carry: true, reason: "again", sessions: [taken] });
  });

  it.each([
    ["was forgotten", { ...record, erasedAt: NOW - 10 }],
    ["was forgotten before that chat", { ...record, erasedAt: NOW - 5000 }],
    ["was forgotten after the move", toMoved({ ...record, erasedAt: NOW - 10 }, ANNA, NOW - 20)],
    [
      "was forgotten before a place that did not know of it noted a move",
      toMoved({ ...record, erasedAt: NOW - 20 }, ANNA, NOW - 10),
    ],
    ["was forgotten in the second of the move", addErasure({ ...record, erasedAt: NOW - 10 }, { erasedAt: NOW - 10 })],
  ])("takes over nothing of a guest who %s", (_when, held) => {
    expect(decide({}, held)).toEqual({ carry: false, reason: "forgotten" });
  });

  it("keeps each session for one customer, whatever is known where and in whatever order they ask", () => {
    const sessions = fc.array(
      fc.record({
        contactId: fc.constantFrom("a", "b", "c", "d"),
        ticketId: fc.constant("t"),
        startedAt: fc.integer({ min: NOW - 2 * HOUR, max: NOW + 30 }),
      }),
      { maxLength: 4 },
    );
    const asks = fc.array(fc.constantFrom(ANNA, BOB), { minLength: 2, maxLength: 5 });
    fc.assert(
      fc.property(sessions, sessions, asks, (inCookie, inRecord, customers) => {
        let held: Parameters<typeof decideCarryOver>[1] = buildRecord(null, inRecord, [], NOW - 60);
        const got = new Map<string, Set<string>>();
        for (const customer of customers) {
          const decision = decideCarryOver({ ...guest, sessions: inCookie }, held, customer, rules);
          if (!decision.carry) continue;
          if (!isMoved(held, customer, decision.sessions)) {
            held = toMoved(held, customer, toMoveTime(guest, decision.sessions, NOW));
          }
          for (const { contactId } of decision.sessions)
            got.set(contactId, (got.get(contactId) ?? new Set()).add(customer));
        }
        expect([...got.values()].filter(({ size }) => size > 1)).toEqual([]);
      }),
    );
  });
});

describe("toMoveTime(), isMoved()", () => {
  it("let nobody else have a session, also one that began by a clock ahead", () => {
    const ahead = { ...taken, startedAt: NOW + 40 };
    const moved = toMoved(record, ANNA, toMoveTime(guest, [ahead], NOW));
    expect(moved?.erasedAt).toBe(NOW + 40);
    expect(isMoved(moved, ANNA, [ahead])).toBe(true);
    expect(isMoved(moved, ANNA, [{ ...ahead, startedAt: NOW + 41 }])).toBe(false);
    expect(isMoved(moved, BOB, [ahead])).toBe(false);
    expect(isMoved(record, ANNA, [ahead])).toBe(false);
  });
});

describe("isFromVisit()", () => {
  it("is true from an hour before the sign-in until then, or until another clock says so", () => {
    const at = [-HOUR - 1, -HOUR, 0, 60, 61].map((seconds) => isFromVisit(NOW + seconds, NOW, HOUR));
    expect(at).toEqual([false, true, true, true, false]);
  });
});

describe("sessions that a cookie holds", () => {
  const open = { visitorKey: GUEST, signedInAt: NOW, isOpen: true as const };
  const own: Session = { contactId: "own", ticketId: "t", startedAt: NOW };
  const content = { visitorId: "anna", isCustomer: true, sessions: [own, taken], guest: open };

  it("do not count until they have moved", () => {
    expect(listSettled(content)).toEqual([own]);
    expect(decideVisitor({ content, issuedAt: NOW }, "anna", "new").sessions).toEqual([own]);
    expect(listSettled({ ...content, guest: { visitorKey: GUEST, signedInAt: NOW } })).toEqual([own, taken]);
  });

  it("stay there meanwhile", () => {
    const newer = { ...own, contactId: "newer", startedAt: NOW + 1 };
    expect(withSessions(content, [newer, own]).sessions).toEqual([newer, own, taken]);
  });
});

describe("listGuests(), isForgottenWith(), hasSessions(), takeFrom()", () => {
  it("name each guest once, by record and cookie", () => {
    const held = buildRecord(buildRecord(null, [{ ...taken, takenFrom: BOB }], [], NOW), [taken], [], NOW);
    expect(held.tookOver).toEqual([BOB, GUEST]);
    expect(listGuests(held, [taken, { ...taken, takenFrom: ANNA }])).toEqual([BOB, GUEST, ANNA]);
    expect(listGuests(null)).toEqual([]);
  });

  it("are forgotten with the customer, unless that is done or the browser's own guest is somebody else now", () => {
    const isDue = (held: VisitorRecord | null) => [true, false].map((isTaken) => isForgottenWith(held, ANNA, isTaken));
    expect(isDue(null)).toEqual([true, true]);
    expect(isDue(record)).toEqual([true, true]);
    expect(isDue(toMoved(record, ANNA, NOW))).toEqual([true, true]);
    expect(isDue(toMoved(record, BOB, NOW))).toEqual([true, false]);
    expect(isDue(buildErasedRecord(record, [], NOW))).toEqual([false, false]);
  });

  it("know a session by its contact", () => {
    expect(hasSessions(record, takeFrom(GUEST, [session]))).toBe(true);
    expect(hasSessions(null, [session])).toBe(false);
    expect(hasSessions(null, [])).toBe(true);
  });
});
