import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import { toCountedEvent } from "../../core/counted-event.ts";
import { wholeNumber } from "../../core/settings/schemas.ts";
import { readCounts } from "./analytics-engine.ts";
import { EXIT, type ExitCode, FLAG, Misuse, print, runCommand, TEXT, type Values } from "../shared/command-line.ts";
import { type Count, renderReport } from "./table.ts";
import { readConfigFile } from "../shared/wrangler-config.ts";

const PLAYGROUND_LOG = join(".connect", "playground", "worker.log");

const USAGE = `Usage: npm run report -- [options]

Prints how many chats were started and continued, how many pages got the chat, and why the
others did not. Reads the dataset that wrangler.toml binds as METRICS, and needs in the
environment CLOUDFLARE_ACCOUNT_ID and CLOUDFLARE_API_TOKEN (Account Analytics: Read).

  --days <number>  how far back, 1 to 90 (7)
  --playground     reads the log of \`npm start\` instead
  --log <file>     reads the Worker's log lines from a file instead
  --env <name>     environment of wrangler.toml
  --json           prints the counts as JSON

Exit codes: 0 done, 1 failed, 2 misuse`;

const OPTIONS = {
  days: TEXT,
  playground: FLAG,
  log: TEXT,
  env: TEXT,
  json: FLAG,
} as const;

type Options = Values<typeof OPTIONS>;

interface Source {
  readonly title: string;
  readonly counts: readonly Count[];
}

await runCommand({ name: "report", usage: USAGE, options: OPTIONS, run: report });

async function report(options: Options): Promise<ExitCode> {
  const { title, counts } = await readSource(options);
  print(options.json ? JSON.stringify(counts, null, 2) : renderReport(counts, title));
  return EXIT.done;
}

function readSource(options: Options): Promise<Source> {
  const log = options.log ?? (options.playground ? PLAYGROUND_LOG : null);
  return log === null ? readAnalytics(options) : readLog(log);
}

async function readAnalytics(options: Options): Promise<Source> {
  const days = v.safeParse(wholeNumber(7, 1, 90), options.days);
  if (!days.success) throw new Misuse(`--days: ${days.issues[0].message}`);
  const { analytics_engine_datasets: datasets } = readConfigFile(options.env);
  const dataset = datasets.find(({ binding }: { readonly binding: string }) => binding === "METRICS");
  if (dataset === undefined) {
    throw new Misuse(
      "Nothing is counted yet: bind METRICS in wrangler.toml ([[analytics_engine_datasets]]) and deploy",
    );
  }
  const name = dataset.dataset ?? dataset.binding;
  if (!/^\w+$/.test(name)) throw new Misuse(`The dataset of METRICS: expected letters, digits and _, found ${name}`);
  const access = {
    accountId: requireVariable("CLOUDFLARE_ACCOUNT_ID"),
    apiToken: requireVariable("CLOUDFLARE_API_TOKEN"),
    dataset: name,
  };
  return { title: `The last ${days.output} days, from ${name}`, counts: await readCounts(access, days.output) };
}

function requireVariable(name: string): string {
  const value = process.env[name] ?? "";
  const help = "Or read a log: --playground, --log <file>";
  if (value === "") throw new Misuse(`${name}: expected it in the environment, found nothing. ${help}`);
  return value;
}

async function readLog(path: string): Promise<Source> {
  const text = await readFile(path, "utf8").catch((error: Error) => {
    throw new Misuse(`Cannot read ${path}: ${error.message}`);
  });
  return { title: `All lines of ${path}`, counts: countLines(text.split("\n")) };
}

/** Skips lines that are not from the Worker's log. */
function countLines(lines: readonly string[]): Count[] {
  const counts = new Map<string, Count>();
  for (const line of lines) {
    const fields = parseLine(line);
    const counted = toCountedEvent(fields["event"] ?? "", fields);
    if (counted === null) continue;
    const { event, outcome, reason } = counted;
    const key = JSON.stringify([event, outcome, reason]);
    counts.set(key, { event, outcome, reason, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  return [...counts.values()];
}

function isText(field: [string, unknown]): field is [string, string] {
  return typeof field[1] === "string";
}

function parseLine(line: string): Record<string, string> {
  try {
    const fields: unknown = JSON.parse(line);
    return Object.fromEntries(Object.entries(Object(fields)).filter(isText));
  } catch {
    return {};
  }
}
