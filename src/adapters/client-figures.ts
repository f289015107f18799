import * as v from "valibot";
import { type ClientFigures } from "../core/watch/client-figures.ts";
import { type Failure } from "../core/outcome/outcome.ts";
import { type Span } from "../core/watch/self-off.ts";
import { FIGURES_TIMEOUT_MS, MAX_COUNTED_PER_NETWORK, MAX_FIGURE_ROWS } from "../limits.ts";
import { type AnalyticsAccess, queryAnalytics, wholeCount } from "./analytics-engine.ts";

/**
 * A client that did not load, and one that loaded and showed no widget. One that a policy of the page blocked harms no page, and
 * is for the owner to mend.
 */
const CLIENT_FAILURES: readonly Failure[] = ["client-failed", "never-ready"];

const rowSchema = v.object({
  event: v.string(),
  networks: wholeCount,
  counted: wholeCount,
  total: wholeCount,
});

/**
 * Reads how the client did in some spans of time, in the order of the spans.
 *
 * @throws {Error} With Cloudflare's own message, or after FIGURES_TIMEOUT_MS.
 */
export async function readClientFigures(
  access: AnalyticsAccess,
  spans: readonly Span[],
  fetch: (request: Request) => Promise<Response>,
): Promise<ClientFigures[]> {
  const signal = AbortSignal.timeout(FIGURES_TIMEOUT_MS);
  const read = async (span: Span) => {
    const rows = await queryAnalytics(access, buildQuery(access.dataset, span), rowSchema, { fetch, signal });
    const [pages, operators] = [rows.filter(isPages), rows.filter((row) => !isPages(row))];
    return {
      pages: pages.reduce((sum, { total }) => sum + total, 0),
      operators: operators.map(({ networks, counted }) => ({ networks, failures: counted })),
    };
  };
  return Promise.all(spans.map(read));
}

const isPages = ({ event }: { readonly event: string }) => event === "page.injected";

/**
 * Analytics Engine itself counts each network a few times at most, so that a large site has as few rows as a small one: one for
 * each operator. `page.injected` comes first.
 *
 * Source: Cloudflare documentation, Workers Analytics Engine, SQL reference.
 */
function buildQuery(dataset: string, { from, to }: Span): string {
  const failures = CLIENT_FAILURES.map((failure) => `'${failure}'`).join(", ");
  const most = MAX_COUNTED_PER_NETWORK;
  return `SELECT event, operator, count() AS networks, sum(told) AS total,
sumIf(told, told < ${most}) + ${most} * countIf(told >= ${most}) AS counted
FROM (SELECT blob1 AS event, blob7 AS operator, blob6 AS network, sum(_sample_interval) AS told FROM ${dataset}
WHERE timestamp >= toDateTime(${from}) AND timestamp <= toDateTime(${to})
AND (blob1 = 'page.injected' OR (blob1 = 'browser.outcome' AND blob2 IN (${failures})))
GROUP BY event, operator, network)
GROUP BY event, operator ORDER BY event DESC LIMIT ${MAX_FIGURE_ROWS}`;
}
