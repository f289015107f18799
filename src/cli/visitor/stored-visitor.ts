import * as v from "valibot";
import { toContactEntry, toErasureEntry, toVisitorEntry, type VisitorStore } from "../../adapters/visitor-store.ts";
import { hashContactId } from "../../adapters/web-crypto.ts";
import { listGuests } from "../../core/chat/carry-over.ts";
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
  /** The guests whose chats this customer has taken over by signing in. */
  readonly guests: readonly StoredGuest[];
  /** All known contact ids, newest first. */
  readonly contactIds: readonly string[];
  /** SHA-256 of all known contact ids of this visitor, also of those whose ids are gone. */
  readonly contactHashes: readonly string[];
}

interface StoredGuest {
  readonly visitorKey: string;
  readonly record: VisitorRecord | null;
}

/**
 * The visitor with this key or contact. A guest who has signed in leads to the customer, who has the guest's chats now.
 *
 * @returns `null` when KV holds nothing of the visitor.
 */
export async function findStoredVisitor(store: VisitorStore, subject: Subject): Promise<StoredVisitor | null> {
  if (subject.kind === "visitor") {
    const record = await store.readVisitor(subject.visitorKey);
    return record && follow(store, { visitorKey: subject.visitorKey, record }, []);
  }
  const contactHash = await hashContactId(subject.contactId);
  const visitorKey = await store.readOwner(contactHash);
  if (visitorKey === null) return null;
  const owner = { visitorKey, record: await store.readVisitor(visitorKey) };
  const { contactIds, ...rest } = await follow(store, owner, [contactHash]);
  return { ...rest, contactIds: [...new Set([...contactIds, subject.contactId])] };
}

async function follow(
  store: VisitorStore,
  named: StoredGuest,
  contactHashes: readonly string[],
): Promise<StoredVisitor> {
  const movedTo = named.record?.movedTo;
  const found = { contactIds: [], contactHashes, guests: [] };
  if (movedTo === undefined) return readGuests(store, addRecordContacts({ ...found, ...named }, named.record));
  const record = await store.readVisitor(movedTo);
  const guests = [named];
  return readGuests(store, addRecordContacts({ ...found, visitorKey: movedTo, record, guests }, record));
}

/** Adds the guests that the record names, with their contacts. */
export async function readGuests<Known extends StoredVisitor>(store: VisitorStore, known: Known): Promise<Known> {
  const missing = listGuests(known.record).filter((key) => known.guests.every(({ visitorKey }) => visitorKey !== key));
  const records = missing.length === 0 ? [] : await store.readVisitors(missing);
  const guests = [
    ...known.guests,
    ...missing.map((visitorKey, index) => ({ visitorKey, record: records[index] ?? null })),
  ];
  const hashes = guests.flatMap(({ record }) => record?.owned ?? []);
  return { ...known, guests, contactHashes: [...new Set([...known.contactHashes, ...hashes])] };
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
export function listKvKeys({ contactHashes, guests, record, visitorKey }: StoredVisitor): string[] {
  return [...[{ visitorKey, record }, ...guests].flatMap(listPersonKeys), ...contactHashes.map(toContactEntry)];
}

function listPersonKeys({ record, visitorKey }: StoredGuest): string[] {
  const isErased = record?.erasedAt !== undefined;
  return [...(record === null ? [] : [toVisitorEntry(visitorKey)]), ...(isErased ? [toErasureEntry(visitorKey)] : [])];
}
