import { describe, expect, it } from "vitest";
import { type Figures, type OperatorFailures } from "../../../src/core/watch/figures.ts";
import { decideEnd, decideSelfOff, findSpan } from "../../../src/core/watch/self-off.ts";
import { type SelfOffFlag } from "../../../src/core/watch/self-off-flag.ts";
import { failuresOf, hourOf } from "./hours.ts";

/** Half past an hour. */
const NOW = 1_800_000_000 - (1_800_000_000 % 3600) + 1800;
const begun: SelfOffFlag = { v: 1, offUntil: NOW + 600, trialUntil: NOW + 4200, told: "off" };
const IN_TRIAL = NOW + 600 + 660;

interface Told {
  readonly networks: number;
  readonly operators?: number;
  readonly each?: number;
}

const told = ({ networks, ...spread }: Told): OperatorFailures[] => failuresOf("client-failed", networks, spread);
const figuresOf = (pages: number, failures: OperatorFailures[] = []): Figures => hourOf({ pages, failures });
const operatorOf = (operator: string, networks: number, count: number): OperatorFailures => ({
  failure: "client-failed",
  operator,
  networks,
  count,
});
const quiet = figuresOf(100);

/** 20 page views of 100 failed, from 20 networks of 5 operators. */
const atTheLine = figuresOf(100, told({ networks: 20 }));

interface Changes {
  readonly flag?: SelfOffFlag | null;
  readonly weekBefore?: Figures | null;
  readonly now?: number;
}

function decide(figures: Figures | null, changes: Changes = {}) {
  const { flag = null, weekBefore = quiet, now = NOW } = changes;
  return decideSelfOff(flag, { span: findSpan(flag, now), figures, weekBefore }, now);
}

describe("decideSelfOff() while everybody has the chat", () => {
  it("switches off at the line, for ten minutes and a trial of an hour", () => {
    expect(decide(atTheLine)).toEqual({
      act: "switch-off",
      reason: "client-fails",
      flag: begun,
      evidence: { pages: 100, failures: 20, networks: 20, operators: 5, share: 0.2, line: 0.2 },
    });
  });

  it.each<[string, Figures]>([
    ["below-line", figuresOf(101, told({ networks: 20 }))],
    ["few-networks", figuresOf(57, told({ networks: 19, each: 3 }))],
    ["uncounted-pages", figuresOf(59, told({ networks: 20, each: 3 }))],
    ["uncounted-pages", figuresOf(0, told({ networks: 2000 }))],
    ["below-line", quiet],
  ])("does nothing: %s", (reason, figures) => {
    expect(decide(figures)).toEqual({ act: "nothing", reason });
  });

  it("counts one operator for a quarter of what it takes at most", () => {
    const rented = operatorOf("rented", 50, 70);
    const others = (operators: number) =>
      Array.from({ length: operators }, (_none, index) => operatorOf(`${index}`, 5, 5));
    expect(decide(figuresOf(100, [rented, ...others(2)]))).toEqual({ act: "nothing", reason: "below-line" });
    expect(decide(figuresOf(100, [rented, ...others(3)]))).toMatchObject({
      act: "switch-off",
      evidence: { failures: 20, networks: 20, operators: 4 },
    });
  });

  it("takes so many networks of several operators, whatever one operator has", () => {
    const rented = operatorOf("rented", 50, 60);
    const others = (networks: number) =>
      Array.from({ length: 3 }, (_none, index) => operatorOf(`${index}`, networks, 12));
    expect(decide(figuresOf(100, [rented, ...others(4)]))).toEqual({ act: "nothing", reason: "few-networks" });
    expect(decide(figuresOf(100, [rented, ...others(5)]))).toMatchObject({ act: "switch-off" });
  });

  it("needs three times the share of the week before", () => {
    const weekBefore = figuresOf(1000, told({ networks: 100 }));
    expect(decide(figuresOf(100, told({ networks: 29 })), { weekBefore })).toEqual({
      act: "nothing",
      reason: "below-line",
    });
    expect(decide(figuresOf(100, told({ networks: 31 })), { weekBefore })).toMatchObject({ act: "switch-off" });
  });

  it("takes a week without pages for one without failures", () => {
    expect(decide(atTheLine, { weekBefore: figuresOf(0) })).toMatchObject({ act: "switch-off" });
  });

  it("takes a week with too few page views for one without failures", () => {
    const weekBefore = (pages: number) => figuresOf(pages, told({ networks: 10 }));
    expect(decide(atTheLine, { weekBefore: weekBefore(49) })).toMatchObject({ act: "switch-off" });
    expect(decide(atTheLine, { weekBefore: weekBefore(50) })).toMatchObject({ act: "nothing" });
  });

  it("switches off at four fifths, whatever the week before was", () => {
    const weekBefore = figuresOf(100, told({ networks: 90 }));
    expect(decide(figuresOf(100, told({ networks: 79 })), { weekBefore })).toMatchObject({ act: "nothing" });
    expect(decide(figuresOf(100, told({ networks: 80 })), { weekBefore })).toMatchObject({ act: "switch-off" });
  });

  it.each([
    { figures: null, weekBefore: quiet },
    { figures: atTheLine, weekBefore: null },
  ])("does nothing where figures cannot be read", ({ figures, weekBefore }) => {
    expect(decide(figures, { weekBefore })).toEqual({ act: "nothing", reason: "no-figures" });
  });
});

describe("decideSelfOff() while the chat is off", () => {
  it("does nothing, whatever is told", () => {
    expect(decide(atTheLine, { flag: begun, now: NOW + 599 })).toEqual({ act: "nothing", reason: "off" });
  });
});

describe("decideSelfOff() while some visitors try", () => {
  const inTrial = { flag: { ...begun, told: "trial" as const }, now: IN_TRIAL };

  it("says once that they try", () => {
    const flag = { ...begun, told: "trial" };
    expect(decide(quiet, { flag: begun, now: NOW + 600 })).toEqual({ act: "try", reason: "time-passed", flag });
    expect(decide(quiet, { ...inTrial, now: NOW + 900 })).toMatchObject({ act: "nothing" });
  });

  it("switches off again at the line of a tenth of the page views, with fewer networks", () => {
    expect(decide(figuresOf(250, told({ networks: 5 })), inTrial)).toEqual({
      act: "switch-off",
      reason: "client-still-fails",
      flag: { v: 1, offUntil: IN_TRIAL + 600, trialUntil: IN_TRIAL + 4200, told: "off" },
      evidence: { pages: 25, failures: 5, networks: 5, operators: 5, share: 0.2, line: 0.2 },
    });
  });

  it.each<[string, Figures]>([
    ["few-networks", figuresOf(100, told({ networks: 4, operators: 4 }))],
    ["below-line", figuresOf(251, told({ networks: 5 }))],
  ])("goes on: %s", (reason, figures) => {
    expect(decide(figures, inTrial)).toEqual({ act: "nothing", reason });
  });

  it("switches on when the client has worked for ten minutes, for enough visitors to tell", () => {
    const flag = { ...inTrial.flag, trialUntil: IN_TRIAL, told: "over" };
    expect(decide(figuresOf(250), inTrial)).toEqual({ act: "switch-on", reason: "client-works", flag });
    expect(decide(figuresOf(249), inTrial)).toEqual({ act: "nothing", reason: "below-line" });
    expect(decide(figuresOf(250), { ...inTrial, now: NOW + 600 + 599 })).toEqual({ act: "nothing", reason: "no-span" });
  });

  it("goes on where the client fails for half as many as the line", () => {
    expect(decide(figuresOf(1000, told({ networks: 10 })), inTrial)).toMatchObject({ act: "nothing" });
    expect(decide(figuresOf(1000, told({ networks: 9 })), inTrial)).toMatchObject({ act: "switch-on" });
  });

  it("does not take made-up failures for a client that works", () => {
    const figures = figuresOf(250, [operatorOf("rented", 100, 300)]);
    expect(decide(figures, inTrial)).toEqual({ act: "nothing", reason: "uncounted-pages" });
  });

  it("neither ends nor goes back where figures cannot be read", () => {
    expect(decide(null, inTrial)).toEqual({ act: "nothing", reason: "no-figures" });
  });
});

describe("decideSelfOff() after the trial", () => {
  it("says once that it is over, also where figures cannot be read", () => {
    const flag = { ...begun, told: "over" };
    expect(decide(null, { flag: begun, now: begun.trialUntil })).toEqual({
      act: "switch-on",
      reason: "time-passed",
      flag,
    });
    expect(decide(quiet, { flag: { ...begun, told: "over" }, now: begun.trialUntil + 600 })).toEqual({
      act: "nothing",
      reason: "below-line",
    });
  });

  it("may switch off once more", () => {
    const flag = { ...begun, told: "over" as const };
    expect(decide(atTheLine, { flag, now: begun.trialUntil + 700 })).toMatchObject({
      act: "switch-off",
      reason: "client-fails",
    });
  });
});

describe("findSpan()", () => {
  const HOUR = NOW + 1800;

  it("is the last ten minutes", () => {
    expect(findSpan(null, NOW)).toEqual({ from: NOW - 600, to: NOW });
  });

  it("holds no full hour, and begins a minute after it: a network has another number there", () => {
    expect(findSpan(null, HOUR + 300)).toBe(null);
    expect(findSpan(null, HOUR + 659)).toBe(null);
    expect(findSpan(null, HOUR + 660)).toEqual({ from: HOUR + 60, to: HOUR + 660 });
    expect(decide(atTheLine, { now: HOUR + 30 })).toEqual({ act: "nothing", reason: "no-span" });
  });

  it("is as long in a trial, and after one", () => {
    const offUntil = NOW - 700;
    const trial: SelfOffFlag = { ...begun, offUntil, trialUntil: NOW + 2900 };
    expect(findSpan(trial, offUntil + 599)).toBe(null);
    expect(findSpan(trial, offUntil + 600)).toEqual({ from: offUntil, to: offUntil + 600 });
    const over: SelfOffFlag = { ...begun, trialUntil: NOW - 200, offUntil: NOW - 900, told: "over" };
    expect([findSpan(over, NOW), findSpan(over, NOW + 400)]).toEqual([null, { from: NOW - 200, to: NOW + 400 }]);
  });
});

describe("decideEnd()", () => {
  it("ends a flag that stands, so that the owner's message does not stay the last word", () => {
    expect(decideEnd(begun, NOW)).toEqual({
      act: "switch-on",
      reason: "switched-on-by-owner",
      flag: { v: 1, offUntil: NOW, trialUntil: NOW, told: "over" },
    });
  });

  it("says nothing where there is none, or where it was said that it is over", () => {
    const nothing = { act: "nothing", reason: "off" };
    expect([decideEnd(null, NOW), decideEnd({ ...begun, told: "over" }, NOW)]).toEqual([nothing, nothing]);
  });
});
