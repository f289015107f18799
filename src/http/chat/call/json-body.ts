import { type HonoRequest } from "hono";
import * as v from "valibot";
import { withTimeout } from "../../../adapters/with-timeout.ts";
import { ChatError } from "../../../errors.ts";
import { BODY_TIMEOUT_MS } from "../../../limits.ts";

/**
 * Reads a small JSON body, up to a limit.
 *
 * @throws {ChatError} `NOT_JSON_TYPE`, `BODY_INCOMPLETE`, `BODY_TOO_LARGE`, `BODY_NOT_JSON` or `BODY_INVALID`.
 */
export async function readJsonBody<Schema extends v.GenericSchema>(
  request: HonoRequest,
  schema: Schema,
  maxBytes: number,
): Promise<v.InferOutput<Schema>> {
  const type = request.header("content-type") ?? "";
  if (!/^application\/json[\t ]*(?:;|$)/i.test(type)) {
    throw new ChatError("NOT_JSON_TYPE", "Cannot read a body: expected the content type application/json");
  }
  const json = parseJson(await readInTime(request.raw, maxBytes));
  // Valibot takes an array for an object.
  if (Array.isArray(json)) throw new ChatError("BODY_INVALID", "Cannot use a body: a list instead of an object");
  const result = v.safeParse(schema, json);
  if (result.success) return result.output;
  // The name of an unknown field is text of the caller, which stays out of the log.
  const fields = result.issues.map((issue) =>
    issue.expected === "never" ? "a field" : (v.getDotPath(issue) ?? "body"),
  );
  throw new ChatError("BODY_INVALID", `Cannot use a body: ${[...new Set(fields)].join(", ")} not as documented`);
}

/** A slow body must not hold its request open without end. */
async function readInTime(request: Request, maxBytes: number): Promise<Uint8Array> {
  try {
    return await withTimeout(BODY_TIMEOUT_MS, readBytes(request, maxBytes));
  } catch (cause) {
    if (cause instanceof ChatError) throw cause;
    const message = `Cannot read a body: not whole within ${BODY_TIMEOUT_MS} ms, or its sender left`;
    throw new ChatError("BODY_INCOMPLETE", message, { cause });
  }
}

async function readBytes({ body }: Request, maxBytes: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(maxBytes);
  let length = 0;
  for await (const chunk of body ?? []) {
    if (length + chunk.byteLength > maxBytes) {
      throw new ChatError("BODY_TOO_LARGE", `Cannot read a body: longer than ${maxBytes} bytes`);
    }
    bytes.set(chunk, length);
    length += chunk.byteLength;
  }
  return bytes.subarray(0, length);
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes));
  } catch {
    // The parser's own message quotes the visitor's text.
    throw new ChatError("BODY_NOT_JSON", "Cannot read a body: no JSON in UTF-8");
  }
}
