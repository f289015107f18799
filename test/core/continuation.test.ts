import { describe, expect, it } from "vitest";
import { buildAttributes, decideContinuation } from "../../src/core/continuation.ts";

const NOW = 1_800_000_000;
const times = { now: NOW, readyAfterSeconds: 60 };
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
});

describe("buildAttributes()", () => {
  const names = { contact: "contactId", visitor: "persistentChatVisitor" };

  it("says none everywhere when nothing is continued", () => {
    expect(buildAttributes({ continue: "none", reason: "no-session" }, null, names)).toEqual({
      contactId: "none",
      contactIdFallback: "none",
      chatContinue: "none",
      chatWaitSeconds: "0",
      persistentChatVisitor: "none",
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

  it("has no waiting time when there is nothing to wait for", () => {
    expect(buildAttributes(decideContinuation([newest], times), "key", names)["chatWaitSeconds"]).toBe("0");
  });

  it("uses the owner's names", () => {
    const attributes = buildAttributes(decideContinuation([newest], times), "key", { contact: "past", visitor: "who" });
    expect(attributes).toMatchObject({ past: "c2", who: "key" });
    expect(attributes).not.toHaveProperty("contactId");
  });
});
