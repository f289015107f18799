import { median } from "./median.ts";
import { type Figures, type Round } from "./measure.ts";
import { type WorkerName } from "./workers.ts";

const COMPARED: readonly WorkerName[] = [
  "pass-through",
  "the limit",
  "plain HTMLRewriter",
  "HTMLRewriter, decoded",
  "bare Hono",
];

const COLUMNS = ["", "requests/s", "CPU", ...COMPARED.map((name) => `of ${name}`), "first byte", "memory"];

export const TABLE_HEAD = [renderCells(COLUMNS), renderCells(["---", ...COLUMNS.slice(1).map(() => "--:")])].join("\n");

/** This project's Worker in one case. Every ratio is the median of the ratios of the rounds, which ran side by side. */
export function renderRow(caseName: string, all: readonly Figures[]): string {
  const [ours] = all;
  if (ours === undefined) return "";
  const { rounds, memoryBytes } = ours;
  return renderCells([
    caseName,
    formatCount(median(rounds.map(({ requestsPerSecond }) => requestsPerSecond))),
    formatMicroseconds(medianCpuSeconds(ours)),
    ...COMPARED.map((name) => renderRatios(rounds, all.find(({ worker }) => worker === name)?.rounds)),
    `${median(rounds.map(({ firstByteMs }) => firstByteMs)).toFixed(2)} ms`,
    formatMegabytes(memoryBytes),
  ]);
}

function renderCells(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

/** @returns `null` where the system does not tell. */
export function medianCpuSeconds({ rounds }: Figures): number | null {
  const known = rounds.map(({ cpuSecondsPerRequest }) => cpuSecondsPerRequest).filter((seconds) => seconds !== null);
  return known.length === 0 ? null : median(known);
}

/** How much of the other's requests per second, and in brackets how much of its requests per CPU second. */
function renderRatios(rounds: readonly Round[], others: readonly Round[] | undefined): string {
  if (others === undefined) return "";
  const throughput = medianRatio(rounds, others, ({ requestsPerSecond }) => requestsPerSecond);
  const cpu = medianRatio(others, rounds, ({ cpuSecondsPerRequest }) => cpuSecondsPerRequest);
  return `${throughput} (${cpu})`;
}

function medianRatio(
  rounds: readonly Round[],
  others: readonly Round[],
  read: (round: Round) => number | null,
): string {
  const ratios = rounds.flatMap((round, index) => {
    const other = others[index];
    const [value, base] = [read(round), other === undefined ? null : read(other)];
    return value === null || base === null ? [] : [value / base];
  });
  return ratios.length === 0 ? "n/a" : median(ratios).toFixed(2);
}

export function formatMicroseconds(seconds: number | null): string {
  return seconds === null ? "n/a" : `${formatCount(seconds * 1e6)} µs`;
}

export function formatMegabytes(bytes: number | null): string {
  return bytes === null ? "n/a" : `${Math.round(bytes / (1024 * 1024))} MB`;
}

function formatCount(count: number): string {
  return Math.round(count).toLocaleString("en-US");
}
