import { describe, expect, it } from "vitest";
import { type Decision, type KnownTroubles } from "../../../src/core/watch/decide-troubles.ts";
import { holdTroubles } from "../../../src/core/watch/hold-troubles.ts";
import { type Trouble, TROUBLES } from "../../../src/core/watch/trouble.ts";

const none = { count: 0, base: 0, share: 0 };
const line = { since: 1000, line: 0.1, share: 0.1 };
const HIDDEN = new Set<Trouble>(["client-failed", "policy-blocked", "never-ready", "chats-gone"]);

const decided = (trouble: Trouble, verdict: "begins" | "over"): Decision => ({
  trouble,
  verdict,
  reason: verdict === "begins" ? "over-line" : "below-half",
  hour: none,
  weekBefore: none,
  known: verdict === "begins" ? line : null,
});
const hold = (verdict: "begins" | "over", known: KnownTroubles) =>
  holdTroubles(
    TROUBLES.map((trouble) => decided(trouble, verdict)),
    known,
  );

describe("holdTroubles()", () => {
  it("lets no trouble begin that a chat without pages cannot show", () => {
    const begun = hold("begins", {}).filter(({ verdict }) => verdict === "begins");
    expect(begun.map(({ trouble }) => trouble)).toEqual(TROUBLES.filter((trouble) => !HIDDEN.has(trouble)));
  });

  it("keeps such a trouble known as it was", () => {
    const known = Object.fromEntries(TROUBLES.map((trouble) => [trouble, line]));
    const held = hold("over", known).filter(({ verdict }) => verdict === "unknown");
    expect(held.map(({ trouble }) => trouble)).toEqual(TROUBLES.filter((trouble) => HIDDEN.has(trouble)));
    expect(held.map((decision) => decision.known)).toEqual(held.map(() => line));
  });
});
