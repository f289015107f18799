import { execFile } from "node:child_process";
import { accessSync, constants, existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { type Browser, chromium } from "playwright-core";

const run = promisify(execFile);
const PACKED_DIR = join(import.meta.dirname, "../../.connect/chromium");
const UNPACK = 'import("@sparticuz/chromium").then(({ default: packed }) => packed.executablePath())';
const INSTALLED = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/**
 * Starts the Chromium of this machine; without one, the Chromium of an npm package.
 *
 * @param withoutArgs Arguments that Playwright would start it with.
 * @param moreArgs Arguments beside those of every test.
 */
export async function launchChromium(withoutArgs: string[] = [], moreArgs: string[] = []): Promise<Browser> {
  const installed = findInstalled();
  const { path, env } = installed === null ? await unpackChromium() : { path: installed, env: {} };
  return chromium.launch({
    executablePath: path,
    ignoreDefaultArgs: withoutArgs,
    env: { ...definedEnv(), ...env },
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      ...moreArgs,
    ],
  });
}

function findInstalled(): string | null {
  const chosen = process.env["CHROMIUM_PATH"];
  if (chosen) return chosen;
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const candidates = folders.flatMap((folder) => INSTALLED.map((name) => join(folder, name)));
  return candidates.find(isExecutable) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Unpacks once, into a folder of this process first: an interrupted or parallel run leaves no half file. */
async function unpackChromium(): Promise<{ path: string; env: Record<string, string> }> {
  if (!existsSync(PACKED_DIR)) {
    const partial = `${PACKED_DIR}.${process.pid}`;
    mkdirSync(partial, { recursive: true });
    // A process with its own environment, which tells the package where to unpack, and to unpack its libraries as on AWS Lambda.
    await run(process.execPath, ["-e", UNPACK], {
      cwd: import.meta.dirname,
      env: { ...process.env, TMPDIR: partial, AWS_EXECUTION_ENV: "AWS_Lambda_nodejs22.x" },
    });
    try {
      renameSync(partial, PACKED_DIR);
    } catch {
      rmSync(partial, { recursive: true });
    }
  }
  const path = join(PACKED_DIR, "chromium");
  const libraries = { LD_LIBRARY_PATH: join(PACKED_DIR, "al2023/lib") };
  return { path, env: (await startsWith(path, {})) ? {} : libraries };
}

/** Whether the program starts: without NSS it stops before it reads its first argument. */
async function startsWith(path: string, env: Record<string, string>): Promise<boolean> {
  try {
    await run(path, ["--version"], { env: { ...definedEnv(), ...env } });
    return true;
  } catch {
    return false;
  }
}

function definedEnv(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
