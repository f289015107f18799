import { describe, expect, it } from "vitest";
import { type Decision, decideTroubles, type KnownTroubles } from "../../../src/core/watch/decide-troubles.ts";
import { type Figures } from "../../../src/core/watch/figures.ts";
import { hourOf, openedOf } from "./hours.ts";

const now = 1_800_000_000;
const known = { "chats-gone": { since: now - 7200, line: 0, share: 0 } };

const hourWith = (tokens: number, changes: Partial<Figures> = {}) => hourOf({ tokens, offered: 0, ...changes });
const weekWith = (chats: number, changes: Partial<Figures> = {}) => hourOf({ opened: openedOf(chats), ...changes });

function decide(hour: Figures, weekBefore: Figures, before: KnownTroubles = {}): Decision | undefined {
  return decideTroubles(hour, weekBefore, before, now).find(({ trouble }) => trouble === "chats-gone");
}

describe("decideTroubles() for chats that are gone", () => {
  it("begins where there were twenty chats, and not where there were nineteen", () => {
    expect(decide(hourWith(0), weekWith(20))).toMatchObject({ verdict: "begins", weekBefore: { count: 20 } });
    expect(decide(hourWith(0), weekWith(19))?.verdict).toBe("none");
  });

  it.each([
    ["from one network, with as many tokens as you like", { tokens: 1000, opened: openedOf(1) }],
    ["from any number of networks of one operator", { opened: openedOf(500, 1) }],
    ["before any browser told anything", { hasOutcomes: false, opened: [] }],
    ["where there were neither pages nor chats", { pages: 0, tokens: 0, opened: [] }],
  ])("does not begin beside chats %s", (_name, weekBefore) => {
    expect(decide(hourWith(0), hourOf(weekBefore))?.verdict).toBe("none");
  });

  it("begins with one chat in twenty of those that are to be expected, and not with more", () => {
    const verdict = (tokens: number, changes?: Partial<Figures>) =>
      decide(hourWith(tokens, changes), weekWith(60))?.verdict;
    expect([verdict(3), verdict(4)]).toEqual(["begins", "none"]);
    // Half of the visitors have half of the chats.
    expect([verdict(1, { pages: 500 }), verdict(2, { pages: 500 })]).toEqual(["begins", "none"]);
  });

  it("does not begin where the visitors are gone as well", () => {
    expect(decide(hourWith(0, { pages: 500 }), weekWith(45))?.verdict).toBe("begins");
    expect(decide(hourWith(0, { pages: 499 }), weekWith(45))?.verdict).toBe("none");
    expect(decide(hourWith(0, { pages: 0 }), weekWith(45, { pages: 0 }))?.verdict).toBe("none");
  });

  it("is over with five chats, and with a quarter of those that are to be expected", () => {
    const verdict = (tokens: number, chats: number) => decide(hourWith(tokens), weekWith(chats), known)?.verdict;
    expect([verdict(4, 20), verdict(5, 20), verdict(49, 200), verdict(50, 200)]).toEqual([
      "goes-on",
      "over",
      "goes-on",
      "over",
    ]);
  });

  it("is not over at night", () => {
    const night = weekWith(2, { pages: 40 });
    expect(decide(hourWith(0, { pages: 40 }), night, known)?.verdict).toBe("unknown");
  });
});
