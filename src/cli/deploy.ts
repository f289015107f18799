import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { unstable_readConfig as readWranglerConfig } from "wrangler";
import { EXIT, type ExitCode, Misuse, parseCommandLine, print, printError, runCommand } from "./command-line.ts";

const USAGE = `Usage: npm run deploy -- [options]

Checks this checkout (format, lint, types, size; for the tests, which take minutes: npm test),
deploys the Worker with wrangler, and has the doctor look at the live site. Stops at the first
step that fails.

  --site <address>  the live site; without it, the first route in wrangler.toml
  --env <name>      environment of wrangler.toml
  --skip-check      without the checks
  --skip-doctor     without looking at the live site

Exit codes: 0 done, 1 a step failed, 2 misuse`;

const OPTIONS = {
  site: { type: "string" },
  env: { type: "string" },
  "skip-check": { type: "boolean", default: false },
  "skip-doctor": { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
} as const;

const parse = (args: string[]) => parseCommandLine({ args, options: OPTIONS });
type Options = ReturnType<typeof parse>["values"];

/** A new version is everywhere after a few seconds. Source: Cloudflare documentation, "How Workers works". */
const PROPAGATION_MS = 3000;

await runCommand("deploy", async (args) => {
  const { values } = parse(args);
  if (!values.help) return deploy(values);
  print(USAGE);
  return EXIT.done;
});

async function deploy(options: Options): Promise<ExitCode> {
  const { env, "skip-check": skipCheck, "skip-doctor": skipDoctor } = options;
  const site = skipDoctor ? null : findSite(options);
  const environment = env === undefined ? [] : ["--env", env];
  if (!skipCheck && !(await succeeds("npm", "run", "check:static"))) return EXIT.failed;
  if (!(await succeeds("npx", "wrangler", "deploy", ...environment))) return EXIT.failed;
  if (site === null) return EXIT.done;
  await sleep(PROPAGATION_MS);
  if (await succeeds("npm", "run", "--silent", "doctor", "--", site)) return EXIT.done;
  printError("It is deployed, and the doctor found something. Back to the version before: npx wrangler rollback");
  return EXIT.failed;
}

function findSite({ site, env }: Options): string {
  if (site !== undefined) return site;
  const { routes = [], route } = readWranglerConfig({ env }, { hideWarnings: true });
  const [first] = route === undefined ? routes : [route];
  const pattern = typeof first === "object" ? first.pattern : first;
  // A route such as *.example.com/* names no host that could be asked.
  const host = /^(?:https?:\/\/)?([^/*]+)(?:\/|$)/.exec(pattern ?? "")?.[1];
  if (host !== undefined) return `https://${host}`;
  throw new Misuse("Which site is it? wrangler.toml has no route with a host: tell --site https://www.example.com");
}

/** Runs a command before everybody's eyes. */
async function succeeds(command: string, ...args: readonly string[]): Promise<boolean> {
  const line = [command, ...args].join(" ");
  print(`\n> ${line}`);
  const { promise, resolve } = Promise.withResolvers<number | null>();
  // On Windows these are scripts of its shell.
  const child = spawn(command, args, { stdio: "inherit", shell: process.platform === "win32" });
  child.once("error", () => resolve(null));
  child.once("exit", resolve);
  if ((await promise) === 0) return true;
  printError(`\nStopped: this failed: ${line}`);
  return false;
}
