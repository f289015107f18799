import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { transformSync } from "esbuild";
import { describe, expect, it } from "vitest";
import { scanJavaScript } from "../../src/core/widget/javascript-tokens.ts";

// recheck's other versions are faster, and need Java or a binary.
process.env["RECHECK_BACKEND"] = "pure";
const { check } = await import("recheck");

const ROOT = join(import.meta.dirname, "../..");

/** Expressions that read only the owner's own texts, once, when the settings are read. */
const OF_SETTINGS = new Set(
  ["widget/snippet", "widget/javascript-tokens", "settings/schemas", "settings/regex", "settings/path-pattern"].map(
    (name) => `src/core/${name}.ts`,
  ),
);

const files = readdirSync(join(ROOT, "src"), { recursive: true, encoding: "utf8" })
  .map((file) => `src/${file}`)
  .filter((file) => /^src\/(?:core|adapters|http|browser)\/.*(?<!\.d)\.ts$/.test(file) && !OF_SETTINGS.has(file));

function readLiterals(file: string): RegExp[] {
  const { code } = transformSync(readFileSync(join(ROOT, file), "utf8"), { loader: "ts" });
  return scanJavaScript(code)
    .map((token) => /^\/(.+)\/(\w*)$/s.exec(token.code))
    .filter((literal) => literal !== null)
    .map(([, source = "", flags]) => new RegExp(source, flags));
}

/** Expressions that a file of core puts together when it is loaded. */
async function readConstructed(): Promise<RegExp[]> {
  const { RegExp: Original } = globalThis;
  const made: RegExp[] = [];
  globalThis.RegExp = new Proxy(Original, {
    construct(target, [source, flags], newTarget) {
      const expression: RegExp = Reflect.construct(target, [source, flags], newTarget);
      if (/headers\/(?:cookies|forwarding)\.ts/.test(new Error().stack ?? "")) made.push(expression);
      return expression;
    },
  });
  await Promise.all(["cookies", "forwarding"].map((name) => import(`../../src/core/headers/${name}.ts`)));
  globalThis.RegExp = Original;
  return made;
}

const constructed = await readConstructed();
const expressions = [...files.flatMap(readLiterals), ...constructed].map(
  ({ source, flags }) => [source, flags] as const,
);

describe("the regular expressions that read what comes from outside", () => {
  it("are found", () => {
    expect(constructed).toHaveLength(1);
    expect(expressions.length).toBeGreaterThan(30);
  });

  it.each(expressions)("take no more than linear time: /%s/%s", { timeout: 120_000 }, async (source, flags) => {
    const found = await check(source, flags, { timeout: 60_000 });
    expect([found.status, found.status === "vulnerable" ? found.attack.pattern : ""]).toEqual(["safe", ""]);
  });
});
