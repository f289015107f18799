import * as v from "valibot";

/** A dataset of Analytics Engine, and what it takes to read it. */
export interface AnalyticsAccess {
  readonly accountId: string;
  readonly apiToken: string;
  /** Letters, digits and _: it becomes a part of each query. */
  readonly dataset: string;
}

export interface AnalyticsOptions {
  readonly fetch: (request: Request) => Promise<Response>;
  /** Base address of Cloudflare's API. */
  readonly apiUrl?: string;
  readonly signal?: AbortSignal;
}

/** A count: whole, and not negative. ClickHouse writes 64-bit numbers as text. */
export const wholeCount = v.pipe(
  v.union([v.number(), v.pipe(v.string(), v.digits())]),
  v.transform(Number),
  v.safeInteger(),
  v.minValue(0),
);

/**
 * Asks Analytics Engine.
 *
 * @param query Without `FORMAT`. With many events, Analytics Engine keeps a sample: one row stands for `_sample_interval`
 *   events.
 * @param row What each row of the answer is.
 * @throws {Error} That says what to do where Cloudflare's answer does, with Cloudflare's own message.
 * Source: Cloudflare documentation, Workers Analytics Engine, SQL API.
 */
export async function queryAnalytics<Row extends v.GenericSchema>(
  { accountId, apiToken, dataset }: AnalyticsAccess,
  query: string,
  row: Row,
  { fetch, apiUrl = "https://api.cloudflare.com/client/v4", signal }: AnalyticsOptions,
): Promise<v.InferOutput<Row>[]> {
  const request = new Request(`${apiUrl}/accounts/${accountId}/analytics_engine/sql`, {
    method: "POST",
    headers: { authorization: `Bearer ${apiToken}` },
    body: `${query} FORMAT JSON`,
    ...(signal && { signal }),
  });
  const response = await fetch(request).catch((error: Error) => {
    const reason = error.cause instanceof Error ? error.cause.message : error.message;
    throw new Error(`Cannot read ${dataset}: ${apiUrl} cannot be reached: ${reason}`, { cause: error });
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`Cannot read ${dataset}: Cloudflare answered ${response.status}: ${text.trim()}`);
  return parseRows(text, row, dataset);
}

function parseRows<Row extends v.GenericSchema>(text: string, row: Row, dataset: string): v.InferOutput<Row>[] {
  try {
    return v.parse(v.object({ data: v.array(row) }), JSON.parse(text)).data;
  } catch (cause) {
    throw new Error(`Cannot read ${dataset}: Cloudflare's answer has not the rows that were asked for`, { cause });
  }
}
