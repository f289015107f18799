import * as v from "valibot";
import { MAX_FIGURES_BYTES, MAX_QUOTED_CHARS } from "../../limits.ts";

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
  try {
    const request = new Request(`${apiUrl}/accounts/${accountId}/analytics_engine/sql`, {
      method: "POST",
      headers: { authorization: `Bearer ${apiToken}` },
      body: `${query} FORMAT JSON`,
      ...(signal && { signal }),
    });
    const response = await fetch(request);
    const text = await readText(response, dataset);
    if (response.ok) return parseRows(text, row, dataset);
    // A proxy may send back what it got.
    const said = text.trim().replaceAll(apiToken, "[token]").slice(0, MAX_QUOTED_CHARS);
    throw new AnswerError(`Cannot read ${dataset}: Cloudflare answered ${response.status}: ${said}`);
  } catch (error) {
    throw explain(error, { accountId, apiToken, dataset }, apiUrl);
  }
}

/** An answer that cannot be used. */
class AnswerError extends Error {}

/** Says which of the ways to fail it was; the name stays. */
function explain(error: unknown, { apiToken, dataset }: AnalyticsAccess, apiUrl: string): Error {
  if (error instanceof AnswerError) return error;
  if (!(error instanceof Error)) return new Error(`Cannot read ${dataset}: ${String(error)}`);
  if (error.name === "TimeoutError") {
    const late = new Error(`Cannot read ${dataset}: Cloudflare did not answer in time`, { cause: error });
    late.name = error.name;
    return late;
  }
  // The platform's own message may quote a header that it does not take.
  const reason = (error.cause instanceof Error ? error.cause.message : error.message).replaceAll(apiToken, "[token]");
  return new Error(`Cannot read ${dataset}: ${apiUrl} cannot be reached: ${reason}`, { cause: error });
}

/** @throws {AnswerError} For an answer that is longer than any that was asked for: a Worker has little memory. */
async function readText({ body }: Response, dataset: string): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MAX_FIGURES_BYTES)
      throw new AnswerError(`Cannot read ${dataset}: Cloudflare's answer is longer than ${MAX_FIGURES_BYTES} bytes`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function parseRows<Row extends v.GenericSchema>(text: string, row: Row, dataset: string): v.InferOutput<Row>[] {
  try {
    return v.parse(v.object({ data: v.array(row) }), JSON.parse(text)).data;
  } catch (cause) {
    throw new AnswerError(`Cannot read ${dataset}: Cloudflare's answer has not the rows that were asked for`, {
      cause,
    });
  }
}
