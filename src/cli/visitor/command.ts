import { toContactEntry, toVisitorEntry, type VisitorStore } from "../../adapters/visitor-store.ts";
import { buildErasedRecord, toCustomer, type VisitorRecord } from "../../core/chat/visitor-record.ts";
import { MAX_RECHECKS, RECHECK_AFTER_SECONDS } from "../../limits.ts";
import { EXIT, type ExitCode } from "../shared/command-line.ts";
import { toPrintableLine } from "../shared/printable.ts";
import { describeFilesAtAmazon, type NamedInstance, renderAmazonSteps } from "./amazon-steps.ts";
import { buildListing, renderStoredVisitor, toIso } from "./render.ts";
import { findStoredVisitor, readAgain, type StoredGuest, type StoredVisitor, type Subject } from "./stored-visitor.ts";

export interface Services {
  readonly store: VisitorStore;
  /** Names the KV namespace in the receipt. */
  readonly storeName: string;
  /** For the commands that the owner runs at Amazon. */
  readonly readInstance: () => Promise<NamedInstance>;
  /** Seconds since 1970. */
  readonly now: () => number;
  readonly wait: (seconds: number) => Promise<void>;
  readonly print: (text: string) => void;
  readonly printError: (text: string) => void;
  readonly confirm: (question: string) => Promise<boolean>;
  /** @returns The receipt's path. A receipt of the same name is replaced. */
  readonly writeReceipt: (name: string, content: string) => Promise<string>;
}

/** `npm run visitor -- show`: lists what KV holds of a visitor. */
export async function showVisitor(services: Services, subject: Subject, asJson: boolean): Promise<ExitCode> {
  const visitor = await findStoredVisitor(services.store, subject);
  if (visitor === null) return reportNotFound(services, subject);
  services.print(asJson ? toJson(buildListing(visitor)) : renderStoredVisitor(visitor));
  return EXIT.done;
}

/**
 * `npm run visitor -- forget`: erases a visitor's past in KV, and writes a receipt.
 *
 * @param mustConfirm Whether to ask before anything is changed.
 * @param mustRecheck Whether to check later that no lagging location of KV has brought anything back.
 */
export async function forgetVisitor(
  services: Services,
  subject: Subject,
  { mustConfirm, mustRecheck }: { readonly mustConfirm: boolean; readonly mustRecheck: boolean },
): Promise<ExitCode> {
  const { store, print, printError } = services;
  const visitor = await findStoredVisitor(store, subject);
  if (visitor === null) return reportNotFound(services, subject);
  print(renderStoredVisitor(visitor));
  print(renderAmazonSteps(visitor, await services.readInstance()));
  if (mustConfirm && !(await services.confirm("Forget this visitor?"))) {
    print("Nothing was changed.");
    return EXIT.failed;
  }
  // A chat may have begun while the question waited for its answer, or a guest may have signed in.
  const current = await readAgain(store, visitor);
  reportSignIn(services, visitor, current);
  const erasure = await erase(services, current);
  print(`Forgotten: no past chat of visitor ${erasure.visitorKey} is offered or recorded from now on.`);
  print(`Receipt: ${await writeReceipt(services, erasure)}`);
  if (!mustRecheck || (await recheck(services, erasure, 1))) return EXIT.done;
  printError(
    `A lagging location of KV brought the record back ${MAX_RECHECKS} times; it was erased again each time. Run this command again later.`,
  );
  return EXIT.failed;
}

function reportSignIn({ print }: Services, before: StoredVisitor, { visitorKey }: StoredVisitor): void {
  if (visitorKey === before.visitorKey) return;
  print(`Visitor ${before.visitorKey} has signed in meanwhile, as customer ${visitorKey}. Both are forgotten.`);
}

function reportNotFound({ printError }: Services, subject: Subject): ExitCode {
  printError(
    subject.kind === "visitor"
      ? `KV holds nothing of visitor ${subject.visitorKey}.`
      : `KV holds no visitor with contact ${subject.contactId}. ` +
          "After a transfer, take the initial contact id from the contact's details, or the value of its visitor attribute.",
  );
  printError("A chat that was reported less than a minute ago may not show yet. Nothing was written.");
  return EXIT.notFound;
}

interface Erasure extends StoredVisitor {
  readonly erasedAt: number;
  /** Named after the first erasure: later rechecks go into the same file. */
  readonly receiptName: string;
  readonly rechecks: readonly { readonly at: number; readonly wasUndone: boolean }[];
}

async function erase(services: Services, known: StoredVisitor & Partial<Erasure>): Promise<Erasure> {
  const { now, store } = services;
  const erased = buildErasedRecord(known.record, known.contactHashes, now());
  await store.recordErasure(known.visitorKey, erased);
  const guests: StoredGuest[] = [];
  for (const { record, visitorKey } of known.guests) {
    const guest = { visitorKey, record: buildErasedRecord(record, [], now()) };
    await store.recordErasure(visitorKey, guest.record);
    guests.push(guest);
  }
  const erasedAt = erased.updatedAt;
  const receiptName = `${toIso(erasedAt).replaceAll(":", "-")}-${known.visitorKey.slice(0, 8)}.json`;
  return { receiptName, rechecks: [], ...known, record: erased, guests, contactHashes: erased.owned, erasedAt };
}

/**
 * Checks whether a location that had not seen the erasure has overwritten it, and erases again.
 *
 * @returns Whether the erasure stands.
 */
async function recheck(services: Services, erasure: Erasure, round: number): Promise<boolean> {
  const { store, print } = services;
  print(
    `Checking again in ${RECHECK_AFTER_SECONDS} s, since KV's other locations may lag behind (--no-wait skips this) …`,
  );
  await services.wait(RECHECK_AFTER_SECONDS);
  const current = await readAgain(store, erasure);
  const stored = new Map([current, ...current.guests].map(({ record, visitorKey }) => [visitorKey, record]));
  const wasUndone = [erasure, ...erasure.guests].some((person) =>
    isUndone(person.record, stored.get(person.visitorKey) ?? null),
  );
  const rechecks = [...erasure.rechecks, { at: services.now(), wasUndone }];
  if (!wasUndone) {
    await writeReceipt(services, { ...erasure, rechecks });
    print("Still forgotten.");
    return true;
  }
  reportSignIn(services, erasure, current);
  const again = await erase(services, { ...current, rechecks });
  await writeReceipt(services, again);
  print("A lagging location of KV had brought the record back: erased again.");
  for (const contactId of again.contactIds.filter((id) => !erasure.contactIds.includes(id))) {
    print(`One more contact id, for Amazon: ${toPrintableLine(contactId)}`);
  }
  return round < MAX_RECHECKS && recheck(services, again, round + 1);
}

/** @param erased The record that was written. */
function isUndone(erased: VisitorRecord | null, stored: VisitorRecord | null): boolean {
  const { erasedAt = Infinity } = erased ?? {};
  if (stored === null || (stored.erasedAt ?? 0) < erasedAt || toCustomer(stored) !== undefined) return true;
  return stored.sessions.some(({ startedAt }) => startedAt <= erasedAt);
}

async function writeReceipt(
  { readInstance, storeName, writeReceipt: write }: Services,
  erasure: Erasure,
): Promise<string> {
  const { visitorKey, erasedAt, contactIds, contactHashes, guests, rechecks, receiptName } = erasure;
  const receipt = {
    visitorKey,
    erasedAt: toIso(erasedAt),
    store: storeName,
    erased: {
      entry: toVisitorEntry(visitorKey),
      contactIds,
      ...(guests.length > 0 && { guests: guests.map((guest) => toVisitorEntry(guest.visitorKey)) }),
    },
    kept: { reason: "so that nobody else can claim these contacts", entries: contactHashes.map(toContactEntry) },
    leftAtAmazon: describeFilesAtAmazon(contactIds, await readInstance()),
    rechecks: rechecks.map(({ at, wasUndone }) => ({ at: toIso(at), wasUndone })),
  };
  return write(receiptName, toJson(receipt));
}

function toJson(value: unknown): string {
  return JSON.stringify(value, null, 2);
}
