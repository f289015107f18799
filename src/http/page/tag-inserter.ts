import { type BodyReason } from "../../core/page/body-decision.ts";
import { type HeadSearch, searchHead } from "../../core/page/head-search.ts";
import { type DecidedPlace, decidePlace, type UndecidedPlace } from "../../core/page/page-decision.ts";
import { type PolicyReason } from "../../core/policy/obstacle.ts";
import { MAX_HEAD_BYTES, MAX_POLICIES } from "../../limits.ts";
import { concat, PageBeginning } from "./page-beginning.ts";
import { patchPolicyElement, type PatchPolicy, type TagWriter } from "./rewriter.ts";

/** How long the last bytes of a page that broke off have to leave, in milliseconds. */
const LAST_BYTES_MS = 10;

/** A body so small that it arrives at once. */
export interface SmallBody {
  /** Its bytes; `null` where it is compressed. */
  readonly length: number | null;
}

export interface TagInserterOptions {
  /** Writes the element to insert, which is in ASCII. */
  readonly writer: TagWriter;
  /** Whether the browser sent `Sec-Fetch-Dest: document`. */
  readonly isNavigation: boolean;
  /** Whether a header names the page's charset, which then overrules a `<meta charset>`. */
  readonly hasCharset: boolean;
  /** `null` for a body that may arrive in pieces. */
  readonly small: SmallBody | null;
  /** Changes a policy in the page's head. */
  readonly patchPolicy: PatchPolicy;
  /** Called once: with the reason why the page gets no tag, or with `null` when it has the tag. */
  readonly onDecided: (reason: BodyReason | PolicyReason | null) => void;
}

/**
 * A page's body with the tag where the head opens. Only `<meta>` policies change as well.
 *
 * A small page is read whole and comes back as one array: a second stream would cost more than everything else. Of any
 * other page, JavaScript sees the head alone, mostly the first chunk, and the platform pipes the rest.
 */
export async function insertTag(
  body: ReadableStream<Uint8Array>,
  options: TagInserterOptions,
): Promise<ReadableStream<Uint8Array> | Uint8Array> {
  const page = new PageBeginning(body);
  if (options.small !== null && (await page.readWhole(options.small.length))) {
    const parts: Uint8Array[] = [];
    await sendBeginning(page, async (...more) => void parts.push(...more), options);
    return concat(parts);
  }
  const { readable, writable } = new IdentityTransformStream();
  void pump(page, writable, options);
  return readable;
}

async function pump(
  page: PageBeginning,
  writable: WritableStream<Uint8Array>,
  options: TagInserterOptions,
): Promise<void> {
  try {
    const writer = writable.getWriter();
    const send = async (...parts: readonly Uint8Array[]) => {
      const bytes = concat(parts);
      if (bytes.length > 0) await writer.write(bytes);
    };
    try {
      await sendBeginning(page, send, options);
      await send(await page.takePending());
    } catch (error) {
      // The visitor gets what there is of a page that broke off.
      await send(page.take());
      throw error;
    } finally {
      writer.releaseLock();
    }
    await page.pipeRest(writable);
  } catch (error) {
    await end(page, writable, error);
  }
}

/** Ends a page that broke off. */
async function end(page: PageBeginning, writable: WritableStream<Uint8Array>, error: unknown): Promise<void> {
  // An abort would drop what is still on its way.
  await scheduler.wait(LAST_BYTES_MS);
  // Browsers show a damaged page as far as it can be decoded, and forgive bytes behind its end.
  const ended = DECODING_ERROR.test(String(error)) ? writable.close() : writable.abort(error);
  await Promise.allSettled([ended, page.cancel(error)]);
}

/** workerd's words for what it cannot decompress. */
const DECODING_ERROR = /(?:gzip|brotli) (?:decompression failed|compressed stream ended)/i;

type Send = (...parts: readonly Uint8Array[]) => Promise<void>;

/** Sends the part of the body that JavaScript reads, with the tag inserted. */
async function sendBeginning(page: PageBeginning, send: Send, options: TagInserterOptions): Promise<void> {
  const place = await findPlace(page, send, options);
  if (place.kind === "leave") {
    options.onDecided(place.reason);
    return send(page.take());
  }
  const opening = page.take(place.at);
  // The opening is empty where it was sent before the page named its charset.
  const changed = await options.writer.write(opening, place.isInHead && opening.length > 0);
  const { head, search, count } = await takeArrivedHead(page, place.at, options.patchPolicy);
  const reason = changed === null ? "parsers-disagree" : head.reason;
  options.onDecided(reason);
  if (changed === null || reason !== null) return send(opening, ...head.original, page.take());
  if (search.next === null || !mayGrow(page)) return send(changed, ...head.patched, page.take());
  // The head continues; the visitor does not wait for it.
  await send(changed, ...head.patched);
  return sendRestOfHead(page, send, { search, count, patch: options.patchPolicy });
}

/** Reads until the place of the tag is decided. Before that, it sends all bytes that no decision can change. */
async function findPlace(page: PageBeginning, send: Send, options: TagInserterOptions): Promise<DecidedPlace> {
  const { hasCharset, isNavigation, writer } = options;
  const facts = { hasCharset, isNavigation, tagBytes: writer.tag.length };
  let from: UndecidedPlace | undefined;
  for (;;) {
    await page.grow();
    const decision = decidePlace(page.text, { ...facts, isComplete: page.isComplete, from });
    if (decision.kind !== "more") return decision;
    await send(page.take(decision.settled));
    from = decision;
  }
}

/** A part of the head, as it was and with its policies patched. */
interface HeadPart {
  readonly original: readonly Uint8Array[];
  readonly patched: readonly Uint8Array[];
  /** Why the chat cannot work under a policy; `null` where it can. */
  readonly reason: PolicyReason | "parsers-disagree" | null;
}

/** Takes all of the head that has arrived: a policy there may forbid the tag. */
async function takeArrivedHead(page: PageBeginning, place: number, patch: PatchPolicy) {
  let search = searchHead(page.text, place);
  const policies = [...search.policies];
  while (search.next !== null && page.hasUndecoded && page.text.length < MAX_HEAD_BYTES) {
    await page.grow();
    search = searchHead(page.text, search.next);
    policies.push(...search.policies);
  }
  return { head: await takeHead(page, { ...search, policies }, patch), search, count: policies.length };
}

async function takeHead(page: PageBeginning, { settled, policies }: HeadSearch, patch: PatchPolicy): Promise<HeadPart> {
  const original: Uint8Array[] = [];
  const patched: Uint8Array[] = [];
  let reason: HeadPart["reason"] = policies.length > MAX_POLICIES ? "csp-unreadable" : null;
  for (const { at, end } of reason === null ? policies : []) {
    const before = page.take(at);
    const element = page.take(end);
    const decision = await patchPolicyElement(element, patch);
    original.push(before, element);
    patched.push(before, decision.works ? decision.bytes : element);
    if (!decision.works) ({ reason } = decision);
  }
  const rest = page.take(settled);
  return { original: [...original, rest], patched: [...patched, rest], reason };
}

interface RestOfHead {
  readonly search: HeadSearch;
  /** How many policies the head had so far. */
  readonly count: number;
  readonly patch: PatchPolicy;
}

/** Patches policies that arrive after the tag was sent. */
async function sendRestOfHead(page: PageBeginning, send: Send, { search, count, patch }: RestOfHead): Promise<void> {
  let found = count;
  let next = search.next;
  while (next !== null && mayGrow(page) && found <= MAX_POLICIES) {
    await page.grow();
    const more = searchHead(page.text, next);
    found += more.policies.length;
    await send(...(await takeHead(page, more, patch)).patched);
    next = more.next;
  }
  await send(page.take());
}

function mayGrow(page: PageBeginning): boolean {
  return !page.isComplete && page.text.length < MAX_HEAD_BYTES;
}
