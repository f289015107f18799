import { type BodyDecision, type BodyReason, decideByBody } from "../core/body-decision.ts";
import { MAX_HEAD_SEARCH_BYTES } from "../limits.ts";

export interface TagInserterOptions {
  /** The element to put in, in ASCII. */
  readonly tag: string;
  /** Whether the browser said that it asks for a document. */
  readonly isNavigation: boolean;
  /** Told why the body gets no tag after all. */
  readonly onLeft: (reason: BodyReason) => void;
}

/**
 * A page's body with the tag where the head opens, and every other byte as it was.
 *
 * JavaScript sees the body only up to that place, mostly its first chunk; the platform pipes the rest.
 */
export function insertTag(body: ReadableStream<Uint8Array>, options: TagInserterOptions): ReadableStream<Uint8Array> {
  const { readable, writable } = new IdentityTransformStream();
  // Its errors end both streams, which is all that anyone could be told by then.
  pump(body, writable, options).catch(() => undefined);
  return readable;
}

async function pump(
  body: ReadableStream<Uint8Array>,
  writable: WritableStream<Uint8Array>,
  options: TagInserterOptions,
): Promise<void> {
  const reader = body.getReader();
  const writer = writable.getWriter();
  try {
    await copyBeginning(reader, writer, options);
  } catch (error) {
    await Promise.allSettled([reader.cancel(error), writer.abort(error)]);
    throw error;
  }
  reader.releaseLock();
  writer.releaseLock();
  await body.pipeTo(writable);
}

/** Copies until it is decided whether and where the tag goes in. */
async function copyBeginning(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  writer: WritableStreamDefaultWriter<Uint8Array>,
  { tag, isNavigation, onLeft }: TagInserterOptions,
): Promise<void> {
  const decoder = new TextDecoder("windows-1252");
  let prefix = "";
  let held: Uint8Array = new Uint8Array();
  let sentBytes = 0;
  for (;;) {
    const { value, done } = await reader.read();
    if (value !== undefined) {
      prefix += decoder.decode(value.subarray(0, MAX_HEAD_SEARCH_BYTES + 1));
      held = held.length === 0 ? value : concat(held, value);
    }
    const decision = decideByBody(prefix, { isComplete: done, isNavigation });
    const splitAt = toSplit(decision, sentBytes, held);
    if (decision.kind !== "more") {
      if (decision.kind === "leave") onLeft(decision.reason);
      const inserted = decision.kind === "insert" ? new TextEncoder().encode(tag) : new Uint8Array();
      await write(writer, concat(held.subarray(0, splitAt), inserted, held.subarray(splitAt)));
      return;
    }
    await write(writer, held.subarray(0, splitAt));
    sentBytes += splitAt;
    held = held.subarray(splitAt);
  }
}

/** How many of the held bytes come before the place of the tag. */
function toSplit(decision: BodyDecision, sentBytes: number, held: Uint8Array): number {
  if (decision.kind === "leave") return held.length;
  return (decision.kind === "insert" ? decision.at : decision.settled) - sentBytes;
}

async function write(writer: WritableStreamDefaultWriter<Uint8Array>, bytes: Uint8Array): Promise<void> {
  if (bytes.length > 0) await writer.write(bytes);
}

function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
