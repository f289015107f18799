import { execFile } from "node:child_process";
import { cpSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const INSTALLED_DIR = join(import.meta.dirname, "../../.connect/frameworks");

/**
 * Copies one of the small sites beside this file to a folder outside of the sources, and installs its packages there.
 *
 * The packages are no dependencies of this project: work on the Worker does not need them.
 *
 * @returns The folder.
 */
export async function installApp(name: "next-app" | "turbo-app"): Promise<string> {
  const folder = join(INSTALLED_DIR, name);
  cpSync(join(import.meta.dirname, name), folder, { recursive: true });
  const wanted = readFileSync(join(folder, "package.json"), "utf8");
  const marker = join(folder, "node_modules/.installed");
  if (existsSync(marker) && readFileSync(marker, "utf8") === wanted) return folder;
  await run("npm", ["install", "--no-audit", "--no-fund", "--ignore-scripts"], { cwd: folder });
  writeFileSync(marker, wanted);
  return folder;
}
