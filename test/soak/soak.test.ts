import { beforeEach, describe, expect, it } from "vitest";
import { isGrowing } from "./memory.ts";
import { createTruth, type Truth } from "./truth.ts";

const offer = (contactId: string, contactIdFallback = "none") => ({ contactId, contactIdFallback });
const fine = { isForeign: false, isBroken: false };

describe("the soak's judge", () => {
  let truth: Truth;
  beforeEach(() => {
    truth = createTruth();
    truth.acknowledged("ann", "a1", 100);
    truth.acknowledged("ann", "a2", 200);
    truth.acknowledged("bob", "b1", 150);
  });

  it.each([
    ["ann", offer("a2", "a1"), fine],
    ["ann", offer("a2"), fine],
    ["ann", offer("a1"), { isForeign: false, isBroken: true }],
    ["ann", offer("none"), { isForeign: false, isBroken: true }],
    ["ann", offer("a2", "b1"), { isForeign: true, isBroken: false }],
    ["bob", offer("a2"), { isForeign: true, isBroken: true }],
    ["cleo", offer("none"), fine],
    ["cleo", offer("never-given-out"), { isForeign: true, isBroken: true }],
  ])("says of %s being offered %j: %j", (person, offered, verdict) => {
    expect(truth.judge(person, offered)).toEqual(verdict);
  });

  it("takes either of two chats of the same second for the newest", () => {
    truth.acknowledged("ann", "a3", 200);
    expect(truth.judge("ann", offer("a2", "a3"))).toEqual(fine);
    expect(truth.judge("ann", offer("a3", "a2"))).toEqual(fine);
  });

  it("does not take an older chat that was reported late for the newest", () => {
    truth.acknowledged("ann", "a0", 50);
    expect(truth.judge("ann", offer("a2", "a1"))).toEqual(fine);
  });

  it("expects no offer after a forgetting", () => {
    truth.forgotten("ann");
    expect(truth.judge("ann", offer("none"))).toEqual(fine);
    expect(truth.judge("ann", offer("a2"))).toEqual({ isForeign: false, isBroken: true });
  });
});

describe("isGrowing()", () => {
  const MB = 1024 * 1024;
  const samples = (of: (index: number) => number) => Array.from({ length: 100 }, (_, index) => of(index) * MB);

  it.each([
    ["memory that stays", samples(() => 200), false],
    ["memory that grows at first", samples((index) => (index < 15 ? 100 + 10 * index : 250)), false],
    ["memory that goes up and down", samples((index) => 200 + 80 * Math.sin(index)), false],
    ["memory that grows all the time", samples((index) => 150 + 4 * index), true],
  ])("tells %s", (_what, memory, expected) => {
    expect(isGrowing(memory)).toBe(expected);
  });
});
