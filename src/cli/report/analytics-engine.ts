import * as v from "valibot";
import { type AnalyticsAccess, queryAnalytics, wholeCount } from "../../adapters/analytics-engine.ts";
import { CLOUDFLARE_API_URL } from "../shared/cloudflare-api.ts";
import { type Count } from "./table.ts";

const countSchema = v.object({ event: v.string(), outcome: v.string(), reason: v.string(), count: wholeCount });

/**
 * Reads the counts of the last days.
 *
 * @throws {Error} With Cloudflare's own message.
 */
export async function readCounts(access: AnalyticsAccess, days: number): Promise<Count[]> {
  const query = `SELECT blob1 AS event, blob2 AS outcome, blob3 AS reason, SUM(_sample_interval) AS count
FROM ${access.dataset} WHERE timestamp > NOW() - INTERVAL '${days}' DAY
GROUP BY event, outcome, reason`;
  return queryAnalytics(access, query, countSchema, { fetch, apiUrl: CLOUDFLARE_API_URL });
}
