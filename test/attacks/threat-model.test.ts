import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { callAttacks } from "./call/attacks.ts";
import { chatAttacks } from "./chat/attacks.ts";
import { proxyAttacks } from "./proxy/attacks.ts";

const ROOT = join(import.meta.dirname, "../..");
const PAGE = readFileSync(join(ROOT, ".github/SECURITY.md"), "utf8");
const ATTACKS = [...chatAttacks, ...callAttacks, ...proxyAttacks];

describe("the threat model in SECURITY.md", () => {
  it("has exactly the attacks that are tried", () => {
    const [, section = ""] = /\n## Threat model\n([^]*?)\n## Not covered\n/.exec(PAGE) ?? [];
    const rows = [...section.matchAll(/^\| ([A-Z].*?) \| .+ \|$/gm)].map(([, name]) => name);
    expect(rows).toEqual(ATTACKS.map(({ name }) => name));
  });

  // The attacks without their guards run with the long tests: a line that has moved is found here already.
  it("has each guard exactly once in the source", () => {
    const edits = ATTACKS.flatMap(({ withoutGuard }) => withoutGuard);
    const missing = edits.filter(({ file, from }) => readFileSync(join(ROOT, file), "utf8").split(from).length !== 2);
    expect(missing).toEqual([]);
  });
});
