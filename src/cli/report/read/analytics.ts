import { sayLast } from "../figures/words.ts";
import * as v from "valibot";
import {
  type AnalyticsAccess,
  type AnalyticsOptions,
  queryAnalytics,
  wholeCount,
} from "../../../adapters/watch/analytics-engine.ts";
import { DAY_SECONDS, HOUR_SECONDS } from "../../../limits.ts";
import { ANALYTICS_KEPT_DAYS, MAX_REPORT_HOUR_ROWS, MAX_REPORT_ROWS, REPORT_READ_TIMEOUT_MS } from "../limits.ts";
import { type Count, type ReportFigures } from "../figures/report-figures.ts";

/** Rows of an older version have no text there. */
const text = v.nullish(v.string(), "");

/** UTC, such as "2026-11-28 12:00:00". */
const time = v.pipe(
  v.string(),
  v.transform((value) => Date.parse(`${value.replace(" ", "T")}Z`) / 1000),
  v.finite(),
);

const countSchema = v.object({
  event: text,
  outcome: text,
  reason: text,
  browser: text,
  version: text,
  count: wholeCount,
});

const hourSchema = v.object({ event: text, outcome: text, hour: time, count: wholeCount });

type ReadOptions = Omit<AnalyticsOptions, "signal"> & { readonly timeoutMs?: number };

/** The events that have a picture by hour or by day. */
const TIMED = ["browser.outcome", "contact.recorded", "page.injected"];

/**
 * Reads the counts of the last days, of as many days before, and of each hour.
 *
 * @param now In seconds.
 * @param timeoutMs For all answers together.
 * @throws {Error} With Cloudflare's own message, or that no answer came in time.
 * Source: Cloudflare documentation, Workers Analytics Engine, SQL reference. No row names a network: their number has no bound.
 */
export async function readAnalytics(
  access: AnalyticsAccess,
  days: number,
  now: number,
  { timeoutMs = REPORT_READ_TIMEOUT_MS, ...options }: ReadOptions,
): Promise<ReportFigures> {
  const signal = AbortSignal.timeout(timeoutMs);
  const ask = <Row extends v.GenericSchema>(query: string, row: Row) =>
    queryAnalytics(access, query, row, { ...options, signal }).catch((error: Error) => {
      if (!signal.aborted) throw error;
      throw new Error(
        `Cannot read ${access.dataset}: Cloudflare has not answered within ${timeoutMs / 1000} seconds. Try again, or ask for less: --days 1`,
        { cause: error },
      );
    });
  const since = `timestamp > NOW() - INTERVAL '${days}' DAY`;
  const readCounts = (where: string): Promise<Count[]> =>
    ask(
      `SELECT blob1 AS event, blob2 AS outcome, blob3 AS reason, blob4 AS browser, blob5 AS version, SUM(_sample_interval) AS count
FROM ${access.dataset} WHERE ${where}
GROUP BY event, outcome, reason, browser, version ORDER BY count DESC LIMIT ${MAX_REPORT_ROWS}`,
      countSchema,
    );
  // Of days that are no longer kept whole there is nothing to compare with.
  const isKept = 2 * days <= ANALYTICS_KEPT_DAYS;
  const daysBefore = `timestamp > NOW() - INTERVAL '${2 * days}' DAY AND timestamp <= NOW() - INTERVAL '${days}' DAY`;
  const [counts, before, hours] = await Promise.all([
    readCounts(since),
    isKept ? readCounts(daysBefore) : [],
    ask(
      `SELECT blob1 AS event, blob2 AS outcome, toStartOfInterval(timestamp, INTERVAL '1' HOUR) AS hour, SUM(_sample_interval) AS count
FROM ${access.dataset} WHERE ${since} AND blob1 IN (${TIMED.map((event) => `'${event}'`).join(", ")})
GROUP BY event, outcome, hour ORDER BY hour LIMIT ${MAX_REPORT_HOUR_ROWS}`,
      hourSchema,
    ),
  ]);
  return {
    title: `${sayLast(days)}, from ${access.dataset}`,
    days,
    counts,
    before,
    hours: hours.filter(({ hour }) => hour > now - days * DAY_SECONDS - HOUR_SECONDS && hour <= now),
    span: { from: now - days * DAY_SECONDS, until: now },
    withoutTime: 0,
    rolloutPercent: 100,
    isExample: false,
  };
}
