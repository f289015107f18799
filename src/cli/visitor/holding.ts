import * as v from "valibot";
import { toContactEntry, toErasureEntry, toVisitorEntry, type VisitorStore } from "../../adapters/visitor-store.ts";
import { hashContactId } from "../../adapters/web-crypto.ts";
import { contactReportSchema } from "../../core/chat/contact-report.ts";
import { type VisitorRecord } from "../../core/chat/visitor-record.ts";

/** Whom a command is about: someone's visitor key, or one of their contacts. */
export type Subject =
  | { readonly kind: "visitor"; readonly visitorKey: string }
  | { readonly kind: "contact"; readonly contactId: string };

/** @returns `null` for what is neither a visitor key nor a contact id. */
export function parseSubject(text: string): Subject | null {
  if (/^[0-9a-f]{64}$/i.test(text)) return { kind: "visitor", visitorKey: text.toLowerCase() };
  return v.is(contactReportSchema.entries.contactId, text) ? { kind: "contact", contactId: text } : null;
}

/** What KV holds of one visitor. */
export interface Holding {
  readonly visitorKey: string;
  /** `null` when KV knows only whose the contact is. */
  readonly record: VisitorRecord | null;
  /** Every contact id there is, newest first. */
  readonly contactIds: readonly string[];
  /** SHA-256 of every contact id this visitor ever had, as far as known. */
  readonly contactHashes: readonly string[];
}

/** @returns `null` when KV knows nothing of them. */
export async function findHolding(store: VisitorStore, subject: Subject): Promise<Holding | null> {
  if (subject.kind === "visitor") {
    const { visitorKey } = subject;
    const record = await store.readVisitor(visitorKey);
    return record && addRecord({ visitorKey, record, contactIds: [], contactHashes: [] }, record);
  }
  const contactHash = await hashContactId(subject.contactId);
  const visitorKey = await store.readOwner(contactHash);
  if (visitorKey === null) return null;
  const record = await store.readVisitor(visitorKey);
  const { contactIds, ...rest } = addRecord(
    { visitorKey, record, contactIds: [], contactHashes: [contactHash] },
    record,
  );
  return { ...rest, contactIds: [...new Set([...contactIds, subject.contactId])] };
}

/** Adds what a record tells to what was known before. */
export function addRecord<Known extends Holding>(known: Known, record: VisitorRecord | null): Known {
  const newer = record?.sessions.map(({ contactId }) => contactId) ?? [];
  return {
    ...known,
    record,
    contactIds: [...new Set([...newer, ...known.contactIds])],
    contactHashes: [...new Set([...known.contactHashes, ...(record?.owned ?? [])])],
  };
}

/** The keys in KV that are about this visitor. */
export function toEntries({ visitorKey, record, contactHashes }: Holding): string[] {
  return [
    ...(record === null ? [] : [toVisitorEntry(visitorKey)]),
    ...(record?.erasedAt === undefined ? [] : [toErasureEntry(visitorKey)]),
    ...contactHashes.map(toContactEntry),
  ];
}
