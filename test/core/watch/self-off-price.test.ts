import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { decideSelfOff, findSpan } from "../../../src/core/watch/self-off.ts";
import { type SelfOffFlag } from "../../../src/core/watch/self-off-flag.ts";
import { failuresOf, hourOf } from "./hours.ts";

/** Half past an hour. */
const NOW = 1_800_000_000 - (1_800_000_000 % 3600) + 1800;
const inTrial: SelfOffFlag = { v: 1, offUntil: NOW - 600, trialUntil: NOW + 3000, told: "trial" };

/** What is decided where so many networks of five operators tell a failure so often. */
function decide(pages: number, networks: number, each: number, flag: SelfOffFlag | null = null) {
  const figures = hourOf({ pages, failures: failuresOf("client-failed", networks, { each }) });
  return decideSelfOff(flag, { span: findSpan(flag, NOW), figures, weekBefore: hourOf() }, NOW).act;
}

/** The fewest networks that switch the chat off, and then the fewest calls of each. */
function findPrice(pages: number) {
  const isEnough = (networks: number, each: number) => decide(pages, networks, each) === "switch-off";
  const networks = Array.from({ length: pages }, (_none, index) => index + 1).find((few) => isEnough(few, 3)) ?? 0;
  const each = [1, 2, 3].find((calls) => isEnough(networks, calls)) ?? 0;
  return { pages, networks, calls: networks * each };
}

describe("decideSelfOff(), what it takes to make failures up", () => {
  it("is what the documentation says", async () => {
    const text = await readFile(join(import.meta.dirname, "../../../.github/WATCHING.md"), "utf8");
    const [, table = ""] =
      /\| page views in ten minutes \| networks \| calls \|\n\|(?:---\|)+\n((?:\|.*\n)+)/.exec(text) ?? [];
    const rows = table
      .trim()
      .split("\n")
      .map((line) =>
        line
          .split("|")
          .slice(1, 4)
          .map((cell) => Number(cell.replaceAll(",", ""))),
      );
    const said = rows.map(([pages = 0, networks = 0, calls = 0]) => ({ pages, networks, calls }));
    expect(said.map(({ pages }) => pages)).toEqual([100, 300, 3000, 30_000]);
    expect(said).toEqual(said.map(({ pages }) => findPrice(pages)));
  });

  it.each([
    [250, 5],
    [3000, 20],
    [30_000, 200],
  ])("for %i page views of a trial: %i networks", (pages, networks) => {
    expect(decide(pages, networks, 3, inTrial)).toBe("switch-off");
    expect(decide(pages, networks - 1, 3, inTrial)).not.toBe("switch-off");
  });
});
