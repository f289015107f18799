import { describe, expect, it } from "vitest";
import { toCauses } from "../../../src/core/outcome/outcome.ts";

describe("toCauses()", () => {
  it("leaves out the client that failed because a policy blocked it", () => {
    expect(toCauses(["client-failed", "policy-blocked", "opened"])).toEqual(["policy-blocked", "opened"]);
  });

  it("keeps each other word once, in its order", () => {
    expect(toCauses(["opened", "client-failed", "opened"])).toEqual(["opened", "client-failed"]);
  });
});
