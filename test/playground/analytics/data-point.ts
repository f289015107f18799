import * as v from "valibot";

const MAX_BLOBS_BYTES = 16 * 1024;
const MAX_INDEX_BYTES = 96;
/** Of blobs and of doubles. */
export const MAX_VALUES = 20;

const bytesOf = (text: string) => Buffer.byteLength(text);

/** Source: Cloudflare documentation, Workers Analytics Engine, "Limits". */
const dataPointSchema = v.strictObject({
  indexes: v.optional(
    v.pipe(
      v.array(
        v.pipe(
          v.string("an index is text"),
          v.check((index) => bytesOf(index) <= MAX_INDEX_BYTES, `an index has at most ${MAX_INDEX_BYTES} bytes`),
        ),
      ),
      v.maxLength(1, "a data point has at most one index"),
    ),
    [],
  ),
  blobs: v.optional(
    v.pipe(
      v.array(v.string("a blob is text")),
      v.maxLength(MAX_VALUES, `a data point has at most ${MAX_VALUES} blobs`),
      v.check(
        (blobs) => blobs.reduce((sum, blob) => sum + bytesOf(blob), 0) <= MAX_BLOBS_BYTES,
        `the blobs of a data point have at most ${MAX_BLOBS_BYTES} bytes`,
      ),
    ),
    [],
  ),
  doubles: v.optional(
    v.pipe(
      v.array(v.number("a double is a number")),
      v.maxLength(MAX_VALUES, `a data point has at most ${MAX_VALUES} doubles`),
    ),
    [],
  ),
});

export type DataPoint = v.InferOutput<typeof dataPointSchema>;

/** What a Worker sends here: the points that it wrote, and to which dataset. */
export const writtenPoints = v.strictObject({
  dataset: v.pipe(v.string(), v.regex(/^\w+$/)),
  points: v.array(dataPointSchema),
});
