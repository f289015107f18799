import { MAX_REPORT_REASONS } from "../limits.ts";
import { type Count, type ReportFigures, pick, sum, totalBy, largest, cutTotals } from "../figures/report-figures.ts";
import { buildFailures, type FailureTotal } from "../figures/failures.ts";
import { buildFunnel, countAsked, countOffered, countTokens } from "../figures/funnel.ts";
import { formatCount, formatShare } from "../../../core/outcome/words.ts";
import { formatChange, nameFamily, nameWord, nameOthers } from "../figures/words.ts";
import { pickRefused } from "../judge/chat-findings.ts";
import { decideVerdict } from "../judge/verdict.ts";
import { wrapText } from "./wrap-text.ts";

interface Row {
  readonly label: string;
  readonly value: string;
  readonly share?: string;
  /** Beside the days before. */
  readonly change?: string;
}

interface Section {
  readonly name: string;
  readonly rows: readonly Row[];
}

/** The output of `npm run report`. */
export function renderReport(figures: ReportFigures): string {
  const { title, days, before, isExample } = figures;
  const sections = [
    { name: "From page to continued chat", rows: buildFunnelRows(figures) },
    { name: "What failed in browsers", rows: buildFailures(figures).map(buildFailureRow) },
    { name: "Chats", rows: buildChatRows(figures) },
    { name: "Pages", rows: buildPageRows(figures.counts) },
    { name: "Pages under MODE=observe", rows: buildObservedRows(figures.counts) },
  ].filter(({ rows }) => rows.length > 0);
  const { text, todo, findings } = decideVerdict(figures);
  const heading = before.length === 0 ? "" : days === 1 ? "day before" : `${days} days before`;
  return [
    isExample ? `MADE-UP FIGURES: ${title}` : title,
    "",
    ...[text, ...(todo === "" ? [] : [todo])].map((line) => wrapText(line)),
    ...findings.slice(1).map(({ what, todo: next }) => `\n${wrapText(what)}\n${wrapText(next)}`),
    ...renderSections(sections, heading),
    "",
  ].join("\n");
}

function renderSections(sections: readonly Section[], heading: string): string[] {
  const rows = sections.flatMap(({ rows }) => rows);
  const width = (read: (row: Row) => string) => largest(rows.map((row) => read(row).length));
  const [label, value, share] = [
    width((row) => row.label),
    width((row) => row.value),
    width((row) => (row.change ? (row.share ?? "") : "")),
  ];
  const renderRow = (row: Row) =>
    `  ${row.label.padEnd(label)}  ${row.value.padStart(value)}  ${(row.share ?? "").padEnd(share)}  ${row.change ?? ""}`.trimEnd();
  const columns = renderRow({ label: "", value: "", change: heading });
  return sections.flatMap(({ name, rows: own }) => [
    `\n${own.some(({ change }) => change !== undefined) ? `${name}${columns.slice(name.length)}` : name}`,
    ...own.map(renderRow),
  ]);
}

function toRow(label: string, count: number, share: string, before: number | null): Row {
  const row = { label, value: formatCount(count), share };
  return before === null ? row : { ...row, change: formatChange(before, count) };
}

function buildFunnelRows(figures: ReportFigures): Row[] {
  const rows = buildFunnel(figures).map(({ name, count, before, share }) => toRow(name, count, share, before));
  const isAskedFor = countOffered(figures.counts) > 0 && countAsked(figures.counts) === 0;
  return isAskedFor
    ? [...rows, { label: "confirmed linked by Amazon", value: "not known", share: "needs the AWS keys" }]
    : rows;
}

function buildFailureRow({ what, count, before, browser, version }: FailureTotal): Row {
  const place = [
    browser.key === "" ? "" : `${nameFamily(browser.key)} ${formatShare(browser.count, count)}`,
    version.key === "" ? "" : `${nameWord(version.key)} ${formatShare(version.count, count)}`,
  ];
  return toRow(what, count, place.filter((part) => part !== "").join(", "), before);
}

function buildChatRows({ counts }: ReportFigures): Row[] {
  const tokens = countTokens(counts);
  const without = pick(counts, "token.issued", "none");
  const refused = pickRefused(counts);
  const carried = sum(pick(counts, "history.carried-over"));
  return [
    ...(tokens === 0 ? [] : [shareRow("history not offered", without, tokens), ...byReason(without)]),
    ...(carried === 0 ? [] : [{ label: "carried over after a sign-in", value: formatCount(carried) }]),
    ...(tokens + refused.length === 0 ? [] : [{ label: "calls refused", value: formatCount(sum(refused)) }]),
    ...byReason(refused),
  ];
}

function buildPageRows(counts: readonly Count[]): Row[] {
  return buildShares(pick(counts, "page.injected"), pick(counts, "page.left-alone"), ["with the chat", "left alone"]);
}

function buildObservedRows(counts: readonly Count[]): Row[] {
  const observed = pick(counts, "page.observed");
  const [injected, left] = [true, false].map((got) => observed.filter(({ outcome }) => (outcome === "inject") === got));
  return buildShares(injected ?? [], left ?? [], ["would get the chat", "would be left alone"]);
}

function buildShares(injected: readonly Count[], left: readonly Count[], names: readonly [string, string]): Row[] {
  const all = sum(injected) + sum(left);
  return all === 0 ? [] : [shareRow(names[0], injected, all), shareRow(names[1], left, all), ...byReason(left)];
}

function shareRow(label: string, part: readonly Count[], whole: number): Row {
  return { label, value: formatCount(sum(part)), share: formatShare(sum(part), whole) };
}

function byReason(counts: readonly Count[]): Row[] {
  const reasons = totalBy(counts, ({ event, reason }) => nameWord(reason === "" ? event : reason));
  return cutTotals(reasons, MAX_REPORT_REASONS, nameOthers).map(({ key, count }) => ({
    label: `  ${key}`,
    value: formatCount(count),
  }));
}
