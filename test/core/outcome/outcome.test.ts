import { describe, expect, it } from "vitest";
import { OUTCOME_WORDS, pickCounted } from "../../../src/core/outcome/outcome.ts";

describe("pickCounted()", () => {
  it("counts every word that is told alone", () => {
    expect(OUTCOME_WORDS.flatMap((word) => pickCounted([word]))).toEqual(OUTCOME_WORDS);
  });

  it("counts a word once", () => {
    expect(pickCounted(["opened", "started", "opened"])).toEqual(["opened", "started"]);
  });

  it.each([
    ["a script that a policy blocked", ["client-failed", "policy-blocked"], ["policy-blocked"]],
    ["old messages that came late", ["history-missing", "history-seen"], ["history-seen"]],
    ["a refusal whose status is known", ["start-refused", "start-refused-401"], ["start-refused-401"]],
    ["a refusal for want of a token", ["start-refused-401", "token-refused"], ["token-refused"]],
    ["a second try that succeeded", ["start-refused", "start-refused-400", "started"], ["started"]],
  ] as const)("does not count %s twice", (_what, told, counted) => {
    expect(pickCounted(told)).toEqual(counted);
  });

  it("counts failures that have nothing to do with each other", () => {
    expect(pickCounted(["client-failed", "token-refused", "connection-lost"])).toHaveLength(3);
  });
});
