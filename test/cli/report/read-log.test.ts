import { describe, expect, it } from "vitest";
import { readLog } from "../../../src/cli/report/read/log.ts";
import { NOW } from "./some-figures.ts";

const line = (time?: unknown) => JSON.stringify({ event: "page.injected", time });
const read = (...lines: string[]) => readLog(lines, "A log", NOW);

describe("readLog()", () => {
  it.each([
    ["ISO 8601 text", "2026-06-15T11:59:00.123Z"],
    ["milliseconds", (NOW - 60) * 1000],
  ])("counts a line with a time as %s in its hour", (_, time) => {
    expect(read(line(time))).toMatchObject({
      hours: [{ event: "page.injected", outcome: "", hour: NOW - 3600, count: 1 }],
      span: { from: NOW - 3600, until: NOW },
      withoutTime: 0,
    });
  });

  it.each([
    ["none", undefined],
    ["a word", "yesterday"],
    ["of another kind", { at: 5 }],
    ["from a clock that ran ahead", (NOW + 86_400) * 1000],
    ["from a clock that began at 1970", 86_400_000],
  ])("counts a line whose time is %s, and leaves it out of the hours", (_, time) => {
    expect(read(line(time))).toMatchObject({ counts: [{ count: 1 }], hours: [], span: null, withoutTime: 1 });
  });

  it("orders the hours of lines that came late", () => {
    const { hours } = read(line((NOW - 60) * 1000), line((NOW - 7200) * 1000), line((NOW - 90) * 1000));
    expect(hours.map(({ hour, count }) => [hour, count])).toEqual([
      [NOW - 7200, 1],
      [NOW - 3600, 2],
    ]);
  });

  it("counts what browsers told, with family and version", () => {
    const told = {
      event: "browser.outcome",
      outcome: "start-refused",
      reason: "401",
      browser: "safari",
      version: "1.2.3",
    };
    expect(read(JSON.stringify(told)).counts).toEqual([{ ...told, count: 1 }]);
  });

  it.each(["constructor", "toString", "__proto__"])("takes %s for no event", (event) => {
    expect(read(JSON.stringify({ event })).counts).toEqual([]);
  });
});
