import { type BodyDecision, type BodyReason } from "../../core/page/body-decision.ts";
import { type PolicyReason } from "../../core/policy/obstacle.ts";
import { type HeadSearch, searchHead } from "../../core/page/head-search.ts";
import { decidePlace } from "../../core/page/page-decision.ts";
import { MAX_CHARS_LOOKED_AT, MAX_HEAD_BYTES } from "../../limits.ts";
import { patchMetaPolicies, type PatchPolicy } from "./meta-policies.ts";
import { concat, createPageBeginning, decodeStart, type PageBeginning } from "./body-beginning.ts";

const encoder = new TextEncoder();

export interface TagInserterOptions {
  /** The element to insert, in ASCII. */
  readonly tag: string;
  /** Whether the browser sent `Sec-Fetch-Dest: document`. */
  readonly isNavigation: boolean;
  /** Whether a header names the page's charset, which then overrules a `<meta charset>`. */
  readonly hasCharset: boolean;
  /** Changes a policy in the page's head. */
  readonly patchPolicy: PatchPolicy;
  /** Called once: with the reason why the page gets no tag, or with `null` when it has the tag. */
  readonly onDecided: (reason: BodyReason | PolicyReason | null) => void;
}

/**
 * A page's body with the tag where the head opens. Only a `<meta>` policy changes as well.
 *
 * JavaScript sees the body only up to the head's end, mostly its first chunk; the platform pipes the rest.
 */
export function insertTag(body: ReadableStream<Uint8Array>, options: TagInserterOptions): ReadableStream<Uint8Array> {
  const { readable, writable } = new IdentityTransformStream();
  // An error ends both streams: nothing else can be told at that time.
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
  const send = async (...parts: readonly Uint8Array[]) => {
    const bytes = concat(...parts);
    if (bytes.length > 0) await writer.write(bytes);
  };
  try {
    const first = await reader.read();
    const changed = first.done ? null : insertIntoChunk(first.value, options);
    if (changed !== null) await writer.write(changed);
    else await sendBeginning(createPageBeginning(reader, first), send, options);
  } catch (error) {
    await Promise.allSettled([reader.cancel(error), writer.abort(error)]);
    throw error;
  }
  reader.releaseLock();
  writer.releaseLock();
  await body.pipeTo(writable);
}

/**
 * The first chunk with the tag in it, where that chunk decides everything, as with nearly every page.
 *
 * The steps below have the same result; this shortcut gives a 10 KB page about 5 % more throughput (measured).
 */
function insertIntoChunk(chunk: Uint8Array, options: TagInserterOptions): Uint8Array | null {
  const { tag, isNavigation, hasCharset, onDecided } = options;
  const text = decodeStart(chunk);
  const decision = decidePlace(text, { isComplete: false, isNavigation, hasCharset, tagBytes: tag.length });
  if (decision.kind !== "insert" || searchHead(text, decision.at).kind !== "none") return null;
  onDecided(null);
  return concat(chunk.subarray(0, decision.at), encoder.encode(tag), chunk.subarray(decision.at));
}

type Send = (...parts: readonly Uint8Array[]) => Promise<void>;

/** Sends the part of the body that JavaScript reads, with the tag inserted. */
async function sendBeginning(page: PageBeginning, send: Send, options: TagInserterOptions): Promise<void> {
  const place = await findPlace(page, send, options);
  if (place === null) return send(page.take());
  const tag = encoder.encode(options.tag);
  const opening = page.take(place);

  let search = searchHead(page.text, place);
  while (search.kind === "more" && page.hasUndecoded && page.text.length < MAX_HEAD_BYTES) {
    await page.grow();
    search = searchHead(page.text, search.settled);
  }
  switch (search.kind) {
    case "none":
      options.onDecided(null);
      return send(opening, tag, page.take());
    case "more":
      options.onDecided(null);
      // The head continues in the next chunk; the visitor does not wait for it.
      await send(opening, tag, page.take(search.settled));
      return sendRestOfHead(page, send, options.patchPolicy, search.settled);
    case "policy": {
      const original = await takeHead(page, search, place);
      const patched = await patchMetaPolicies(original, options.patchPolicy);
      options.onDecided(patched.works ? null : patched.reason);
      if (patched.works) return send(opening, tag, patched.head, page.take());
      return send(opening, original, page.take());
    }
  }
}

/** Reads until the place of the tag is decided; `null`: the page gets no tag. */
async function findPlace(page: PageBeginning, send: Send, options: TagInserterOptions): Promise<number | null> {
  const { hasCharset, isNavigation, tag } = options;
  let from: (BodyDecision & { readonly kind: "more" }) | null = null;
  let lookedAt = 0;
  for (;;) {
    await page.grow();
    lookedAt += page.text.length - (from?.settled ?? 0);
    const isComplete = page.isComplete;
    const decision: BodyDecision = decidePlace(page.text, {
      isComplete,
      isNavigation,
      hasCharset,
      tagBytes: tag.length,
      ...(from !== null && { from }),
    });
    switch (decision.kind) {
      case "insert":
        return decision.at;
      case "leave":
        options.onDecided(decision.reason);
        return null;
      case "more":
        if (lookedAt > MAX_CHARS_LOOKED_AT) {
          options.onDecided("no-head-found");
          return null;
        }
        await send(page.take(decision.settled));
        from = decision;
        break;
    }
  }
}

/** Patches a policy that arrives after the tag was sent. */
async function sendRestOfHead(page: PageBeginning, send: Send, patch: PatchPolicy, settled: number): Promise<void> {
  let from = settled;
  let lookedAt = 0;
  while (mayLook(page, lookedAt)) {
    await page.grow();
    lookedAt += page.text.length - from;
    const search = searchHead(page.text, from);
    if (search.kind === "none") break;
    if (search.kind === "more") {
      from = search.settled;
      await send(page.take(from));
      continue;
    }
    const original = await takeHead(page, search, from);
    const patched = await patchMetaPolicies(original, patch);
    await send(patched.works ? patched.head : original);
    break;
  }
  await send(page.take());
}

/** Reads up to the end of a head with a policy in it, or up to the limit of a head's length. */
async function takeHead(page: PageBeginning, found: HeadSearch, from: number): Promise<Uint8Array> {
  let search = found;
  let lookedAt = 0;
  while (search.kind === "policy" && search.end === null && mayLook(page, lookedAt)) {
    await page.grow();
    lookedAt += page.text.length - from;
    search = searchHead(page.text, from);
  }
  return page.take(search.kind === "policy" && search.end !== null ? search.end : page.text.length);
}

function mayLook(page: PageBeginning, lookedAt: number): boolean {
  return lookedAt <= MAX_CHARS_LOOKED_AT && !page.isComplete && page.text.length < MAX_HEAD_BYTES;
}
