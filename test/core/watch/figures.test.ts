import { describe, expect, it } from "vitest";
import {
  type FigureRow,
  onlyLoading,
  type OperatorFailures,
  toFigures,
  weighFailures,
} from "../../../src/core/watch/figures.ts";
import { hourOf } from "./hours.ts";

const row = (changes: Partial<FigureRow>): FigureRow => ({
  event: "browser.outcome",
  outcome: "client-failed",
  operator: "c3d4",
  networks: 1,
  counted: 1,
  total: 1,
  ...changes,
});
const none = { pages: 0, tokens: 0, offered: 0, hasOutcomes: false, failures: [], opened: [] };

describe("toFigures()", () => {
  it("adds up pages, tokens, and the tokens that named a past chat", () => {
    const rows = [
      row({ event: "page.injected", outcome: "", total: 900 }),
      row({ event: "token.issued", outcome: "none", total: 30 }),
      row({ event: "token.issued", outcome: "now", total: 15 }),
      row({ event: "token.issued", outcome: "wait", total: 5 }),
    ];
    expect(toFigures(rows)).toEqual({ ...none, pages: 900, tokens: 50, offered: 20 });
  });

  it("keeps each failure's operators, with what counts of their networks", () => {
    const counts = { networks: 4, counted: 7, total: 900 };
    expect(toFigures([row(counts), row({ ...counts, outcome: "start-refused", operator: "e5" })]).failures).toEqual([
      { failure: "client-failed", operator: "c3d4", networks: 4, count: 7 },
      { failure: "start-refused", operator: "e5", networks: 4, count: 7 },
    ]);
  });

  it("keeps who opened the chat, with what counts of their networks", () => {
    const opened = { operator: "c3d4", networks: 4, counted: 7, total: 900 };
    expect(toFigures([row({ ...opened, outcome: "opened" })]).opened).toEqual([
      { operator: "c3d4", networks: 4, count: 7 },
    ]);
  });

  it.each([
    ["a newer version's outcome", { outcome: "agent-asleep" }, true],
    ["a step that went well", { outcome: "started" }, true],
    ["a newer version's event", { event: "video.failed" }, false],
    ["a negative count", { total: -5 }, false],
    ["what is no number", { total: Number.NaN }, false],
  ])("counts %s as no failure", (_name, changes, hasOutcomes) => {
    expect(toFigures([row(changes)])).toEqual({ ...none, hasOutcomes });
  });
});

describe("onlyLoading()", () => {
  it("takes the share of the page views in which a client loads", () => {
    expect(onlyLoading(hourOf({ pages: 1000 }), 5)).toEqual(hourOf({ pages: 50 }));
  });
});

const told = (operator: string, networks: number, count: number, failure = "client-failed" as const) => ({
  failure,
  operator,
  networks,
  count,
});
const weigh = (failures: readonly OperatorFailures[], most?: { count: number; networks?: number }) =>
  weighFailures(hourOf({ failures }), ["client-failed", "never-ready"], most);

describe("weighFailures()", () => {
  it("adds the operators up", () => {
    expect(weigh([told("a", 4, 6), told("b", 1, 3)])).toEqual({ count: 9, networks: 5, operators: 2 });
  });

  it("counts no operator for more than it may", () => {
    expect(weigh([told("a", 90, 200), told("b", 1, 3)], { count: 10, networks: 5 })).toEqual({
      count: 13,
      networks: 6,
      operators: 2,
    });
  });

  it("counts a network that tells two failures no more often than one that tells one", () => {
    const both = [told("a", 4, 12), { ...told("a", 3, 9), failure: "never-ready" as const }];
    expect(weigh(both)).toEqual({ count: 12, networks: 4, operators: 1 });
  });

  it("counts no other failure", () => {
    expect(weigh([{ ...told("a", 2, 2), failure: "policy-blocked" }])).toEqual({ count: 0, networks: 0, operators: 0 });
  });
});
