import { describe, expect, it } from "vitest";
import { hasConsent } from "../../../src/core/chat/consent.ts";
import { parseRegex } from "../../../src/core/settings/regex.ts";

const wanted = { source: "cookie" as const, name: "consent", value: parseRegex("marketing") };

describe("hasConsent()", () => {
  it.each([null, "", "consent=no"])("asks nobody where the owner wants no consent (%j)", (cookies) => {
    expect(hasConsent(null, cookies)).toBe(true);
  });

  it.each(["consent=marketing", "a=1; consent=needed,marketing,statistics; b=2"])("finds it in %j", (cookies) => {
    expect(hasConsent(wanted, cookies)).toBe(true);
  });

  it.each([
    null,
    "",
    "consent=",
    "consent=needed",
    "consent",
    "marketing",
    "CONSENT=marketing",
    "noconsent=marketing",
    "a=consent=marketing",
    // Only the first one counts: a cookie for a narrower path must not be overruled by a wider one.
    "consent=needed; consent=marketing",
  ])("finds none in %j", (cookies) => {
    expect(hasConsent(wanted, cookies)).toBe(false);
  });

  it("takes the whole value where the owner's expression says so", () => {
    const whole = { source: "cookie" as const, name: "consent", value: parseRegex("^yes$") };
    expect(hasConsent(whole, "consent=yes")).toBe(true);
    expect(hasConsent(whole, "consent=yes,but")).toBe(false);
  });

  it.each([
    ["4,096 characters", 4096, true],
    ["more", 4097, false],
  ])("looks for it in a value of %s: %s", (_length, length, isGiven) => {
    expect(hasConsent(wanted, `consent=${"marketing".padStart(length, ",")}`)).toBe(isGiven);
  });

  it("gives the same answer when asked again", () => {
    const answers = [1, 2, 3].map(() => hasConsent(wanted, "consent=marketing"));
    expect(answers).toEqual([true, true, true]);
  });
});
