import { execFile } from "node:child_process";
import { cpSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const INSTALLED_DIR = join(import.meta.dirname, "../../.connect/frameworks");

/**
 * Copies one of the small sites beside this file to where it may have packages of its own, and fetches those from npm.
 *
 * Never into this project's dependencies: nobody needs them who only works on the Worker.
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
