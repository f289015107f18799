import { type CountedEvent } from "../../core/counted-event.ts";
import { toPrintableLine } from "../shared/printable.ts";

/** How often an event was counted. */
export interface Count extends Pick<CountedEvent, "event" | "outcome" | "reason"> {
  readonly count: number;
}

type Row = readonly [label: string, value: string, share?: string];

/** The output of `npm run report`. */
export function renderReport(counts: readonly Count[], title: string): string {
  const sections: readonly (readonly [string, readonly Row[]])[] = [
    ["Chats", buildChatRows(counts)],
    ["Pages", buildPageRows(counts)],
    ["Pages under MODE=observe", buildObservedRows(counts)],
  ];
  const filled = sections.filter(([, rows]) => rows.length > 0);
  if (filled.length === 0) return `${title}\n\nNothing was counted.\n`;
  const all = filled.flatMap(([, rows]) => rows);
  const widths = [0, 1].map((column) => Math.max(...all.map((row) => (row[column] ?? "").length)));
  const renderRow = ([label, value, share = ""]: Row) =>
    `  ${label.padEnd(widths[0] ?? 0)}  ${value.padStart(widths[1] ?? 0)}  ${share}`.trimEnd();
  return [title, ...filled.map(([name, rows]) => [`\n${name}`, ...rows.map(renderRow)].join("\n")), ""].join("\n");
}

function buildChatRows(counts: readonly Count[]): Row[] {
  const tokens = counts.filter(({ event }) => event === "token.issued");
  const refused = counts.filter(({ event }) => event === "chat.refused" || event === "chat.failed");
  const started = sum(counts.filter(({ event, outcome }) => event === "contact.recorded" && outcome === "started"));
  if (tokens.length + refused.length + started === 0) return [];
  const all = sum(tokens);
  const without = tokens.filter(({ outcome }) => outcome === "none");
  return [
    ["started and reported", format(started)],
    ["tokens issued", format(all)],
    ["history offered", format(all - sum(without)), share(all - sum(without), all)],
    ["history not offered", format(sum(without)), share(sum(without), all)],
    ...byReason(without),
    ...buildCarriedRows(counts),
    buildLinkedRow(counts),
    ["calls refused", format(sum(refused))],
    ...byReason(refused),
  ];
}

/** None without CARRY_OVER. */
function buildCarriedRows(counts: readonly Count[]): Row[] {
  const carried = sum(counts.filter(({ event }) => event === "history.carried-over"));
  return carried === 0 ? [] : [["carried over after a sign-in", format(carried)]];
}

function buildLinkedRow(counts: readonly Count[]): Row {
  const asked = counts.filter(({ event }) => event === "chat.linked");
  if (asked.length === 0) return ["confirmed linked by Amazon", "not known", "needs the AWS keys"];
  const linked = sum(asked.filter(({ outcome }) => outcome === "linked"));
  return ["confirmed linked by Amazon", format(linked), `of ${format(sum(asked))} looked at`];
}

function buildPageRows(counts: readonly Count[]): Row[] {
  const injected = sum(counts.filter(({ event }) => event === "page.injected"));
  const left = counts.filter(({ event }) => event === "page.left-alone");
  return buildShares(injected, left, ["with the chat", "left alone"]);
}

function buildObservedRows(counts: readonly Count[]): Row[] {
  const observed = counts.filter(({ event }) => event === "page.observed");
  const injected = sum(observed.filter(({ outcome }) => outcome === "inject"));
  const left = observed.filter(({ outcome }) => outcome !== "inject");
  return buildShares(injected, left, ["would get the chat", "would be left alone"]);
}

function buildShares(injected: number, left: readonly Count[], [got, not]: readonly [string, string]): Row[] {
  const all = injected + sum(left);
  if (all === 0) return [];
  return [
    [got, format(injected), share(injected, all)],
    [not, format(sum(left)), share(sum(left), all)],
    ...byReason(left),
  ];
}

function byReason(counts: readonly Count[]): Row[] {
  return counts
    .toSorted((a, b) => b.count - a.count)
    .map(({ event, reason, count }): Row => [`  ${toPrintableLine(reason === "" ? event : reason)}`, format(count)]);
}

function sum(counts: readonly Count[]): number {
  return counts.reduce((total, { count }) => total + count, 0);
}

function format(count: number): string {
  return count.toLocaleString("en-US");
}

function share(part: number, whole: number): string {
  return whole === 0 ? "" : `${Math.round((100 * part) / whole)} %`;
}
