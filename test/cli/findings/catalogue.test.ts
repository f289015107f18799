import { describe, expect, it } from "vitest";
import { buildFinding, isFindingCode, sortFindings } from "../../../src/cli/findings/catalogue.ts";

describe("the catalogue", () => {
  // Each reason for leaving a page alone needs advice for the owner.
  it.each([
    "excluded-path",
    "content-type",
    "charset",
    "encoding",
    "no-transform",
    "download",
    "coep",
    "csp-no-script",
    "csp-unreadable",
    "csp-sandbox",
    "csp-trusted-types",
    "csp-strict-dynamic",
    "csp-style-hashes",
    "empty",
    "not-html",
    "amp",
    "no-head-found",
    "late-charset",
  ])("says what to do about %s", (reason) => {
    expect(isFindingCode(reason)).toBe(true);
  });

  it("sorts by weight, then by what to do first", () => {
    const findings = [
      buildFinding("robots"),
      buildFinding("amp"),
      buildFinding("no-page"),
      buildFinding("coep"),
      buildFinding("switched-off", { weight: "blocks" }),
    ];
    const sorted = ["no-page", "switched-off", "coep", "amp", "robots"];
    expect(sortFindings(findings).map(({ code }) => code)).toEqual(sorted);
  });
});
