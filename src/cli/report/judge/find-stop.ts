import { HOUR_SECONDS } from "../../../limits.ts";
import { CHATS_PAUSE_TIMES, LEAST_FOR_SHARE, NO_CHAT_WEIGHT } from "../limits.ts";
import { formatHour, formatWeekday, toHourOfDay } from "../figures/calendar.ts";
import { type HourCount, pick, type ReportFigures, sum } from "../figures/report-figures.ts";
import { countOf } from "../figures/words.ts";
import { type Finding } from "./finding.ts";

/**
 * Chats that stopped, while visitors still come: the whole span still has many chats, and its last part has none.
 *
 * @returns `null` also where a pause as long came before, such as a weekend's.
 */
export function findStop({ hours, span }: ReportFigures): Finding | null {
  if (span === null) return null;
  const started = pick(hours, "contact.recorded", "started");
  const times = [...new Set(started.map(({ hour }) => hour))].toSorted((a, b) => a - b);
  const last = times.at(-1);
  if (last === undefined) return null;
  const stop = last + HOUR_SECONDS;
  const longest = times.reduce((most, time, index) => Math.max(most, time - (times[index - 1] ?? time)), HOUR_SECONDS);
  if (span.until - stop < CHATS_PAUSE_TIMES * longest) return null;
  const since = measureSince(pick(hours, "page.injected"), stop, span);
  const expected = sum(started) * since.share;
  if (expected < LEAST_FOR_SHARE) return null;
  return {
    subject: "stopped",
    what: `No chat was started since ${formatWeekday(last)}, ${formatHour(toHourOfDay(last))} UTC; ${since.words}, about ${countOf(Math.round(expected), "chat")} would be usual.`,
    todo: "Open the chat on your site yourself. If it does not start, run `npm run doctor` and `npm run connect -- check`.",
    weight: NO_CHAT_WEIGHT,
  };
}

/** How much came since the stop for what came before it: visitors by pages, or time where no page is counted. */
function measureSince(
  pages: readonly HourCount[],
  stop: number,
  { from, until }: { from: number; until: number },
): { readonly share: number; readonly words: string } {
  const since = sum(pages.filter(({ hour }) => hour >= stop));
  const before = sum(pages) - since;
  return before > 0
    ? { share: since / before, words: "by the visitors since then" }
    : { share: (until - stop) / Math.max(stop - from, HOUR_SECONDS), words: "in that time" };
}
