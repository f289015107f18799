import * as v from "valibot";
import { toContactEntry, toErasureEntry, toVisitorEntry, type VisitorStore } from "../../adapters/visitor-store.ts";
import { hashContactId } from "../../adapters/web-crypto.ts";
import { contactReportSchema } from "../../core/chat/contact-report.ts";
import { type VisitorRecord } from "../../core/chat/visitor-record.ts";

/** The visitor that the owner names: by visitor key, or by a contact id. */
export type Subject =
  | { readonly kind: "visitor"; readonly visitorKey: string }
  | { readonly kind: "contact"; readonly contactId: string };

/** @returns `null` for a text that is neither a visitor key nor a contact id. */
export function parseSubject(text: string): Subject | null {
  if (/^[0-9a-f]{64}$/i.test(text)) return { kind: "visitor", visitorKey: text.toLowerCase() };
  return v.is(contactReportSchema.entries.contactId, text) ? { kind: "contact", contactId: text } : null;
}

/** What KV holds of one visitor. */
export interface StoredVisitor {
  readonly visitorKey: string;
  /** `null` when KV has only the owner of the contact. */
  readonly record: VisitorRecord | null;
  /** All known contact ids, newest first. */
  readonly contactIds: readonly string[];
  /** SHA-256 of all known contact ids of this visitor, also of those whose ids are gone. */
  readonly contactHashes: readonly string[];
}

/** @returns `null` when KV holds nothing of the visitor. */
export async function findStoredVisitor(store: VisitorStore, subject: Subject): Promise<StoredVisitor | null> {
  if (subject.kind === "visitor") {
    const { visitorKey } = subject;
    const record = await store.readVisitor(visitorKey);
    return record && addRecordContacts({ visitorKey, record, contactIds: [], contactHashes: [] }, record);
  }
  const contactHash = await hashContactId(subject.contactId);
  const visitorKey = await store.readOwner(contactHash);
  if (visitorKey === null) return null;
  const record = await store.readVisitor(visitorKey);
  const { contactIds, ...rest } = addRecordContacts(
    { visitorKey, record, contactIds: [], contactHashes: [contactHash] },
    record,
  );
  return { ...rest, contactIds: [...new Set([...contactIds, subject.contactId])] };
}

/** Adds the contacts of a record. */
export function addRecordContacts<Known extends StoredVisitor>(known: Known, record: VisitorRecord | null): Known {
  const newer = record?.sessions.map(({ contactId }) => contactId) ?? [];
  return {
    ...known,
    record,
    contactIds: [...new Set([...newer, ...known.contactIds])],
    contactHashes: [...new Set([...known.contactHashes, ...(record?.owned ?? [])])],
  };
}

/** The visitor's keys in KV. */
export function listKvKeys({ visitorKey, record, contactHashes }: StoredVisitor): string[] {
  return [
    ...(record === null ? [] : [toVisitorEntry(visitorKey)]),
    ...(record?.erasedAt === undefined ? [] : [toErasureEntry(visitorKey)]),
    ...contactHashes.map(toContactEntry),
  ];
}
