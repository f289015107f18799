import { describe, expect, it } from "vitest";
import { diffPolicies } from "../../../src/cli/doctor/policy-diff.ts";

describe("diffPolicies()", () => {
  it("lists by directive what was added and removed, in each of several policies", () => {
    const before = "script-src 'self'; img-src 'none', default-src 'self'";
    const after = "script-src 'self' a b; img-src data:, default-src 'self'; font-src 'self' data:";
    expect(diffPolicies(before, after)).toEqual([
      "script-src: + a b",
      "img-src: - 'none' + data:",
      "font-src (new): + 'self' data:",
    ]);
  });

  it("compares policies of any length", () => {
    const sources = Array.from({ length: 200_000 }, (_, index) => `s${index}`).join(" ");
    expect(diffPolicies(`img-src ${sources}`, `img-src ${sources} data:`)).toEqual(["img-src: + data:"]);
  });

  it("says nothing where nothing changed", () => {
    expect(diffPolicies("img-src x;", "img-src x;")).toEqual([]);
  });
});
