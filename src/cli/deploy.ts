import { spawn } from "node:child_process";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import * as v from "valibot";
import { EXIT, type ExitCode, FLAG, print, printError, runCommand, TEXT, type Values } from "./shared/command-line.ts";
import { parseSite } from "./site/address.ts";
import { toRouteHost } from "./shared/route.ts";

const USAGE = `Usage: npm run deploy -- [options]

Checks this checkout (format, lint, types, size; for the tests, which take minutes: npm test),
deploys the Worker with wrangler, and has the doctor look at the live site. Stops at the first
step that fails.

  --site <address>  the live site; without it, the first address that wrangler deployed to
  --env <name>      environment of wrangler.toml
  --skip-check      without the checks
  --skip-doctor     without looking at the live site

Exit codes: 0 done, 1 a step failed, 2 misuse`;

const OPTIONS = {
  site: TEXT,
  env: TEXT,
  "skip-check": FLAG,
  "skip-doctor": FLAG,
} as const;

type Options = Values<typeof OPTIONS>;

/** Wrangler writes here what it deployed, one JSON object a line. */
const DEPLOYMENT_FILE = join(".connect", "deployment.ndjson");
const eventSchema = v.object({ targets: v.optional(v.array(v.string()), []) });

/** A new version takes a few seconds to reach every location. Source: Cloudflare documentation, "How Workers works". */
const PROPAGATION_MS = 3000;
/** A first deployment may take longer: DNS has to learn a new address on workers.dev. */
const LIVE_WITHIN_SECONDS = "60";

await runCommand({ name: "deploy", usage: USAGE, options: OPTIONS, run: deploy });

async function deploy(options: Options): Promise<ExitCode> {
  const { site, "skip-check": skipCheck, "skip-doctor": skipDoctor } = options;
  const given = site === undefined ? null : parseSite([site]).href;
  const environment = options.env === undefined ? [] : ["--env", options.env];
  if (!skipCheck && !(await succeeds(["npm", "run", "check:static"]))) return EXIT.failed;
  await rm(DEPLOYMENT_FILE, { force: true });
  const env = { ...process.env, WRANGLER_OUTPUT_FILE_PATH: DEPLOYMENT_FILE };
  if (!(await succeeds(["npx", "wrangler", "deploy", ...environment], env))) return EXIT.failed;
  if (skipDoctor) return EXIT.done;
  const address = given ?? (await readDeployedAddress());
  if (address === null) {
    printError(
      "The Worker is deployed. Its Routes name no address to check. Check it yourself: npm run doctor -- <address>",
    );
    return EXIT.failed;
  }
  await sleep(PROPAGATION_MS);
  if (
    await succeeds(["npm", "run", "--silent", "doctor", "--", address, "--live", LIVE_WITHIN_SECONDS, ...environment])
  )
    return EXIT.done;
  const back = ["npx", "wrangler", "rollback", ...environment].join(" ");
  printError(`The Worker is deployed, but the doctor found a problem. To return to the version before: ${back}`);
  return EXIT.failed;
}

/** The deployed address; `null` where no Route names one host. */
async function readDeployedAddress(): Promise<string | null> {
  const output = await readFile(DEPLOYMENT_FILE, "utf8");
  const events = output.split("\n").flatMap((line) => (line === "" ? [] : v.parse(eventSchema, JSON.parse(line))));
  const [host] = events.flatMap(({ targets }) => targets.flatMap((target) => toRouteHost(target) ?? []));
  return host === undefined ? null : `https://${host}`;
}

/** Runs a command and shows its output. */
async function succeeds(
  [command, ...args]: readonly [string, ...string[]],
  env: NodeJS.ProcessEnv = withoutToken(),
): Promise<boolean> {
  const line = [command, ...args].join(" ");
  print(`\n> ${line}`);
  const { promise, resolve } = Promise.withResolvers<number | null>();
  // On Windows, npm and npx are scripts that need a shell.
  const shell = process.platform === "win32";
  const child = spawn(command, args, { env, stdio: "inherit", shell });
  child.once("error", () => resolve(null));
  child.once("exit", resolve);
  if ((await promise) === 0) return true;
  printError(`\nStopped. This command failed: ${line}`);
  return false;
}

/** The environment without Cloudflare's token: checks and doctor need no right to change the account. */
function withoutToken(): NodeJS.ProcessEnv {
  const { CLOUDFLARE_API_TOKEN: _, ...rest } = process.env;
  return rest;
}
