import { describe, expect, it } from "vitest";
import { findInStartCall } from "../../../src/cli/findings/find-in-start-call.ts";

describe("findInStartCall()", () => {
  it.each([
    [401, []],
    [200, ["security-not-enforced"]],
    [400, ["not-on-allow-list"]],
    [404, ["widget-unknown"]],
    [403, ["start-call-unclear"]],
    [null, ["start-call-unclear"]],
  ])("takes the answer %s for %j", (status, expected) => {
    expect(findInStartCall(status, "It waits.").map(({ code }) => code)).toEqual(expected);
  });

  it("says of a 400 what may be wrong, and when the finding does not count", () => {
    const [finding] = findInStartCall(400, "");
    expect(finding?.what).toMatch(/domains.* snippet/);
    expect(finding?.todo).toMatch(/exact address.* copy the snippet.* starts in a browser all the same/);
  });

  it("finds start-call-unclear for an unknown status", () => {
    expect(findInStartCall(500, "")).toMatchObject([{ code: "start-call-unclear", details: ["status 500"] }]);
  });
});
