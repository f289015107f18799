import { describe, expect, it } from "vitest";
import { type Failure, FAILURES } from "../../../src/core/outcome/outcome.ts";
import { type Decision, decideTroubles, type KnownTroubles } from "../../../src/core/watch/decide-troubles.ts";
import { type Figures } from "../../../src/core/watch/figures.ts";
import { type Trouble } from "../../../src/core/watch/trouble.ts";
import { failuresOf, hourOf } from "./hours.ts";

const now = 1_800_000_000;
const DAY = 86_400;
const QUIET = hourOf();

interface Situation {
  readonly hour: Figures;
  readonly weekBefore?: Figures;
  readonly known?: KnownTroubles;
}

function decide(trouble: Trouble, { hour, weekBefore = QUIET, known = {} }: Situation): Decision | undefined {
  return decideTroubles(hour, weekBefore, known, now).find((decision) => decision.trouble === trouble);
}

const failing = (failure: Failure, networks: number, changes: Partial<Figures> = {}) =>
  hourOf({ failures: failuresOf(failure, networks), ...changes });

describe("decideTroubles()", () => {
  it("finds nothing in an ordinary hour, for each trouble", () => {
    const verdicts = decideTroubles(QUIET, QUIET, {}, now).map(({ trouble, verdict }) => [trouble, verdict]);
    expect(verdicts).toEqual([...FAILURES, "chats-gone"].map((trouble) => [trouble, "none"]));
  });

  it.each([
    ["client-failed", { pages: 500 }],
    ["policy-blocked", { pages: 500 }],
    ["never-ready", { pages: 500 }],
    ["token-refused", { tokens: 90 }],
    ["start-refused", { tokens: 100 }],
    ["connection-lost", { tokens: 100 }],
    ["history-missing", { offered: 100 }],
  ] as const)("begins %s at its line, with ten networks, and not with nine", (failure, changes) => {
    expect(decide(failure, { hour: failing(failure, 10, changes) })).toMatchObject({
      verdict: "begins",
      reason: "over-line",
      known: { since: now },
    });
    expect(decide(failure, { hour: failing(failure, 9, changes) })).toMatchObject({ verdict: "none", known: null });
  });

  it("begins none below its share of a larger base", () => {
    expect(decide("client-failed", { hour: failing("client-failed", 10, { pages: 501 }) })?.verdict).toBe("none");
    expect(decide("start-refused", { hour: failing("start-refused", 10, { tokens: 101 }) })?.verdict).toBe("none");
  });

  it("begins none for one network, as often as it counts", () => {
    const failures = failuresOf("client-failed", 1, { each: 3 });
    expect(decide("client-failed", { hour: hourOf({ failures }) })?.verdict).toBe("none");
  });

  it("wants three times the share of the week before", () => {
    const weekBefore = failing("client-failed", 20);
    expect(decide("client-failed", { hour: failing("client-failed", 59), weekBefore })?.verdict).toBe("none");
    expect(decide("client-failed", { hour: failing("client-failed", 60), weekBefore })?.verdict).toBe("begins");
  });

  it("compares shares and not counts: twice the visitors have twice the failures", () => {
    const weekBefore = failing("client-failed", 20);
    const hour = failing("client-failed", 80, { pages: 4000 });
    expect(decide("client-failed", { hour, weekBefore })?.verdict).toBe("none");
  });

  it("wants three times the least share where the week before is empty", () => {
    const weekBefore = hourOf({ pages: 0, tokens: 0, offered: 0, hasOutcomes: false });
    expect(decide("client-failed", { hour: failing("client-failed", 59), weekBefore })?.verdict).toBe("none");
    expect(decide("client-failed", { hour: failing("client-failed", 60), weekBefore })?.verdict).toBe("begins");
  });

  it("begins one at four fifths of the visitors, whatever the week before was", () => {
    const weekBefore = failing("client-failed", 400);
    expect(decide("client-failed", { hour: failing("client-failed", 799), weekBefore })?.verdict).toBe("none");
    expect(decide("client-failed", { hour: failing("client-failed", 800), weekBefore })?.verdict).toBe("begins");
  });

  it("wants three times the least share where no browser told anything the week before", () => {
    const weekBefore = hourOf({ hasOutcomes: false });
    expect(decide("client-failed", { hour: failing("client-failed", 59), weekBefore })).toMatchObject({
      verdict: "none",
      weekBefore: null,
    });
    expect(decide("client-failed", { hour: failing("client-failed", 60), weekBefore })?.verdict).toBe("begins");
  });

  it("counts one operator for half of a line at most", () => {
    const rented = { failure: "client-failed", operator: "rented", networks: 500, count: 900 } as const;
    const withOthers = (count: number) =>
      hourOf({ failures: [rented, { ...rented, operator: "other", networks: count, count }] });
    expect(decide("client-failed", { hour: withOthers(0) })?.verdict).toBe("none");
    expect(decide("client-failed", { hour: withOthers(9), weekBefore: QUIET })?.verdict).toBe("none");
    expect(decide("client-failed", { hour: withOthers(10), weekBefore: QUIET })?.verdict).toBe("begins");
  });

  it("takes refused tokens that one operator tells of neither for chats nor for failures", () => {
    const rented = { failure: "token-refused", operator: "rented", networks: 1000, count: 3000 } as const;
    const told = (networks: number) => [rented, ...failuresOf("token-refused", networks, { operators: 10 })];
    const verdict = (tokens: number, networks: number) =>
      decide("token-refused", { hour: hourOf({ tokens, failures: told(networks) }) })?.verdict;
    expect([verdict(450, 24), verdict(450, 25), verdict(50, 4), verdict(50, 5)]).toEqual([
      "none",
      "begins",
      "none",
      "begins",
    ]);
  });

  it("begins one on a large site with 500 failures", () => {
    const pages = 1_000_000;
    expect(decide("client-failed", { hour: failing("client-failed", 500, { pages }) })?.verdict).toBe("begins");
    expect(decide("client-failed", { hour: failing("client-failed", 499, { pages }) })?.verdict).toBe("none");
  });

  it("begins none in an hour with fewer than ten visitors", () => {
    const hour = failing("client-failed", 9, { pages: 9 });
    expect(decide("client-failed", { hour })).toMatchObject({ verdict: "none", reason: "too-few" });
  });
});

describe("decideTroubles() where more pages failed than were counted", () => {
  const failingOf = (networks: number, tokens = 50) => failing("client-failed", networks, { pages: 10, tokens });
  const known = { "client-failed": { since: now - 7200, line: 0.8, share: 1, count: 60 } };

  it("begins at 30 failures, and three times those of the week before", () => {
    const verdict = (networks: number, before: number) =>
      decide("client-failed", { hour: failingOf(networks), weekBefore: failingOf(before) })?.verdict;
    expect([verdict(29, 0), verdict(30, 0), verdict(59, 20), verdict(60, 20)]).toEqual([
      "none",
      "begins",
      "none",
      "begins",
    ]);
  });

  it("keeps the count that made it a trouble", () => {
    expect(decide("client-failed", { hour: failingOf(90), weekBefore: failingOf(20) })?.known).toEqual({
      since: now,
      line: 0.8,
      share: 1,
      count: 60,
    });
  });

  it("begins none without a week before to compare with", () => {
    const weekBefore = hourOf({ hasOutcomes: false });
    expect(decide("client-failed", { hour: failingOf(900), weekBefore })).toMatchObject({
      verdict: "none",
      reason: "too-few",
    });
  });

  it("goes on down to half of that count, and is over below it where there are chats", () => {
    const verdict = (networks: number, tokens: number) =>
      decide("client-failed", { hour: failingOf(networks, tokens), known })?.verdict;
    expect([verdict(30, 50), verdict(29, 5), verdict(29, 4)]).toEqual(["goes-on", "over", "unknown"]);
  });
});

describe("decideTroubles() for a known trouble", () => {
  const known = { "client-failed": { since: now - 7200, line: 0.02, share: 0.02 } };

  it("goes on down to half its line, and is over below that", () => {
    expect(decide("client-failed", { hour: failing("client-failed", 10), known })).toMatchObject({
      verdict: "goes-on",
      known: known["client-failed"],
    });
    expect(decide("client-failed", { hour: failing("client-failed", 9), known })).toMatchObject({
      verdict: "over",
      reason: "below-half",
      known: null,
    });
  });

  it("goes on in its second week, although the week before had it too", () => {
    const hour = failing("client-failed", 300);
    expect(decide("client-failed", { hour, weekBefore: hour, known })?.verdict).toBe("goes-on");
  });

  it("is not over in an hour too quiet to tell, and remembers since when", () => {
    expect(decide("client-failed", { hour: hourOf({ pages: 249 }), known })).toMatchObject({
      verdict: "unknown",
      reason: "too-few",
      known: { ...known["client-failed"], quietSince: now },
    });
    expect(decide("client-failed", { hour: hourOf({ pages: 250 }), known })?.verdict).toBe("over");
  });

  it("is over when it was not seen for a day", () => {
    const hour = hourOf({ pages: 3 });
    const quiet = (seconds: number) => ({
      "client-failed": { ...known["client-failed"], quietSince: now - seconds },
    });
    expect(decide("client-failed", { hour, known: quiet(DAY - 1) })?.verdict).toBe("unknown");
    expect(decide("client-failed", { hour, known: quiet(DAY) })).toMatchObject({ verdict: "over", reason: "not-seen" });
  });

  it("is seen again after a quiet night, and the day begins anew", () => {
    const quiet = { "client-failed": { ...known["client-failed"], quietSince: now - DAY } };
    const hour = failing("client-failed", 5, { pages: 5 });
    expect(decide("client-failed", { hour, known: quiet })?.known).toEqual(known["client-failed"]);
  });

  it("goes on while more visitors come to a small site, as long as half of its line fails", () => {
    const hourWith = (tokens: number, networks: number) => failing("start-refused", networks, { tokens });
    const begun = { since: now, line: 0.1, share: 0.5 };
    expect(decide("start-refused", { hour: hourWith(20, 10) })?.known).toEqual(begun);
    const verdict = (tokens: number, networks: number) =>
      decide("start-refused", { hour: hourWith(tokens, networks), known: { "start-refused": begun } })?.verdict;
    expect([verdict(45, 11), verdict(45, 3), verdict(45, 2), verdict(9, 4)]).toEqual([
      "goes-on",
      "goes-on",
      "over",
      "unknown",
    ]);
  });

  it("is not over in an hour in which no browser told anything, as after a rollback", () => {
    const silent = hourOf({ pages: 5000, hasOutcomes: false });
    expect(decide("client-failed", { hour: silent, known })).toMatchObject({ verdict: "unknown", reason: "too-few" });
  });
});
