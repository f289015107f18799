import * as v from "valibot";
import { type Failure, FAILURES } from "../../core/outcome/outcome.ts";
import { type FailureDetail } from "../../core/watch/failure-details.ts";
import { type Figures, type Span, toFigures } from "../../core/watch/figures.ts";
import { MAX_COUNTED_PER_NETWORK, MAX_DETAIL_ROWS, MAX_FIGURE_ROWS } from "../../limits.ts";
import { type AnalyticsAccess, type AnalyticsOptions, queryAnalytics, wholeCount } from "./analytics-engine.ts";

/** Rows of older versions have only the first three blobs. */
const blob = v.nullish(v.string(), "");

const rowSchema = v.object({
  event: v.string(),
  outcome: blob,
  operator: blob,
  networks: wholeCount,
  counted: wholeCount,
  total: wholeCount,
});

const detailSchema = v.object({ outcome: blob, reason: blob, browser: blob, counted: wholeCount });

/** Of a group's networks, each counts a few times at most. */
const COUNTED = `sumIf(told, told < ${MAX_COUNTED_PER_NETWORK}) + ${MAX_COUNTED_PER_NETWORK} * countIf(told >= ${MAX_COUNTED_PER_NETWORK}) AS counted`;

/**
 * Reads what was counted in a span of time.
 *
 * Analytics Engine itself counts each network a few times at most, so that a large site has about as few rows as a small one:
 * one for each word and operator. What is cut off are operators of whose networks hardly any told it.
 *
 * @throws {Error} With Cloudflare's own message, or where the signal says that it takes too long.
 * Source: Cloudflare documentation, Workers Analytics Engine, SQL reference.
 */
export async function readFigures(access: AnalyticsAccess, span: Span, options: AnalyticsOptions): Promise<Figures> {
  const isWeighed = `blob1 = 'browser.outcome' AND blob2 IN (${quoteAll([...FAILURES, "opened"])})`;
  const query = `SELECT event, outcome, operator, count() AS networks, sum(told) AS total,
${COUNTED}
FROM (SELECT blob1 AS event, blob2 AS outcome, if(${isWeighed}, blob7, '') AS operator, if(${isWeighed}, blob6, '') AS network,
sum(_sample_interval) AS told FROM ${access.dataset}
WHERE ${within(span)} AND blob1 IN ('page.injected', 'token.issued', 'browser.outcome')
GROUP BY event, outcome, operator, network)
GROUP BY event, outcome, operator ORDER BY event DESC, total DESC LIMIT ${MAX_FIGURE_ROWS}`;
  return toFigures(await queryAnalytics(access, query, rowSchema, options));
}

/**
 * Reads which browsers told of these failures in a span of time, and with which reason.
 *
 * @throws {Error} As `readFigures()`.
 */
export async function readFailureDetails(
  access: AnalyticsAccess,
  span: Span,
  failures: readonly Failure[],
  options: AnalyticsOptions,
): Promise<FailureDetail[]> {
  const query = `SELECT outcome, reason, browser,
${COUNTED}
FROM (SELECT blob2 AS outcome, blob3 AS reason, blob4 AS browser, blob6 AS network, sum(_sample_interval) AS told FROM ${access.dataset}
WHERE ${within(span)} AND blob1 = 'browser.outcome' AND blob2 IN (${quoteAll(failures)})
GROUP BY outcome, reason, browser, network)
GROUP BY outcome, reason, browser ORDER BY counted DESC LIMIT ${MAX_DETAIL_ROWS}`;
  return queryAnalytics(access, query, detailSchema, options);
}

const within = ({ from, to }: Span) => `timestamp > toDateTime(${from}) AND timestamp <= toDateTime(${to})`;

function quoteAll(words: readonly string[]): string {
  return words.map((word) => `'${word}'`).join(", ");
}
