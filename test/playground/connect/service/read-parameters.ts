import { type Exchange, readHeader } from "../api/exchange.ts";
import { type Answer, failBefore } from "./answer.ts";
import type { Parameters } from "./operation.ts";
import type { Route } from "./operations.ts";

export interface ReadParameters {
  /** What could be read; at least those in the path. */
  parameters: Parameters;
  /** `null` where all could be read. */
  refusal: Answer | null;
}

/**
 * Reads an action's parameters from path, query and body; what the action does not know is left out.
 *
 * Source: Smithy, "AWS restJson1 protocol" (content type, serialization errors).
 */
export function readParameters(exchange: Exchange, { operation, labels }: Route, body: Buffer): ReadParameters {
  const { searchParams } = new URL(exchange.request.url ?? "/", "http://service");
  const inQuery = Object.entries(operation.query ?? {}).flatMap(([name, parameter]): [string, unknown][] => {
    const values = searchParams.getAll(name);
    if (operation.lists?.includes(parameter)) return [[parameter, values]];
    return values[0] === undefined ? [] : [[parameter, values[0]]];
  });
  const found = { ...labels, ...Object.fromEntries(inQuery) };
  if (operation.body === undefined) return { parameters: found, refusal: null };
  if (!/^application\/json\b/i.test(readHeader(exchange, "content-type") ?? "")) {
    const refusal = failBefore("UnsupportedMediaTypeException", "The content type is not application/json.");
    return { parameters: found, refusal };
  }
  const value = parseObject(body);
  if (value === null) {
    return { parameters: found, refusal: failBefore("SerializationException", "The body is no JSON object.") };
  }
  const inBody = operation.body.flatMap((name) => (Object.hasOwn(value, name) ? [[name, value[name]] as const] : []));
  return { parameters: { ...found, ...Object.fromEntries(inBody) }, refusal: null };
}

function parseObject(body: Buffer): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(body.toString("utf8"));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
}
