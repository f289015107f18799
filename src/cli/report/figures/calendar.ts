import { DAY_SECONDS, HOUR_SECONDS } from "../../../limits.ts";
import { type Span } from "./report-figures.ts";
import { formatDay } from "./words.ts";

/** Monday first. */
const WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] as const;

export const toDay = (seconds: number) => seconds - (seconds % DAY_SECONDS);
export const toHourOfDay = (seconds: number) => Math.floor((seconds % DAY_SECONDS) / HOUR_SECONDS);

/** 1 January 1970 was a Thursday. */
export const toWeekday = (seconds: number) => WEEKDAYS[(Math.floor(seconds / DAY_SECONDS) + 3) % 7] ?? WEEKDAYS[0];

/** Every day of a span, in UTC, by its start in seconds. */
export function listDays({ from, until }: Span): number[] {
  const first = toDay(from);
  return Array.from({ length: Math.ceil((until - first) / DAY_SECONDS) }, (_, index) => first + index * DAY_SECONDS);
}

export const listWeekdays = (): readonly string[] => WEEKDAYS;

/** "Tue 6 Oct". */
export function formatWeekday(seconds: number): string {
  return `${toWeekday(seconds)} ${formatDay(seconds)}`;
}

/** "19:00 to 20:00". */
export function formatHour(hour: number): string {
  return `${hour}:00 to ${hour + 1}:00`;
}
