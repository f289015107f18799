import { describe, expect, it } from "vitest";
import { formatShare, nameBrowser } from "../../../src/core/outcome/words.ts";

describe("formatShare()", () => {
  it.each([
    [0, 10, "0 %"],
    [500, 1_000_000, "less than 0.1 %"],
    [1, 1000, "0.1 %"],
    [1, 40, "2.5 %"],
    [99_949, 1_000_000, "10 %"],
    [1, 3, "33 %"],
    [999, 1000, "more than 99 %"],
    [10, 10, "100 %"],
    [570, 20, "100 %"],
  ])("says %d of %d", (part, whole, share) => {
    expect(formatShare(part, whole)).toBe(share);
  });

  it("says nothing without a whole", () => {
    expect([formatShare(0, 0), formatShare(5, 0)]).toEqual(["", ""]);
  });
});

describe("nameBrowser()", () => {
  it("gives a family its usual name, and leaves any other word as it is", () => {
    expect(["safari", "other", "samsung", "constructor", ""].map(nameBrowser)).toEqual([
      "Safari",
      "other browsers",
      "Samsung Internet",
      "constructor",
      "",
    ]);
  });
});
