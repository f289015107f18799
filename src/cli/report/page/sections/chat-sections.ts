import {
  formatHour,
  formatWeekday,
  listDays,
  listWeekdays,
  toDay,
  toHourOfDay,
  toWeekday,
} from "../../figures/calendar.ts";
import { type ReportFigures, type HourCount, pick, sum, totalBy } from "../../figures/report-figures.ts";
import { formatShare } from "../../../../core/outcome/words.ts";
import { countOf, formatCount, formatDay, nameWord } from "../../figures/words.ts";
import { type Finding } from "../../judge/finding.ts";
import { pickRefused } from "../../judge/other-findings.ts";
import { drawBars } from "../charts/bars.ts";
import { drawColumns } from "../charts/columns.ts";
import { drawHeatMap } from "../charts/heat-map.ts";
import { renderShades } from "../charts/shades.ts";
import { sayTodo, type Section } from "./section.ts";

/** Days from which each weekday has come. */
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
    buildByDay(figures, started),
    buildByHour(figures, started),
    buildHistory(figures),
    buildRefused(figures, findings),
  ].filter((section) => section !== null);
}

function buildByDay({ span }: ReportFigures, started: readonly HourCount[]): Section | null {
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
    todo: "",
  };
}

/** With less than a week there is one row. */
function buildByHour({ span }: ReportFigures, started: readonly HourCount[]): Section | null {
  if (span === null || started.length === 0) return null;
  const hasWeek = listDays(span).length >= WEEK_DAYS;
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
  return {
    title: "When visitors chat",
    picture: `${svg}${renderShades(steps, "good")}`,
    meaning: `All ${hasWeek ? "weeks" : "days"} together, each column an hour (UTC); the shade says how many chats were started. The busiest hour is ${at}, with ${countOf(most.value, "chat")}: agents are needed most then.`,
    todo: "",
  };
}

function buildHistory({ counts }: ReportFigures): Section | null {
  const tokens = pick(counts, "token.issued");
  if (tokens.length === 0) return null;
  const bars = totalBy(tokens, ({ outcome, reason }) => nameOffer(outcome, reason)).map(({ key, count }) => ({
    label: key,
    value: count,
    text: `${formatCount(count)}, ${formatShare(count, sum(tokens))}`,
    colour: key.startsWith("offered") ? "var(--bar)" : "var(--quiet)",
  }));
  const offered = sum(tokens.filter(({ outcome }) => outcome !== "none"));
  const unanswered = sum(tokens.filter(({ reason }) => reason === "no-history" || reason === "owner-unknown"));
  return {
    title: "History: offered or not, and why",
    picture: drawBars(`History offered: ${bars.map(({ label, text }) => `${label} ${text}`).join("; ")}`, bars),
    meaning: `${formatShare(offered, sum(tokens))} of the tokens named an earlier chat. A first chat has no history: that is as it should be.`,
    todo:
      unanswered > sum(tokens) / 20
        ? "Many visitors got no history because KV or Amazon did not answer: look for `store.unavailable` and `owner.unknown` in the log."
        : "",
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
  const bars = totalBy(refused, ({ event, reason }) => (reason === "" ? event : reason)).map(({ key, count }) => ({
    label: nameWord(key),
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
