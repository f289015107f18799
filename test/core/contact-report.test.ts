import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { contactReportSchema, decideReport } from "../../src/core/contact-report.ts";

const NOW = 1_800_000_000;
const DAY = 86_400;
const ticket = { visitorId: "v", id: "t1", issuedAt: NOW - 100 };
const started = { contactId: "c1", event: "started", ageSeconds: 0 } as const;
const ended = { contactId: "c1", event: "ended", ageSeconds: 10 } as const;
const session = { contactId: "c1", ticketId: "t1", startedAt: NOW - 100 };
const times = { now: NOW, oldest: 0 };

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

  it("refuses a ticket from before an erasure", () => {
    const decision = decideReport(started, ticket, [], { now: NOW, oldest: ticket.issuedAt + 1 });
    expect(decision).toEqual({ outcome: "refuse", code: "TICKET_EXPIRED" });
  });
});

describe("contactReportSchema", () => {
  const report = { ticket: "sealed", contactId: "c1", event: "started", ageSeconds: 0 };

  it("takes a report", () => {
    expect(v.is(contactReportSchema, report)).toBe(true);
  });

  it.each([
    ["no ticket", { ...report, ticket: "" }],
    ["a ticket that is no text", { ...report, ticket: 1 }],
    ["an empty contact id", { ...report, contactId: "" }],
    ["a contact id of 257 characters", { ...report, contactId: "x".repeat(257) }],
    ["a contact id with a line break", { ...report, contactId: "a\nb" }],
    ["another event", { ...report, event: "paused" }],
    ["a negative age", { ...report, ageSeconds: -1 }],
    ["an age that is no whole number", { ...report, ageSeconds: 0.5 }],
    ["an age of three years", { ...report, ageSeconds: 3 * 365 * DAY }],
    ["a further field", { ...report, visitor: "other" }],
  ])("refuses %s", (_what, input) => {
    expect(v.is(contactReportSchema, input)).toBe(false);
  });
});
