import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { callAttacks } from "./call/attacks.ts";
import { chatAttacks } from "./chat/attacks.ts";
import { proxyAttacks } from "./proxy/attacks.ts";

const PAGE = readFileSync(join(import.meta.dirname, "../../.github/SECURITY.md"), "utf8");

describe("the threat model in SECURITY.md", () => {
  it("has exactly the attacks that are tried", () => {
    const [, section = ""] = /\n## Threat model\n([^]*?)\n## Not covered\n/.exec(PAGE) ?? [];
    const rows = [...section.matchAll(/^\| ([A-Z].*?) \| .+ \|$/gm)].map(([, name]) => name);
    expect(rows).toEqual([...chatAttacks, ...callAttacks, ...proxyAttacks].map(({ name }) => name));
  });
});
