import { describe, expect, it } from "vitest";
import { findLostNumber } from "../../../../src/cli/connect/install/content/find-lost-number.ts";

describe("findLostNumber()", () => {
  it.each(["12345678901234567890", "0.12345678901234567890", "1e400", "-9007199254740993"])("finds %s", (number) => {
    expect(findLostNumber(`{"a":1,"b":[${number}]}`)).toBe(number);
  });

  it.each([
    "1.0",
    "1e3",
    "-0",
    "0.001",
    "158.44444444444446",
    "1E+21",
    '"12345678901234567890"',
    String.raw`"\"12345678901234567890"`,
  ])("keeps %s", (text) => {
    expect(findLostNumber(`{"a":${text}}`)).toBeNull();
  });
});
