import { describe, expect, it } from "vitest";
import { type FailureCount, weighFailure } from "../../../src/core/watch/figures.ts";

const told = (network: string, operator: string, count: number, changes: Partial<FailureCount> = {}): FailureCount => ({
  failure: "client-failed",
  browser: "safari",
  network,
  operator,
  count,
  ...changes,
});
const weigh = (...failures: FailureCount[]) =>
  weighFailure({ pages: 100, tokens: 10, offered: 5, failures }, "client-failed");

describe("weighFailure()", () => {
  it("counts each network three times at most, whatever its browsers", () => {
    expect(weigh(told("a", "1", 2), told("a", "1", 900, { browser: "chrome" }), told("b", "1", 2))).toEqual({
      count: 5,
      networks: 2,
      operators: 1,
      largestOperator: 1,
    });
  });

  it("counts no other failure", () => {
    expect(weigh(told("a", "1", 2, { failure: "policy-blocked" }))).toEqual({
      count: 0,
      networks: 0,
      operators: 0,
      largestOperator: 0,
    });
  });

  it("says how much of it is one operator's", () => {
    expect(weigh(told("a", "1", 1), told("b", "1", 1), told("c", "1", 1), told("d", "2", 1))).toMatchObject({
      operators: 2,
      largestOperator: 0.75,
    });
  });
});
