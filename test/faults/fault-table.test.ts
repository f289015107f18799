import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const PAGE = readFileSync(join(import.meta.dirname, "../../.github/OPERATING.md"), "utf8");

/** Names of the tests of a file, read from its text: running them would start Workers and browsers. */
function readTestNames(file: string): (string | undefined)[] {
  const source = readFileSync(join(import.meta.dirname, file), "utf8");
  return [...source.matchAll(/(?:\bit\(|\bname: )"(.*?)",/g)].map(([, name]) => name);
}

describe("the table of faults in OPERATING.md", () => {
  it("has exactly the faults that are tried", () => {
    const [, section = ""] = /\n## Faults\n([^]*?)\n## /.exec(PAGE) ?? [];
    const rows = [...section.matchAll(/^\| (`?[A-Z].*?) \| .+ \|$/gm)].map(([, name]) => name?.replaceAll("`", ""));
    const tests = readdirSync(import.meta.dirname)
      .filter((file) => file.endsWith(".test.ts") && file !== "fault-table.test.ts")
      .flatMap(readTestNames);
    expect(new Set(rows)).toEqual(new Set(tests));
  });
});
