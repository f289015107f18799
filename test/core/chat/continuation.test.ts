import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildAttributes, decideContinuation } from "../../../src/core/chat/continuation.ts";
import { type Session } from "../../../src/core/chat/visitor-record.ts";

const NOW = 1_800_000_000;
const times = { now: NOW, readyAfterSeconds: 60, onlyVerified: false };
const newest = { contactId: "c2", ticketId: "t2", startedAt: NOW - 500 };
const before = { contactId: "c1", ticketId: "t1", startedAt: NOW - 9000, endedAt: NOW - 8000 };

describe("decideContinuation()", () => {
  it("continues nothing at a first visit", () => {
    expect(decideContinuation([], times)).toEqual({ continue: "none", reason: "no-session" });
  });

  it("links at once what ended long ago", () => {
    expect(decideContinuation([{ ...newest, endedAt: NOW - 61 }, before], times)).toEqual({
      continue: "now",
      reason: "ended",
      contactId: "c2",
      fallback: "c1",
    });
  });

  it("waits for the rest of the time that the transcript needs", () => {
    expect(decideContinuation([{ ...newest, endedAt: NOW - 59 }, before], times)).toEqual({
      continue: "wait",
      reason: "ended-just-now",
      contactId: "c2",
      fallback: "c1",
      waitSeconds: 1,
    });
  });

  it("does not wait once the transcript is due", () => {
    expect(decideContinuation([{ ...newest, endedAt: NOW - 60 }], times).continue).toBe("now");
  });

  it("offers a session whose end is not known", () => {
    expect(decideContinuation([newest], times)).toEqual({
      continue: "now",
      reason: "end-unknown",
      contactId: "c2",
      fallback: null,
    });
  });

  it("does not wait where transcripts are ready at once", () => {
    const rules = { ...times, readyAfterSeconds: 0 };
    expect(decideContinuation([{ ...newest, endedAt: NOW }], rules).continue).toBe("now");
  });

  it("falls back on the session right before the newest, and on no older one", () => {
    const oldest = { ...before, contactId: "c0", startedAt: 0 };
    expect(decideContinuation([newest, before, oldest], times)).toMatchObject({ contactId: "c2", fallback: "c1" });
  });
});

describe("decideContinuation(), where Amazon Connect must confirm", () => {
  const rules = { ...times, onlyVerified: true };
  const verified = (session: Session) => ({ ...session, verifiedAt: NOW });

  it("offers both sessions that are confirmed", () => {
    const sessions = [verified(newest), verified(before)];
    expect(decideContinuation(sessions, rules)).toMatchObject({ continue: "now", contactId: "c2", fallback: "c1" });
  });

  it("offers the newest alone while the one before is not confirmed", () => {
    expect(decideContinuation([verified(newest), before], rules)).toMatchObject({ contactId: "c2", fallback: null });
  });

  it("offers nothing while the newest is not confirmed, not even a confirmed older one", () => {
    const nothing = { continue: "none", reason: "owner-unknown" };
    expect(decideContinuation([newest, verified(before)], rules)).toEqual(nothing);
  });

  it("needs no confirmation where nobody can give one", () => {
    expect(decideContinuation([newest, before], times)).toMatchObject({ contactId: "c2", fallback: "c1" });
  });
});

describe("decideContinuation(), at any time", () => {
  const sessions = fc.array(
    fc.record({
      contactId: fc.uuid(),
      ticketId: fc.constant("t"),
      startedAt: fc.integer({ min: NOW - 1000, max: NOW }),
      age: fc.option(fc.nat({ max: 1000 })),
      verified: fc.boolean(),
    }),
    { maxLength: 5 },
  );
  const toSession = ({
    age,
    verified,
    ...session
  }: Pick<Session, "contactId" | "ticketId" | "startedAt"> & {
    age: number | null;
    verified: boolean;
  }): Session => ({
    ...session,
    ...(age !== null && { endedAt: NOW - age }),
    ...(verified && { verifiedAt: NOW }),
  });

  it("offers the newest session or nothing, and waits exactly the remaining time", () => {
    fc.assert(
      fc.property(
        sessions.map((list) => list.map(toSession)),
        fc.nat({ max: 600 }),
        fc.boolean(),
        (list, readyAfterSeconds, onlyVerified) => {
          const decision = decideContinuation(list, { now: NOW, readyAfterSeconds, onlyVerified });
          const [first] = list;
          const mayOffer = first !== undefined && (!onlyVerified || first.verifiedAt !== undefined);
          expect(decision.continue !== "none").toBe(mayOffer);
          if (decision.continue === "none" || first === undefined) return;
          expect(decision.contactId).toBe(first.contactId);
          const left = first.endedAt === undefined ? 0 : first.endedAt + readyAfterSeconds - NOW;
          expect(decision.continue === "wait" ? decision.waitSeconds : 0).toBe(Math.max(0, left));
        },
      ),
    );
  });
});

describe("buildAttributes()", () => {
  const names = { contact: "contactId", visitor: "persistentChatVisitor" };

  it.each(["asked-fresh", "no-consent", "no-history", "no-session", "owner-unknown", "related-contact"] as const)(
    "says none everywhere when nothing is continued: %s",
    (reason) => {
      expect(buildAttributes({ continue: "none", reason }, null, names)).toEqual({
        contactId: "none",
        contactIdFallback: "none",
        chatContinue: "none",
        chatWaitSeconds: "0",
        persistentChatVisitor: "none",
      });
    },
  );

  it("says none for a fallback that is not there", () => {
    expect(buildAttributes(decideContinuation([newest], times), "key", names)).toEqual({
      contactId: "c2",
      contactIdFallback: "none",
      chatContinue: "now",
      chatWaitSeconds: "0",
      persistentChatVisitor: "key",
    });
  });

  it("names the visitor also when nothing is continued", () => {
    const attributes = buildAttributes({ continue: "none", reason: "no-session" }, "key", names);
    expect(attributes["persistentChatVisitor"]).toBe("key");
  });

  it("gives the waiting time as a string", () => {
    const continuation = decideContinuation([{ ...newest, endedAt: NOW - 10 }, before], times);
    expect(buildAttributes(continuation, "key", names)).toEqual({
      contactId: "c2",
      contactIdFallback: "c1",
      chatContinue: "wait",
      chatWaitSeconds: "50",
      persistentChatVisitor: "key",
    });
  });

  it("uses the owner's names", () => {
    const attributes = buildAttributes(decideContinuation([newest], times), "key", { contact: "past", visitor: "who" });
    expect(attributes).toMatchObject({ past: "c2", who: "key" });
    expect(attributes).not.toHaveProperty("contactId");
  });
});
