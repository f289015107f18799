import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import * as v from "valibot";
import { wholeNumber } from "../../core/settings/schemas.ts";
import { datasetName } from "../../core/settings/watch-schemas.ts";
import { CLOUDFLARE_API_URL } from "../shared/cloudflare-api.ts";
import {
  EXIT,
  type ExitCode,
  FLAG,
  Misuse,
  print,
  printError,
  runCommand,
  TEXT,
  type Values,
} from "../shared/command-line.ts";
import { readConfigFile } from "../shared/wrangler-config.ts";
import { buildExample } from "./example.ts";
import { type Count, type ReportFigures } from "./figures/report-figures.ts";
import { openPage } from "./open-page.ts";
import { renderPage } from "./page/render-page.ts";
import { readAnalytics } from "./read/analytics.ts";
import { readLog } from "./read/log.ts";
import { renderReport } from "./table/render-report.ts";

const PLAYGROUND_LOG = join(".connect", "playground", "worker.log");
const PAGE = join(".connect", "report.html");

const USAGE = `Usage: npm run report -- [options]

Says whether the chat works for visitors, and prints how many pages got the chat, how many
chats were started and continued, and what failed in which browsers, beside the days before.
Reads the dataset that wrangler.toml binds as METRICS, and needs in the environment
CLOUDFLARE_ACCOUNT_ID and CLOUDFLARE_API_TOKEN (Account Analytics: Read).

  --days <number>  how far back, 1 to 90 (7; with --html 30)
  --html           writes a page with pictures instead, and opens it
  --out <file>     where to write the page (${PAGE}); means --html, too
  --no-open        does not open the page
  --playground     reads the log of \`npm start\` instead
  --log <file>     reads the Worker's log lines from a file instead
  --example        shows a made-up month instead
  --env <name>     environment of wrangler.toml
  --json           prints the counts as JSON

Exit codes: 0 done, 1 failed, 2 misuse`;

const OPTIONS = {
  days: TEXT,
  html: FLAG,
  out: TEXT,
  "no-open": FLAG,
  playground: FLAG,
  log: TEXT,
  example: FLAG,
  env: TEXT,
  json: FLAG,
} as const;

type Options = Values<typeof OPTIONS>;

await runCommand({ name: "report", usage: USAGE, options: OPTIONS, run: report });

async function report(options: Options): Promise<ExitCode> {
  const asPage = options.html || options.out !== undefined;
  refuseMisuse(options, asPage);
  const now = Math.floor(Date.now() / 1000);
  const figures = await readFigures(options, now, asPage ? 30 : 7);
  if (asPage) await writePage(figures, now, options);
  else print(options.json ? JSON.stringify(figures.counts.map(toJson), null, 2) : renderReport(figures));
  return EXIT.done;
}

/** An option that would change nothing is a mistake: its figures are not what was asked for. */
function refuseMisuse({ out, json, days, env, ...flags }: Options, asPage: boolean): void {
  if (asPage && json) throw new Misuse("--json and --html: expected one of them, found both");
  if (out === "") throw new Misuse("--out: expected a file, found nothing");
  if (flags["no-open"] && !asPage) throw new Misuse("--no-open: expected it with --html or --out, found neither");
  const sources = [
    flags.log !== undefined && "--log",
    flags.playground && "--playground",
    flags.example && "--example",
  ];
  const chosen = sources.filter((source) => source !== false);
  if (chosen.length > 1) {
    throw new Misuse(`${chosen.join(" and ")}: expected one source of figures, found ${chosen.length}`);
  }
  for (const [name, value] of Object.entries({ days, env })) {
    if (value === undefined || chosen.length === 0) continue;
    throw new Misuse(`--${name}: expected it for the figures of Analytics Engine only, found it with ${chosen[0]}`);
  }
}

/** Browser and version only where they are told: most events have none. */
function toJson({ event, outcome, reason, browser, version, count }: Count): object {
  return { event, outcome, reason, ...(browser !== "" && { browser }), ...(version !== "" && { version }), count };
}

async function writePage(figures: ReportFigures, now: number, options: Options): Promise<void> {
  const path = resolve(options.out ?? PAGE);
  const html = renderPage(figures, now);
  await mkdir(dirname(path), { recursive: true })
    .then(() => writeFile(path, html))
    .catch((error: Error) => {
      throw new Misuse(`--out: cannot write ${path}: ${error.message}`);
    });
  print(`The report is in ${path} (${Math.ceil(Buffer.byteLength(html) / 1024)} KB)`);
  if (options["no-open"] || !process.stdout.isTTY || process.env["CI"]) return;
  const problem = await openPage(path);
  if (problem !== null) printError(`It could not be opened (${problem}): open the file in a browser.`);
}

function readFigures(options: Options, now: number, usualDays: number): Promise<ReportFigures> {
  if (options.example) return Promise.resolve(buildExample());
  const log = options.log ?? (options.playground ? PLAYGROUND_LOG : null);
  return log === null ? readDataset(options, now, usualDays) : readLogFile(log, now);
}

async function readDataset(options: Options, now: number, usualDays: number): Promise<ReportFigures> {
  const days = v.safeParse(wholeNumber(usualDays, 1, 90), options.days);
  if (!days.success) throw new Misuse(`--days: ${days.issues[0].message}`);
  const { analytics_engine_datasets: datasets, vars } = readConfigFile(options.env);
  const dataset = datasets.find(({ binding }: { readonly binding: string }) => binding === "METRICS");
  if (dataset === undefined) {
    throw new Misuse(
      "Nothing is counted yet: bind METRICS in wrangler.toml ([[analytics_engine_datasets]]) and deploy",
    );
  }
  const name = v.safeParse(datasetName(), dataset.dataset ?? dataset.binding);
  if (!name.success) throw new Misuse(`The dataset of METRICS: ${name.issues[0].message}`);
  const rollout = v.safeParse(wholeNumber(100, 0, 100), vars["ROLLOUT_PERCENT"]);
  if (!rollout.success) throw new Misuse(`ROLLOUT_PERCENT: ${rollout.issues[0].message}`);
  const access = {
    accountId: requireVariable("CLOUDFLARE_ACCOUNT_ID"),
    apiToken: requireVariable("CLOUDFLARE_API_TOKEN"),
    dataset: name.output,
  };
  const figures = await readAnalytics(access, days.output, now, { fetch, apiUrl: CLOUDFLARE_API_URL });
  // Only the page's own widget has its id in WIDGET_ID. It is in every page, and can fail in every one.
  const isPageWidget = String(vars["WIDGET_ID"] ?? "").trim() !== "";
  return { ...figures, rolloutPercent: isPageWidget ? 100 : rollout.output };
}

function requireVariable(name: string): string {
  const value = process.env[name] ?? "";
  const help = "Or read a log: --playground, --log <file>";
  if (value === "") throw new Misuse(`${name}: expected it in the environment, found nothing. ${help}`);
  return value;
}

async function readLogFile(path: string, now: number): Promise<ReportFigures> {
  const text = await readFile(path, "utf8").catch((error: Error) => {
    throw new Misuse(`Cannot read ${path}: ${error.message}`);
  });
  return readLog(text.split("\n"), `All lines of ${path}`, now);
}
