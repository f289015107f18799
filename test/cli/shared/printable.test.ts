import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { toPrintable, toPrintableLine } from "../../../src/cli/shared/printable.ts";

describe("toPrintable()", () => {
  it.each([
    ["an escape", "\u001b[2J", String.raw`\u001b[2J`],
    ["an escape of one character, and delete", "\u009b2J\u007f", String.raw`\u009b2J\u007f`],
    ["a return and a backspace", "fine\r\b", String.raw`fine\u000d\u0008`],
    ["marks that turn text round", "\u202e\u2066\u200f\u061c", String.raw`\u202e\u2066\u200f\u061c`],
    ["other line ends", "\u2028\u2029\u0085", String.raw`\u2028\u2029\u0085`],
    ["a character beyond U+FFFF", "\u{e0041}", String.raw`\udb40\udc41`],
  ])("writes out %s", (_name, text, printable) => expect(toPrintable(text)).toBe(printable));

  it("keeps visible characters and line ends", () => {
    const text = "Grüße, 你好, שלום …\n  \\u001b 🫖";
    expect(toPrintable(text)).toBe(text);
  });

  it("keeps the value of a JSON text", () => {
    const value = { text: "\u001b\u009b\u202e\u{e0041}\n" };
    expect(JSON.parse(toPrintable(JSON.stringify(value, null, 2)))).toEqual(value);
  });
});

describe("toPrintableLine()", () => {
  it("turns several lines into one", () => {
    expect(toPrintableLine("a\nReady: all is fine\u001b")).toBe(String.raw`a\u000aReady: all is fine\u001b`);
  });
});

describe("the commands", () => {
  it("write to the terminal in one place, which makes it printable", () => {
    const folder = join(import.meta.dirname, "../../../src/cli");
    const writing = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => {
      if (!name.endsWith(".ts")) return false;
      const text = readFileSync(join(folder, name), "utf8");
      return /std(?:out|err)\.write|console\.|\blog\.\w+\((?!toPrintable|")/.test(text);
    });
    // The diff has colours around printable lines. The countdown of visitor.ts prints numbers.
    expect(writing.toSorted()).toEqual([
      "connect/install/print-diff.ts",
      "shared/command-line.ts",
      "visitor/visitor.ts",
    ]);
  });
});
