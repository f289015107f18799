import { toCountedEvent } from "../../../core/counted-event.ts";
import { DAY_SECONDS, HOUR_SECONDS } from "../../../limits.ts";
import { ANALYTICS_KEPT_DAYS, LOG_CLOCK_AHEAD_SECONDS } from "../limits.ts";
import { type Count, type ReportFigures, type HourCount } from "../figures/report-figures.ts";

interface LogLine {
  readonly fields: Readonly<Record<string, string>>;
  /** In seconds; `null` where the line has none, or one that cannot be right. */
  readonly time: number | null;
}

/**
 * Counts the Worker's lines of a log, and skips other lines.
 *
 * A line has a time only where the program that keeps the log has added one: `time`, as ISO 8601 text or in milliseconds. A
 * time in the future, or longer ago than figures are kept, is the work of a clock that jumped: such a line counts, and is
 * in no picture.
 *
 * @param now In seconds.
 */
export function readLog(lines: readonly string[], title: string, now: number): ReportFigures {
  const counts = new Map<string, Count>();
  const hours = new Map<string, HourCount>();
  let withoutTime = 0;
  for (const line of lines) {
    const { fields, time } = parseLine(line, now);
    const counted = toCountedEvent(fields["event"] ?? "", fields);
    if (counted === null) continue;
    const { event, outcome, reason, browser, version } = counted;
    add(counts, { event, outcome, reason, browser, version, count: 1 });
    if (time === null) withoutTime += 1;
    else add(hours, { event, outcome, hour: time - (time % HOUR_SECONDS), count: 1 });
  }
  const timed = [...hours.values()].toSorted((a, b) => a.hour - b.hour);
  const [first] = timed;
  const last = timed.at(-1);
  return {
    title,
    days: null,
    counts: [...counts.values()],
    before: [],
    hours: timed,
    span: first && last ? { from: first.hour, until: last.hour + HOUR_SECONDS } : null,
    withoutTime,
    rolloutPercent: 100,
    isExample: false,
  };
}

function add<T extends { readonly count: number }>(totals: Map<string, T>, one: T): void {
  const key = JSON.stringify(one);
  totals.set(key, { ...one, count: (totals.get(key)?.count ?? 0) + 1 });
}

function isText(field: [string, unknown]): field is [string, string] {
  return typeof field[1] === "string";
}

function parseLine(line: string, now: number): LogLine {
  try {
    const parsed: unknown = JSON.parse(line);
    const fields: [string, unknown][] = Object.entries(Object(parsed));
    const [, time] = fields.find(([name]) => name === "time") ?? [];
    return { fields: Object.fromEntries(fields.filter(isText)), time: parseTime(time, now) };
  } catch {
    return { fields: {}, time: null };
  }
}

function parseTime(time: unknown, now: number): number | null {
  const milliseconds = typeof time === "string" ? Date.parse(time) : time;
  if (typeof milliseconds !== "number") return null;
  const seconds = Math.floor(milliseconds / 1000);
  return seconds > now - ANALYTICS_KEPT_DAYS * DAY_SECONDS && seconds < now + LOG_CLOCK_AHEAD_SECONDS ? seconds : null;
}
