import * as v from "valibot";
import { FAILURES } from "../core/outcome/outcome.ts";
import { toFigures } from "../core/watch/counted-rows.ts";
import { type Figures } from "../core/watch/figures.ts";
import { FIGURES_TIMEOUT_MS, MAX_FIGURE_ROWS, WEEK_SECONDS } from "../limits.ts";
import { type AnalyticsAccess, queryAnalytics, wholeCount } from "./analytics-engine.ts";

/** What was counted in the last hour, and in the same hour of the week before. */
export interface WatchedHours {
  readonly hour: Figures;
  readonly weekBefore: Figures;
}

/** Rows of older versions have only the first three blobs. */
const blob = v.nullish(v.string(), "");
const rowSchema = v.object({
  event: v.string(),
  outcome: blob,
  reason: blob,
  browser: blob,
  network: blob,
  operator: blob,
  count: wholeCount,
});

/**
 * Reads the figures of the two hours, in one query each: so the rows of one hour never take the room of the other.
 *
 * @throws {Error} With Cloudflare's own message, or after FIGURES_TIMEOUT_MS.
 */
export async function readWatchedHours(
  access: AnalyticsAccess,
  now: number,
  fetch: (request: Request) => Promise<Response>,
): Promise<WatchedHours> {
  const signal = AbortSignal.timeout(FIGURES_TIMEOUT_MS);
  const readHour = async (end: number) =>
    toFigures(await queryAnalytics(access, buildHourQuery(access.dataset, end), rowSchema, { fetch, signal }));
  const [hour, weekBefore] = await Promise.all([readHour(now), readHour(now - WEEK_SECONDS)]);
  return { hour, weekBefore };
}

/**
 * `ORDER BY event DESC`: the few rows of tokens and pages come before those of failures, of which there may be one for every
 * network.
 *
 * Source: Cloudflare documentation, Workers Analytics Engine, SQL reference.
 */
function buildHourQuery(dataset: string, end: number): string {
  const failures = FAILURES.map((failure) => `'${failure}'`).join(", ");
  return `SELECT blob1 AS event, blob2 AS outcome, blob3 AS reason, blob4 AS browser, blob6 AS network, blob7 AS operator,
SUM(_sample_interval) AS count FROM ${dataset}
WHERE timestamp > toDateTime(${end - 3600}) AND timestamp <= toDateTime(${end})
AND (blob1 = 'page.injected' OR blob1 = 'token.issued' OR (blob1 = 'browser.outcome' AND blob2 IN (${failures})))
GROUP BY event, outcome, reason, browser, network, operator
ORDER BY event DESC LIMIT ${MAX_FIGURE_ROWS}`;
}
