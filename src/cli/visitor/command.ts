import { toContactEntry, toVisitorEntry, type VisitorStore } from "../../adapters/visitor-store.ts";
import { buildErasedRecord } from "../../core/chat/visitor-record.ts";
import { MAX_RECHECKS, RECHECK_AFTER_SECONDS } from "../../limits.ts";
import { EXIT, type ExitCode } from "../shared/command-line.ts";
import { toPrintableLine } from "../shared/printable.ts";
import { buildListing, renderAmazonSteps, renderHolding, toIso } from "./render.ts";
import { addRecord, findHolding, type Holding, type Subject } from "./holding.ts";

export interface Services {
  readonly store: VisitorStore;
  /** Which KV is meant, for the receipt. */
  readonly storeName: string;
  /** Seconds since 1970. */
  readonly now: () => number;
  readonly wait: (seconds: number) => Promise<void>;
  readonly print: (text: string) => void;
  readonly printError: (text: string) => void;
  readonly confirm: (question: string) => Promise<boolean>;
  /** @returns Where the receipt is now; one of the same name is replaced. */
  readonly writeReceipt: (name: string, content: string) => Promise<string>;
}

/** `npm run visitor -- show`: lists what is held. */
export async function showVisitor(services: Services, subject: Subject, asJson: boolean): Promise<ExitCode> {
  const holding = await findHolding(services.store, subject);
  if (holding === null) return reportNotFound(services, subject);
  services.print(asJson ? toJson(buildListing(holding)) : renderHolding(holding));
  return EXIT.done;
}

/**
 * `npm run visitor -- forget`: has KV say that nothing from before counts any more, and writes a receipt.
 *
 * @param mustConfirm Whether to ask before anything is changed.
 * @param mustRecheck Whether to wait and see that no lagging location of KV brings anything back.
 */
export async function forgetVisitor(
  services: Services,
  subject: Subject,
  { mustConfirm, mustRecheck }: { readonly mustConfirm: boolean; readonly mustRecheck: boolean },
): Promise<ExitCode> {
  const { store, print, printError } = services;
  const holding = await findHolding(store, subject);
  if (holding === null) return reportNotFound(services, subject);
  print(renderHolding(holding));
  print(renderAmazonSteps(holding));
  if (mustConfirm && !(await services.confirm("Forget this visitor?"))) {
    print("Nothing was changed.");
    return EXIT.failed;
  }
  // Read anew: the question may have stood for long, and a chat may have begun.
  const current = addRecord(holding, await store.readVisitor(holding.visitorKey));
  const erasure = await erase(services, current);
  print(`Forgotten: from now on nothing of visitor ${holding.visitorKey} is offered or taken again.`);
  print(`Receipt: ${await writeReceipt(services, erasure)}`);
  if (!mustRecheck || (await recheck(services, erasure, 1))) return EXIT.done;
  printError(`It was brought back ${MAX_RECHECKS} times, and erased again each time. Run this command again later.`);
  return EXIT.failed;
}

function reportNotFound({ printError }: Services, subject: Subject): ExitCode {
  printError(
    subject.kind === "visitor"
      ? `Nothing is held of visitor ${subject.visitorKey}.`
      : `Nobody is known to have had contact ${subject.contactId}. ` +
          "After a transfer, take the initial contact id from the contact's details, or the value of its visitor attribute.",
  );
  printError("What was reported less than about a minute ago may not show yet. Nothing was written.");
  return EXIT.notFound;
}

interface Erasure extends Holding {
  readonly erasedAt: number;
  /** After the first erasure, so that what is learned later goes into the same file. */
  readonly receiptName: string;
  readonly rechecks: readonly { readonly at: number; readonly wasUndone: boolean }[];
}

async function erase(services: Services, known: Holding & Partial<Erasure>): Promise<Erasure> {
  const erased = buildErasedRecord(known.record, known.contactHashes, services.now());
  await services.store.recordErasure(known.visitorKey, erased);
  const erasedAt = erased.updatedAt;
  const receiptName = `${toIso(erasedAt).replaceAll(":", "-")}-${known.visitorKey.slice(0, 8)}.json`;
  return { receiptName, rechecks: [], ...known, contactHashes: erased.owned, erasedAt };
}

/**
 * Looks whether a location that had not seen the erasure yet wrote over it, and erases again.
 *
 * @returns Whether the erasure stands.
 */
async function recheck(services: Services, erasure: Erasure, round: number): Promise<boolean> {
  const { store, print } = services;
  print(
    `Looking again in ${RECHECK_AFTER_SECONDS} s, for KV's other locations may lag behind (--no-wait skips this) …`,
  );
  await services.wait(RECHECK_AFTER_SECONDS);
  const record = await store.readVisitor(erasure.visitorKey);
  const isErased = record !== null && (record.erasedAt ?? 0) >= erasure.erasedAt;
  const wasUndone = !isErased || record.sessions.some(({ startedAt }) => startedAt <= erasure.erasedAt);
  const rechecks = [...erasure.rechecks, { at: services.now(), wasUndone }];
  if (!wasUndone) {
    await writeReceipt(services, { ...erasure, rechecks });
    print("Still forgotten.");
    return true;
  }
  const again = await erase(services, { ...addRecord(erasure, record), rechecks });
  await writeReceipt(services, again);
  print("A location that lagged behind had brought it back: erased again.");
  for (const contactId of again.contactIds.filter((id) => !erasure.contactIds.includes(id))) {
    print(`One more contact id, for Amazon: ${toPrintableLine(contactId)}`);
  }
  return round < MAX_RECHECKS && recheck(services, again, round + 1);
}

function writeReceipt({ storeName, writeReceipt: write }: Services, erasure: Erasure): Promise<string> {
  const { visitorKey, erasedAt, contactIds, contactHashes, rechecks, receiptName } = erasure;
  const receipt = {
    visitorKey,
    erasedAt: toIso(erasedAt),
    store: storeName,
    erased: { entry: toVisitorEntry(visitorKey), contactIds },
    kept: { reason: "so that nobody else can claim these contacts", entries: contactHashes.map(toContactEntry) },
    rechecks: rechecks.map(({ at, wasUndone }) => ({ at: toIso(at), wasUndone })),
  };
  return write(receiptName, toJson(receipt));
}

function toJson(value: unknown): string {
  return JSON.stringify(value, null, 2);
}
