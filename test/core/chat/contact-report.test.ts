import * as fc from "fast-check";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { contactReportSchema, decideReport } from "../../../src/core/chat/contact-report.ts";
import { mergeSessions, type Session } from "../../../src/core/chat/visitor-record.ts";

const NOW = 1_800_000_000;
const DAY = 86_400;
const ticket = { visitorId: "v", id: "t1", issuedAt: NOW - 100 };
const started = { contactId: "c1", event: "started", ageSeconds: 0 } as const;
const ended = { contactId: "c1", event: "ended", ageSeconds: 10 } as const;
const session = { contactId: "c1", ticketId: "t1", startedAt: NOW - 100 };
const times = { now: NOW, oldest: 0, wasOwned: false };

describe("decideReport()", () => {
  it("records a new contact as started when its ticket was issued", () => {
    expect(decideReport(started, ticket, [], times)).toEqual({ outcome: "record", session, isNew: true });
  });

  it("knows a contact that is reported again", () => {
    expect(decideReport(started, ticket, [session], times)).toEqual({ outcome: "known" });
  });

  it("records the end as long ago as the browser says", () => {
    expect(decideReport(ended, ticket, [session], times)).toEqual({
      outcome: "record",
      session: { ...session, endedAt: NOW - 10 },
      isNew: false,
    });
  });

  it("never ends a session before its start", () => {
    const decision = decideReport({ ...ended, ageSeconds: 5000 }, ticket, [session], times);
    expect(decision).toMatchObject({ session: { endedAt: session.startedAt } });
  });

  it("does not move a known end", () => {
    expect(decideReport(ended, ticket, [{ ...session, endedAt: NOW - 50 }], times)).toEqual({ outcome: "known" });
  });

  it("takes an end that arrives before its start", () => {
    expect(decideReport(ended, ticket, [], times)).toEqual({
      outcome: "record",
      session: { ...session, endedAt: NOW - 10 },
      isNew: true,
    });
  });

  it("admits one contact per ticket", () => {
    const decision = decideReport({ ...started, contactId: "c2" }, ticket, [session], times);
    expect(decision).toEqual({ outcome: "refuse", code: "TICKET_USED" });
  });

  it("admits a new contact for seven days", () => {
    const lastMoment = { ...ticket, issuedAt: NOW - 7 * DAY };
    expect(decideReport(started, lastMoment, [], times).outcome).toBe("record");
    const tooLate = { ...ticket, issuedAt: NOW - 7 * DAY - 1 };
    expect(decideReport(started, tooLate, [], times)).toEqual({ outcome: "refuse", code: "TICKET_EXPIRED" });
  });

  it("takes the end of a kept session however old its ticket is", () => {
    const old = { ...ticket, issuedAt: NOW - 30 * DAY };
    const kept = { ...session, startedAt: old.issuedAt };
    expect(decideReport(ended, old, [kept], times).outcome).toBe("record");
  });

  it("keeps the first ticket of a contact that is reported with another", () => {
    const decision = decideReport(ended, { ...ticket, id: "t2", issuedAt: NOW - 50 }, [session], times);
    expect(decision).toMatchObject({ outcome: "record", session: { ...session, endedAt: NOW - 10 } });
  });

  it.each([
    ["a start", started, []],
    ["an end", ended, []],
    // A cookie that was sealed while KV did not show the erasure yet.
    ["an end of what a cookie still carries", ended, [session]],
  ])("refuses %s with a ticket from before an erasure", (_what, report, sessions) => {
    const decision = decideReport(report, ticket, sessions, { ...times, oldest: ticket.issuedAt + 1 });
    expect(decision).toEqual({ outcome: "refuse", code: "TICKET_EXPIRED" });
  });

  it("takes a ticket from right after an erasure", () => {
    const decision = decideReport(started, ticket, [], { ...times, oldest: ticket.issuedAt });
    expect(decision.outcome).toBe("record");
  });

  it.each([started, ended])("brings back no contact that the visitor had before, when it $event", (report) => {
    expect(decideReport(report, ticket, [], { ...times, wasOwned: true })).toEqual({ outcome: "known" });
  });
});

describe("decideReport(), in any order of the reports", () => {
  interface Chat {
    readonly startedAt: number;
    readonly seconds: number | null;
  }
  interface Delivery {
    readonly chat: number;
    readonly event: "started" | "ended";
    readonly delay: number;
  }

  const chats = fc.array(
    fc.record({ startedAt: fc.integer({ min: NOW, max: NOW + DAY }), seconds: fc.option(fc.nat({ max: 5000 })) }),
    { minLength: 1, maxLength: 5 },
  );
  const anyDelays = fc.array(fc.nat({ max: 5 * DAY }), { minLength: 1, maxLength: 3 });

  /** Every report at least once, each with its own delay; `all` names them in the order of their arrival. */
  const histories = chats.chain((all) => {
    const events = all.flatMap(({ seconds }, chat) => [
      { chat, event: "started" as const },
      ...(seconds === null ? [] : [{ chat, event: "ended" as const }]),
    ]);
    const deliveries = fc.tuple(
      ...events.map((event) => anyDelays.map((delays) => delays.map((delay) => ({ ...event, delay })))),
    );
    return fc.record({ all: fc.constant(all), deliveries: deliveries.map((lists) => lists.flat()) });
  });

  const happenedAt = (chat: Chat, event: "started" | "ended") =>
    chat.startedAt + (event === "ended" ? (chat.seconds ?? 0) : 0);

  function deliver(all: readonly Chat[], deliveries: readonly Delivery[]): Session[] {
    const arrivals = deliveries.flatMap(({ chat, event, delay }) => {
      const found = all[chat];
      return found === undefined ? [] : [{ chat, event, found, now: happenedAt(found, event) + delay }];
    });
    let sessions: Session[] = [];
    for (const { chat, event, found, now } of arrivals.toSorted((a, b) => a.now - b.now)) {
      const report = { contactId: `c${chat}`, event, ageSeconds: now - happenedAt(found, event) };
      const ownTicket = { visitorId: "v", id: `t${chat}`, issuedAt: found.startedAt };
      const decision = decideReport(report, ownTicket, sessions, { now, oldest: 0, wasOwned: false });
      if (decision.outcome === "record") sessions = mergeSessions([[decision.session], sessions], 0);
    }
    return sessions;
  }

  it("ends with what really happened", () => {
    fc.assert(
      fc.property(histories, ({ all, deliveries }) => {
        const happened = all.map(({ startedAt, seconds }, chat) => ({
          contactId: `c${chat}`,
          ticketId: `t${chat}`,
          startedAt,
          ...(seconds !== null && { endedAt: startedAt + seconds }),
        }));
        expect(deliver(all, deliveries)).toEqual(mergeSessions([happened], 0));
      }),
    );
  });
});

describe("contactReportSchema", () => {
  const report = { ticket: "sealed", contactId: "c1", event: "started", ageSeconds: 0 };

  it.each([
    ["a report", report],
    ["a contact id of 256 characters", { ...report, contactId: "x".repeat(256) }],
    ["a contact id with hyphens and underscores in it", { ...report, contactId: "a-B_1" }],
    ["an end of two years ago", { ...report, event: "ended", ageSeconds: 2 * 365 * DAY }],
  ])("takes %s", (_what, input) => {
    expect(v.is(contactReportSchema, input)).toBe(true);
  });

  it.each([
    ["no ticket", { ...report, ticket: "" }],
    ["a ticket that is no text", { ...report, ticket: 1 }],
    ["an empty contact id", { ...report, contactId: "" }],
    ["a contact id of 257 characters", { ...report, contactId: "x".repeat(257) }],
    ["a contact id with a line break", { ...report, contactId: "a\nb" }],
    ["a contact id with a space", { ...report, contactId: "a b" }],
    ["a contact id beyond ASCII", { ...report, contactId: "caf\u00e9" }],
    ["a contact id that would be a step up in a path", { ...report, contactId: ".." }],
    ["a contact id with a dot", { ...report, contactId: "a.b" }],
    ["a contact id with a query of its own", { ...report, contactId: "a?b" }],
    ["a contact id with a fragment of its own", { ...report, contactId: "a#" }],
    ["a contact id with a path of its own", { ...report, contactId: "contact/a" }],
    ["another event", { ...report, event: "paused" }],
    ["a negative age", { ...report, ageSeconds: -1 }],
    ["an age that is no whole number", { ...report, ageSeconds: 0.5 }],
    ["an age of three years", { ...report, ageSeconds: 3 * 365 * DAY }],
    ["a further field", { ...report, visitor: "other" }],
  ])("refuses %s", (_what, input) => {
    expect(v.is(contactReportSchema, input)).toBe(false);
  });
});
