import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../..");

/** One change of the product's source. */
export interface Edit {
  /** Path from the project's root. */
  readonly file: string;
  /** Stands in that file exactly once. */
  readonly from: string;
  readonly to: string;
}

/** A copy of the product's source with one change. */
export interface ChangedProduct {
  /** Where a file of the product is in the copy. */
  path(file: string): string;
  remove(): void;
}

/**
 * Copies the product and changes one place of the copy: a Worker without one of its guards.
 *
 * @throws {Error} When the text to be changed is not there exactly once.
 */
export function createProductWithout({ file, from, to }: Edit): ChangedProduct {
  const source = readFileSync(join(ROOT, file), "utf8");
  const parts = source.split(from);
  if (parts.length !== 2) {
    throw new Error(`Cannot leave a guard out: expected its text once in ${file}, found it ${parts.length - 1} times`);
  }
  const folder = mkdtempSync(join(tmpdir(), "without-"));
  for (const name of ["src", "test/worker/entries", ".connect/browser-part.txt", "package.json", "tsconfig.json"]) {
    cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  }
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  writeFileSync(join(folder, file), parts.join(to));
  if (file.startsWith("src/browser/")) {
    execFileSync("npm", ["run", "--silent", "build:browser"], { cwd: folder, stdio: "inherit" });
  }
  return { path: (name) => join(folder, name), remove: () => rmSync(folder, { recursive: true }) };
}
