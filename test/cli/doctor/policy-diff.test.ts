import { describe, expect, it } from "vitest";
import { diffPolicies } from "../../../src/cli/doctor/policy-diff.ts";

describe("diffPolicies()", () => {
  it("lists by directive what was added and removed, in each of several policies", () => {
    const before = "script-src 'self'; img-src 'none', default-src 'self'";
    const after = "script-src 'self' a b; img-src data:, default-src 'self'; font-src 'self' data:";
    expect(diffPolicies(before, after)).toEqual([
      "script-src: + a b",
      "img-src: - 'none' + data:",
      "font-src, as default-src: + data:",
    ]);
  });

  it.each([
    ["default-src 'self' https:", "connect-src 'self' https: x", "connect-src, as default-src: + x"],
    ["Default-Src 'self'", "script-src 'self' x", "script-src, as default-src: + x"],
    ["default-src x; script-src y; child-src z", "worker-src z blob:", "worker-src, as child-src: + blob:"],
    ["default-src x; script-src y", "worker-src y blob:", "worker-src, as script-src: + blob:"],
    ["default-src 'none'", "img-src data:", "img-src, as default-src: - 'none' + data:"],
  ])("shows of a new directive only what it adds to the one that counted before: %s", (before, created, line) => {
    expect(diffPolicies(before, `${before}; ${created}`)).toEqual([line]);
  });

  it("compares policies of any length", () => {
    const sources = Array.from({ length: 200_000 }, (_, index) => `s${index}`).join(" ");
    expect(diffPolicies(`img-src ${sources}`, `img-src ${sources} data:`)).toEqual(["img-src: + data:"]);
  });

  it("says nothing where nothing changed", () => {
    expect(diffPolicies("img-src x;", "img-src x;")).toEqual([]);
  });
});
