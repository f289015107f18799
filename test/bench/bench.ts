// `npm run bench`: what this Worker costs, next to the least and the usual that a Worker could cost.
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { CASES } from "./cases.ts";
import { type LargeTransfer, measureColdStart, measureGrowth, measureParts } from "./checks.ts";
import { startChild } from "./processes/child.ts";
import { type LoadAnswer, type LoadQuestion } from "./processes/load.ts";
import { type Figures, measureCase, type Plan } from "./measure.ts";
import { formatMegabytes, renderRow, TABLE_HEAD } from "./table.ts";
import { type OriginPlace, type WorkerName } from "./workers.ts";

const USAGE = `Usage: npm run bench -- [options]
  --quick              in a few minutes, for a first look
  --only <text>        only what has this in its name: a case, or checks
  --origin-url         with ORIGIN_URL instead of a Route
  --rounds <number>    how often each Worker has its turn in a case
  --seconds <number>   how long a turn is`;

const { values: flags } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    only: { type: "string", default: "" },
    "origin-url": { type: "boolean", default: false },
    rounds: { type: "string" },
    seconds: { type: "string" },
  },
});
const plan: Plan = {
  rounds: Number(flags.rounds ?? (flags.quick ? 3 : 9)),
  roundMs: Number(flags.seconds ?? (flags.quick ? 0.3 : 0.8)) * 1000,
};
const wanted = flags.only.toLowerCase();
const runsChecks = "checks".includes(wanted);
const cases = CASES.filter(({ name }) => name.toLowerCase().includes(wanted));
if (!(plan.rounds > 0 && plan.roundMs > 0) || (cases.length === 0 && !runsChecks)) {
  console.error(USAGE);
  process.exit(1);
}

const load = startChild<LoadQuestion, LoadAnswer>("load.ts");
const site = startChild<object, { readonly port: number }>("origin.ts");
try {
  const origin: OriginPlace = { port: (await site.ask({})).port, isRoute: !flags["origin-url"] };
  const measured = new Map<string, Figures[]>();
  for (const measuredCase of cases) {
    const onProgress = (text: string) => progress(`${measuredCase.name}: ${text}`);
    measured.set(measuredCase.name, await measureCase(measuredCase, plan, { load, origin }, onProgress));
  }
  const checks = runsChecks ? await runChecks(origin) : [];
  progress("");

  const rows = [...measured].map(([name, figures]) => renderRow(name, figures));
  if (rows.length > 0) console.log([TABLE_HEAD, ...rows, ""].join("\n"));
  const notes = [...checks, describeRun(origin, plan)];
  console.log(notes.map((note) => `- ${note}`).join("\n"));
} finally {
  load.close();
  site.close();
}

async function runChecks(origin: OriginPlace): Promise<string[]> {
  const names: readonly WorkerName[] = ["this Worker", "pass-through", "the limit", "plain HTMLRewriter"];
  const pieces: string[] = [];
  const stalls: string[] = [];
  for (const name of names) {
    progress(`parts of a page: ${name}`);
    pieces.push(`${name} ${formatTimes(await measureParts(name, "/in-pieces", origin))}`);
    stalls.push(`${name} ${formatTimes(await measureParts(name, "/stalling", origin))}`);
  }
  const starts: string[] = [];
  for (const [what, name] of [
    ["page", "this Worker"],
    ["token", "this Worker, with a store"],
  ] as const) {
    progress(`cold start: ${what}`);
    const [ours, bare] = [
      await measureColdStart(name, what, origin),
      await measureColdStart("bare Hono", what, origin),
    ];
    starts.push(`${what} ${formatTimes([ours])} (bare Hono ${formatTimes([bare])})`);
  }
  const transfers: readonly LargeTransfer[] = ["page", "download", "upload"];
  const growths: string[] = [];
  for (const transfer of transfers) {
    progress(`memory during 100 MB: ${transfer}`);
    const ours = formatMegabytes(await measureGrowth("this Worker", transfer, origin));
    const bare = formatMegabytes(await measureGrowth("pass-through", transfer, origin));
    growths.push(`${transfer} ${ours} (pass-through ${bare})`);
  }
  return [
    `A page in three flushed pieces, 200 ms apart; when each comes: ${pieces.join("; ")}.`,
    `A page of 10 KB with a length, of which the origin sends the head, and the rest 200 ms later: ${stalls.join("; ")}.`,
    `From the start of workerd to the first answer: ${starts.join(", ")}.`,
    `Memory that workerd takes on top, at most, while 100 MB go through and their receiver stops for a while: ${growths.join(", ")}.`,
  ];
}

function formatTimes(milliseconds: readonly number[]): string {
  return `${milliseconds.map((time) => time.toFixed(time < 100 ? 1 : 0)).join(", ")} ms`;
}

function describeRun({ isRoute }: OriginPlace, { rounds, roundMs }: Plan): string {
  const [cpu] = cpus();
  const workerd: { readonly default: string } = createRequire(import.meta.url)("workerd");
  const version = execFileSync(workerd.default, ["--version"], { encoding: "utf8" }).trim();
  return [
    `Medians of ${rounds} rounds of ${roundMs / 1000} s, the Workers taking turns, ${isRoute ? "on a Route" : "with ORIGIN_URL"}; a ratio is the median of the rounds' ratios, by requests per second and (in brackets) by CPU; first byte: one visitor alone.`,
    `${cpus().length} × ${cpu?.model.trim() ?? "unknown CPU"}, shared with origin and load; Node ${process.versions.node}, ${version}.`,
    `\`${["npm run bench", ...(process.argv.length > 2 ? ["--"] : []), ...process.argv.slice(2)].join(" ")}\``,
  ].join(" ");
}

function progress(text: string): void {
  process.stderr.write(process.stderr.isTTY ? `\r\u001B[K${text}` : text === "" ? "" : `${text}\n`);
}
