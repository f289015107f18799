import { describe, expect, it } from "vitest";
import { type ClientFigures, type OperatorFailures } from "../../../src/core/watch/client-figures.ts";
import { decideSelfOff, findSpan } from "../../../src/core/watch/self-off.ts";
import { type SelfOffFlag } from "../../../src/core/watch/self-off-flag.ts";

/** Half past an hour. */
const NOW = 1_800_000_000 - (1_800_000_000 % 3600) + 1800;
const begun: SelfOffFlag = { v: 1, offUntil: NOW + 600, trialUntil: NOW + 4200, told: "off" };
const IN_TRIAL = NOW + 600 + 660;

interface Told {
  readonly networks: number;
  readonly operators?: number;
  readonly each?: number;
}

/** Failures, told from networks that are spread evenly over operators, so many from each network. */
const told = ({ networks, operators = 5, each = 1 }: Told): OperatorFailures[] =>
  Array.from({ length: operators }, (_, operator) => {
    const own = Math.ceil((networks - operator) / operators);
    return { networks: own, failures: own * each };
  });
const figuresOf = (pages: number, operators: OperatorFailures[] = []): ClientFigures => ({ pages, operators });
const quiet = figuresOf(100);

/** 20 page views of 100 failed, from 20 networks of 5 operators. */
const atTheLine = figuresOf(100, told({ networks: 20 }));

interface Changes {
  readonly flag?: SelfOffFlag | null;
  readonly weekBefore?: ClientFigures | null;
  readonly rolloutPercent?: number;
  readonly now?: number;
}

function decide(figures: ClientFigures | null, changes: Changes = {}) {
  const { flag = null, weekBefore = quiet, rolloutPercent = 100, now = NOW } = changes;
  return decideSelfOff(flag, { span: findSpan(flag, now), figures, weekBefore, rolloutPercent }, now);
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

  it.each<[string, ClientFigures]>([
    ["below-line", figuresOf(101, told({ networks: 20 }))],
    ["few-networks", figuresOf(50, told({ networks: 19, each: 3 }))],
    ["below-line", figuresOf(0, told({ networks: 20 }))],
    ["below-line", quiet],
  ])("does nothing: %s", (reason, figures) => {
    expect(decide(figures)).toEqual({ act: "nothing", reason });
  });

  it("counts one operator for a quarter of what it takes at most", () => {
    const rented = { networks: 5000, failures: 15_000 };
    const others = (operators: number) => Array.from({ length: operators }, () => ({ networks: 5, failures: 5 }));
    expect(decide(figuresOf(100, [rented, ...others(2)]))).toEqual({ act: "nothing", reason: "below-line" });
    expect(decide(figuresOf(50, [rented, ...others(2)]))).toEqual({ act: "nothing", reason: "below-line" });
    expect(decide(figuresOf(100, [rented, ...others(3)]))).toMatchObject({
      act: "switch-off",
      evidence: { failures: 20, networks: 20, operators: 4 },
    });
  });

  it("takes so many networks of several operators, whatever one operator has", () => {
    const rented = { networks: 5000, failures: 15_000 };
    const others = (networks: number) => Array.from({ length: 3 }, () => ({ networks, failures: 12 }));
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

  it("counts only the page views in which the client loads by ROLLOUT_PERCENT", () => {
    expect(decide(figuresOf(1000, told({ networks: 20 })), { rolloutPercent: 10 })).toMatchObject({
      act: "switch-off",
      evidence: { pages: 100 },
    });
    expect(decide(figuresOf(1000, told({ networks: 20 })), { rolloutPercent: 11 })).toMatchObject({ act: "nothing" });
    expect(decide(figuresOf(1000, told({ networks: 20 })), { rolloutPercent: 0 })).toMatchObject({ act: "nothing" });
  });

  it.each([
    { figures: null, weekBefore: quiet },
    { figures: atTheLine, weekBefore: null },
  ])("does nothing where figures cannot be read", ({ figures, weekBefore }) => {
    expect(decide(figures, { weekBefore })).toEqual({ act: "nothing", reason: "no-figures" });
  });
});

describe("decideSelfOff(), what it takes to make failures up", () => {
  it.each([
    [100, 20],
    [300, 20],
    [3000, 200],
    [30_000, 2000],
  ])("for %i page views: %i networks that tell of three failures each", (pages, networks) => {
    expect(decide(figuresOf(pages, told({ networks, each: 3 })))).toMatchObject({ act: "switch-off" });
    expect(decide(figuresOf(pages, told({ networks: networks - 1, each: 3 })))).toMatchObject({ act: "nothing" });
  });

  it.each([
    [250, 5],
    [3000, 20],
    [30_000, 200],
  ])("for %i page views of a trial: %i networks", (pages, networks) => {
    const changes = { flag: begun, now: IN_TRIAL };
    expect(decide(figuresOf(pages, told({ networks, each: 3 })), changes)).toMatchObject({ act: "switch-off" });
    const fewer = decide(figuresOf(pages, told({ networks: networks - 1, each: 3 })), changes);
    expect(fewer.act).not.toBe("switch-off");
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

  it.each<[string, ClientFigures]>([
    ["few-networks", figuresOf(100, told({ networks: 4, operators: 4 }))],
    ["below-line", figuresOf(251, told({ networks: 5 }))],
  ])("goes on: %s", (reason, figures) => {
    expect(decide(figures, inTrial)).toEqual({ act: "nothing", reason });
  });

  it("switches on when the client has worked for ten minutes, for enough visitors to tell", () => {
    const flag = { ...inTrial.flag, trialUntil: IN_TRIAL, told: "over" };
    expect(decide(figuresOf(250), inTrial)).toEqual({ act: "switch-on", reason: "client-works", flag });
    expect(decide(figuresOf(249), inTrial)).toEqual({ act: "nothing", reason: "below-line" });
    expect(decide(figuresOf(250), { ...inTrial, now: NOW + 600 + 599 })).toEqual({
      act: "nothing",
      reason: "below-line",
    });
  });

  it("goes on where the client fails for half as many as the line", () => {
    expect(decide(figuresOf(1000, told({ networks: 10 })), inTrial)).toMatchObject({ act: "nothing" });
    expect(decide(figuresOf(1000, told({ networks: 9 })), inTrial)).toMatchObject({ act: "switch-on" });
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
    expect(findSpan(null, HOUR + 60)).toBe(null);
    expect(findSpan(null, HOUR + 300)).toEqual({ from: HOUR + 60, to: HOUR + 300 });
    expect(findSpan(null, HOUR + 660)).toEqual({ from: HOUR + 60, to: HOUR + 660 });
    expect(decide(atTheLine, { now: HOUR + 30 })).toEqual({ act: "nothing", reason: "no-span" });
  });

  it("begins when the trial began, or when it was over", () => {
    expect(findSpan(begun, NOW + 700)).toEqual({ from: NOW + 600, to: NOW + 700 });
    const over: SelfOffFlag = { ...begun, trialUntil: NOW - 200, offUntil: NOW - 900, told: "over" };
    expect(findSpan(over, NOW)).toEqual({ from: NOW - 200, to: NOW });
  });
});
