import { describe, expect, it } from "vitest";
import { describeSelfOff } from "../../../src/core/watch/self-off-message.ts";
import { type SelfOffFlag } from "../../../src/core/watch/self-off-flag.ts";

const flag: SelfOffFlag = { v: 1, offUntil: 600, trialUntil: 4200, told: "off" };
const evidence = { pages: 12_345.6, failures: 3000, networks: 1200, operators: 31, share: 0.243, line: 0.2 };

describe("describeSelfOff()", () => {
  it("says what was seen, for how long the chat is off, and what to do", () => {
    const message = describeSelfOff({ act: "switch-off", reason: "client-fails", flag, evidence });
    expect(message).toEqual({
      trouble: "self-off",
      isOver: false,
      summary:
        "The chat has switched itself off for 10 minutes: the client failed in at least 3,000 of 12,346 page views, " +
        "told from at least 1,200 networks of 31 operators. The line is at 20 %.",
      todo: expect.stringMatching(
        /comes back by itself\. See the status page of AWS[^]*set SELF_OFF = "0" and deploy\.$/,
      ),
    });
  });

  it.each([
    ["client-works", "the chat is on again for everybody. It has worked for one visitor in ten, for 10 minutes."],
    [
      "time-passed",
      "the chat is on again for everybody. An hour of trying is over, and nothing more has spoken against it.",
    ],
    ["switched-on-by-owner", "SELF_OFF or MODE has been changed, and the chat no longer switches itself off."],
  ] as const)("says why it is over: %s", (reason, sentence) => {
    expect(describeSelfOff({ act: "switch-on", reason, flag })).toEqual({
      trouble: "self-off",
      isOver: true,
      summary: `Over: ${sentence}`,
      todo: "",
    });
  });

  it("says nothing while it goes on", () => {
    expect(describeSelfOff({ act: "switch-off", reason: "client-still-fails", flag, evidence })).toBe(null);
    expect(describeSelfOff({ act: "try", reason: "time-passed", flag })).toBe(null);
    expect(describeSelfOff({ act: "nothing", reason: "off" })).toBe(null);
  });
});
