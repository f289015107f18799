import { describe, expect, it } from "vitest";
import { OUTCOME_WORDS, pickCounted } from "../../../src/core/outcome/outcome.ts";

describe("pickCounted()", () => {
  it("counts every word that is told of a chat that was opened, and no other", () => {
    for (const word of OUTCOME_WORDS) expect(pickCounted(["opened", word])).toContain(word);
  });

  it.each(["token-refused", "start-refused", "start-refused-401"] as const)(
    "does not count %s where no chat was opened",
    (word) => {
      expect(pickCounted([word])).toEqual([]);
    },
  );

  it("counts a word once", () => {
    expect(pickCounted(["opened", "started", "opened"])).toEqual(["opened", "started"]);
  });

  it.each([
    ["a script that a policy blocked", ["client-failed", "policy-blocked"], ["policy-blocked"]],
    ["old messages that came late", ["history-missing", "history-seen"], ["history-seen"]],
    [
      "a refusal whose status is known",
      ["opened", "start-refused", "start-refused-401"],
      ["opened", "start-refused-401"],
    ],
    ["a refusal for want of a token", ["opened", "start-refused-401", "token-refused"], ["opened", "token-refused"]],
    ["a second try that succeeded", ["opened", "start-refused", "start-refused-400", "started"], ["opened", "started"]],
  ] as const)("does not count %s twice", (_what, told, counted) => {
    expect(pickCounted(told)).toEqual(counted);
  });

  it("counts failures that have nothing to do with each other", () => {
    expect(pickCounted(["opened", "client-failed", "token-refused", "connection-lost"])).toHaveLength(4);
  });
});
