import { DAY_SECONDS } from "../../../../limits.ts";
import { LEAST_BUSY_CHATS, MAX_REPORT_BARS } from "../../limits.ts";
import {
  formatHour,
  formatWeekday,
  listDays,
  listWeekdays,
  toDay,
  toHourOfDay,
  toWeekday,
} from "../../figures/calendar.ts";
import {
  type ReportFigures,
  type HourCount,
  pick,
  sum,
  totalBy,
  type Span,
  cutTotals,
} from "../../figures/report-figures.ts";
import { formatCount, formatShare } from "../../../../core/outcome/words.ts";
import { countOf, formatDay, nameWord, nameOthers } from "../../figures/words.ts";
import { type Finding } from "../../judge/finding.ts";
import { pickRefused } from "../../judge/chat-findings.ts";
import { drawBars } from "../charts/bars.ts";
import { drawColumns } from "../charts/columns.ts";
import { drawHeatMap } from "../charts/heat-map.ts";
import { renderShades } from "../charts/shades.ts";
import { sayTodo, type Section } from "./section.ts";

const WEEK_DAYS = 7;

/** Why a token offered its chat no history, in words. */
const NOT_OFFERED: Readonly<Record<string, string>> = {
  "no-session": "a first chat",
  "no-history": "KV did not answer",
  "asked-fresh": "the page called startFresh()",
  "no-consent": "no consent",
  "owner-unknown": "Amazon did not confirm whose chat it is",
  "related-contact": "your own token names an earlier chat",
};

/** When visitors chat, whether they were offered their history, and which calls were refused. */
export function buildChatSections(figures: ReportFigures, findings: readonly Finding[]): Section[] {
  const started = pick(figures.hours, "contact.recorded", "started");
  return [
    buildByDay(figures, started, findings),
    buildByHour(figures, started),
    buildHistory(figures, findings),
    buildRefused(figures, findings),
  ].filter((section) => section !== null);
}

function buildByDay(
  { span }: ReportFigures,
  started: readonly HourCount[],
  findings: readonly Finding[],
): Section | null {
  const days = span === null ? [] : listDays(span);
  if (days.length < 2 || started.length === 0) return null;
  const byDay = totalBy(started, ({ hour }) => toDay(hour));
  const [most = { key: 0, count: 0 }] = byDay;
  const busiest = `${formatWeekday(most.key)} (${formatCount(most.count)})`;
  return {
    title: "Chats started, day by day",
    picture: drawColumns(
      `Chats started by day; most on ${busiest}`,
      days.map((day) => formatDay(day)),
      byDay.map(({ key, count }) => ({ at: formatDay(key), series: "chats", value: count, colour: "var(--bar)" })),
    ),
    meaning: `Visitors started ${countOf(sum(started), "chat")}, most on ${busiest}. Where a usual day suddenly has none, try the chat on your site.`,
    todo: sayTodo(findings, ({ subject }) => subject === "stopped"),
  };
}

/**
 * Whole weeks, so that each hour of the week has come as often as the others; with less than a week, whole days and one row.
 * A span of less than a day is shown as it is.
 */
function buildByHour({ span }: ReportFigures, all: readonly HourCount[]): Section | null {
  if (span === null) return null;
  const { hasWeek, from, together } = cutSpan(span);
  const started = all.filter(({ hour }) => hour >= from);
  if (started.length === 0) return null;
  const rowOf = (hour: number) => (hasWeek ? toWeekday(hour) : "all days");
  const rows = hasWeek ? listWeekdays() : ["all days"];
  const totals = totalBy(started, ({ hour }) => JSON.stringify([rowOf(hour), toHourOfDay(hour)]));
  const counts = new Map(totals.map(({ key, count }) => [key, count]));
  const cells = rows.flatMap((row) =>
    Array.from({ length: 24 }, (_, hour) => ({ row, hour, value: counts.get(JSON.stringify([row, hour])) ?? 0 })),
  );
  const most = cells.reduce((best, one) => (one.value > best.value ? one : best), { row: "", hour: 0, value: 0 });
  const at = `${hasWeek ? `${most.row}, ` : ""}${formatHour(most.hour)} UTC`;
  const { svg, steps } = drawHeatMap(
    `Chats started by hour; most ${at}: ${formatCount(most.value)}`,
    rows,
    cells,
    "good",
  );
  const busiest =
    most.value < LEAST_BUSY_CHATS
      ? "No hour has many."
      : `The busiest hour is ${at}, with ${countOf(most.value, "chat")} in all: agents are needed most then.`;
  return {
    title: "When visitors chat",
    picture: `${svg}${renderShades(steps, "good")}`,
    meaning: `${together}, each column an hour (UTC); the shade says how many chats were started. ${busiest}`,
    todo: "",
  };
}

function cutSpan({ from, until }: Span): { hasWeek: boolean; from: number; together: string } {
  const days = Math.floor((until - from) / DAY_SECONDS);
  const weeks = Math.floor(days / WEEK_DAYS);
  const since = (count: number) => until - count * DAY_SECONDS;
  if (weeks > 1) return { hasWeek: true, from: since(weeks * WEEK_DAYS), together: `The last ${weeks} weeks together` };
  if (weeks === 1) return { hasWeek: true, from: since(WEEK_DAYS), together: "The last week" };
  if (days > 1) return { hasWeek: false, from: since(days), together: `The last ${days} days together` };
  return {
    hasWeek: false,
    from: days === 1 ? since(1) : from,
    together: days === 1 ? "The last day" : "Less than a day",
  };
}

function buildHistory({ counts }: ReportFigures, findings: readonly Finding[]): Section | null {
  const tokens = pick(counts, "token.issued");
  if (tokens.length === 0) return null;
  const offers = totalBy(tokens, ({ outcome, reason }) => nameOffer(outcome, reason));
  const bars = cutTotals(offers, MAX_REPORT_BARS, nameOthers).map(({ key, count }) => ({
    label: key,
    value: count,
    text: `${formatCount(count)}, ${formatShare(count, sum(tokens))}`,
    colour: key.startsWith("offered") ? "var(--bar)" : "var(--quiet)",
  }));
  const offered = sum(tokens.filter(({ outcome }) => outcome !== "none"));
  return {
    title: "History: offered or not, and why",
    picture: drawBars(`History offered: ${bars.map(({ label, text }) => `${label} ${text}`).join("; ")}`, bars),
    meaning: `${formatShare(offered, sum(tokens))} of the tokens named an earlier chat. A first chat has no history: that is as it should be.`,
    todo: sayTodo(findings, ({ subject }) => subject === "history-unknown"),
  };
}

function nameOffer(outcome: string, reason: string): string {
  if (outcome === "now") return "offered";
  if (outcome === "wait") return "offered, once the transcript is there";
  return `not offered: ${(Object.hasOwn(NOT_OFFERED, reason) ? NOT_OFFERED[reason] : undefined) ?? nameWord(reason)}`;
}

function buildRefused({ counts }: ReportFigures, findings: readonly Finding[]): Section | null {
  const refused = pickRefused(counts);
  if (sum(refused) === 0) return null;
  const bars = cutTotals(
    totalBy(refused, ({ event, reason }) => nameWord(reason === "" ? event : reason)),
    MAX_REPORT_BARS,
    nameOthers,
  ).map(({ key, count }) => ({
    label: key,
    value: count,
    text: formatCount(count),
    colour: "var(--f3)",
  }));
  return {
    title: "Calls that the Worker refused",
    picture: drawBars(`Calls refused: ${bars.map(({ label, text }) => `${label} ${text}`).join("; ")}`, bars),
    meaning: `The Worker refused ${countOf(sum(refused), "call")}, by the code of the answer. Some are usual: a caller who called too often, or a page from before a change.`,
    todo: sayTodo(findings, ({ subject }) => subject === "refused"),
  };
}
