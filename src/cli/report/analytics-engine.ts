import * as v from "valibot";
import { CLOUDFLARE_API_URL } from "../shared/cloudflare-api.ts";
import { type Count } from "./table.ts";

/** The dataset with the counts, and the credentials to read it. */
export interface AnalyticsAccess {
  readonly accountId: string;
  readonly apiToken: string;
  readonly dataset: string;
}

const answerSchema = v.object({
  data: v.array(
    v.object({
      event: v.string(),
      outcome: v.string(),
      reason: v.string(),
      // ClickHouse writes 64-bit numbers as text.
      count: v.pipe(v.union([v.number(), v.string()]), v.transform(Number)),
    }),
  ),
});

/**
 * Reads the counts of the last days.
 *
 * @throws {Error} With Cloudflare's own message.
 * Source: Cloudflare documentation, Workers Analytics Engine, SQL API.
 */
export async function readCounts({ accountId, apiToken, dataset }: AnalyticsAccess, days: number): Promise<Count[]> {
  // With many events, Analytics Engine keeps a sample: one row stands for `_sample_interval` events.
  const query = `SELECT blob1 AS event, blob2 AS outcome, blob3 AS reason, SUM(_sample_interval) AS count
FROM ${dataset} WHERE timestamp > NOW() - INTERVAL '${days}' DAY
GROUP BY event, outcome, reason FORMAT JSON`;
  const response = await fetch(`${CLOUDFLARE_API_URL}/accounts/${accountId}/analytics_engine/sql`, {
    method: "POST",
    headers: { authorization: `Bearer ${apiToken}` },
    body: query,
  }).catch((error: Error) => {
    const reason = error.cause instanceof Error ? error.cause.message : error.message;
    throw new Error(`Cannot read ${dataset}: ${CLOUDFLARE_API_URL} cannot be reached: ${reason}`, { cause: error });
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`Cannot read ${dataset}: Cloudflare answered ${response.status}: ${text.trim()}`);
  return v.parse(answerSchema, JSON.parse(text)).data;
}
