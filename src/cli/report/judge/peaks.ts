import { type Failure } from "../../../core/outcome/outcome.ts";
import { DAY_SECONDS } from "../../../limits.ts";
import { FAILURE_PEAK, LEAST_GROWN_FAILURES, LEAST_PEAK_DAYS, PEAK_OVER_TIMES } from "../limits.ts";
import { toDay } from "../figures/calendar.ts";
import { pickFailures } from "../figures/failures.ts";
import { type ReportFigures, sum, totalBy } from "../figures/report-figures.ts";

/** Days with many more failures of a kind than the typical day. */
export interface Peaks {
  /** In their order, each by its start in seconds. */
  readonly days: readonly number[];
  /** Failures on these days. */
  readonly count: number;
  /** The day after the last one. */
  readonly since: number;
  /** Whether a whole day or more has been as usual since then. */
  readonly isOver: boolean;
}

/** @returns `null` where no day stands out, or too few days are known to tell. */
export function findPeaks({ hours, span }: ReportFigures, failure: Failure): Peaks | null {
  if (span === null) return null;
  const ownHours = pickFailures(hours).filter(({ outcome }) => outcome === failure);
  const byDay = totalBy(ownHours, ({ hour }) => toDay(hour));
  const dayCount = Math.ceil((span.until - span.from) / DAY_SECONDS);
  if (dayCount < LEAST_PEAK_DAYS) return null;
  // Days without a failure are not in the list, and would be its last.
  const typical = byDay[Math.floor(dayCount / 2)]?.count ?? 0;
  const peaks = byDay.filter(({ count }) => count >= LEAST_GROWN_FAILURES && count >= FAILURE_PEAK * typical);
  const days = peaks.map(({ key }) => key).toSorted((a, b) => a - b);
  const last = days.at(-1);
  if (last === undefined) return null;
  const since = last + DAY_SECONDS;
  const daysSince = (span.until - since) / DAY_SECONDS;
  const countSince = sum(ownHours.filter(({ hour }) => hour >= since));
  const isOver = daysSince >= 1 && countSince <= daysSince * PEAK_OVER_TIMES * Math.max(typical, 1);
  return { days, count: sum(peaks), since, isOver };
}
