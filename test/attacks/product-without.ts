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
 * Copies the product and changes places of the copy: a Worker without one of its guards, or without both where a second one
 * stands behind the first.
 *
 * @throws {Error} When a text to be changed is not there exactly once.
 */
export function createProductWithout(edits: readonly Edit[]): ChangedProduct {
  const folder = mkdtempSync(join(tmpdir(), "without-"));
  for (const name of ["src", "test/worker/entries", ".connect/browser-part.txt", "package.json", "tsconfig.json"]) {
    cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  }
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  for (const edit of edits) leaveOut(folder, edit);
  if (edits.some(({ file }) => !/^src\/(?:http|adapters|cli)\//.test(file))) {
    execFileSync("npm", ["run", "--silent", "build:browser"], { cwd: folder, stdio: "inherit" });
  }
  return { path: (name) => join(folder, name), remove: () => rmSync(folder, { recursive: true }) };
}

function leaveOut(folder: string, { file, from, to }: Edit): void {
  const path = join(folder, file);
  const parts = readFileSync(path, "utf8").split(from);
  if (parts.length !== 2) {
    throw new Error(`Cannot leave a guard out: expected its text once in ${file}, found it ${parts.length - 1} times`);
  }
  writeFileSync(path, parts.join(to));
}
