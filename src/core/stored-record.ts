import * as v from "valibot";
import { MAX_RECORD_CHARS } from "../limits.ts";

/** A record that a newer version of this Worker wrote. */
const newerSchema = v.object({ v: v.pipe(v.number(), v.minValue(2)) });

/**
 * Reads a record of version 1 that KV holds.
 *
 * @returns `"newer"` for a record of a newer version, which must not be replaced; `"unreadable"` for another text, or one
 *   that is too long.
 */
export function parseStoredRecord<Schema extends v.GenericSchema>(
  text: string,
  schema: Schema,
): v.InferOutput<Schema> | "newer" | "unreadable" {
  if (text.length > MAX_RECORD_CHARS) return "unreadable";
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return "unreadable";
  }
  const result = v.safeParse(schema, json, { abortEarly: true });
  if (result.success) return result.output;
  return v.safeParse(newerSchema, json).success ? "newer" : "unreadable";
}
