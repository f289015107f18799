import * as v from "valibot";
import { toContactEntry, toErasureEntry, toVisitorEntry, type VisitorStore } from "../../adapters/visitor-store.ts";
import { hashContactId } from "../../adapters/web-crypto.ts";
import { listGuests } from "../../core/chat/carry-over.ts";
import { contactReportSchema } from "../../core/chat/contact-report.ts";
import { toCustomer, type VisitorRecord } from "../../core/chat/visitor-record.ts";

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

export interface StoredGuest {
  readonly visitorKey: string;
  readonly record: VisitorRecord | null;
}

/**
 * The visitor with this key or contact. A guest who has signed in leads to the customer, who has the guest's chats now.
 *
 * @returns `null` when KV holds nothing of the visitor.
 */
export async function findStoredVisitor(store: VisitorStore, subject: Subject): Promise<StoredVisitor | null> {
  const found = { record: null, guests: [], contactIds: [], contactHashes: [] };
  if (subject.kind === "visitor") {
    const { visitorKey } = subject;
    const record = await store.readVisitor(visitorKey);
    return record && follow(store, toNamed({ ...found, visitorKey }, record));
  }
  const contactHash = await hashContactId(subject.contactId);
  const visitorKey = await store.readOwner(contactHash);
  if (visitorKey === null) return null;
  const record = await store.readVisitor(visitorKey);
  const { contactIds, ...rest } = await follow(
    store,
    toNamed({ ...found, visitorKey, contactHashes: [contactHash] }, record),
  );
  return { ...rest, contactIds: [...new Set([...contactIds, subject.contactId])] };
}

/** A customer's record names the guest's contacts that count. */
function toNamed(found: StoredVisitor, record: VisitorRecord | null): StoredVisitor {
  return toCustomer(record) === undefined ? addRecordContacts(found, record) : { ...found, record };
}

/** A guest whose chats a customer has leads to that customer. */
async function follow<Known extends StoredVisitor>(store: VisitorStore, named: Known): Promise<Known> {
  const { guests, record: own, visitorKey: guestKey } = named;
  const visitorKey = toCustomer(own);
  if (visitorKey === undefined) return readGuests(store, named);
  const others = guests.filter((guest) => guest.visitorKey !== visitorKey);
  const customer = { ...named, visitorKey, guests: [...others, { visitorKey: guestKey, record: own }] };
  return readGuests(store, addRecordContacts(customer, await store.readVisitor(visitorKey)));
}

/** The same visitor as KV holds them now: a chat may have begun since, and a guest may have signed in. */
export async function readAgain<Known extends StoredVisitor>(store: VisitorStore, known: Known): Promise<Known> {
  const guestKeys = known.guests.map(({ visitorKey }) => visitorKey);
  const [record = null, ...records] = await store.readVisitors([known.visitorKey, ...guestKeys]);
  const guests = guestKeys.map((visitorKey, index) => ({ visitorKey, record: records[index] ?? null }));
  return follow(store, addRecordContacts({ ...known, guests }, record));
}

/** Adds the guests that the record names, with their contacts. */
async function readGuests<Known extends StoredVisitor>(store: VisitorStore, known: Known): Promise<Known> {
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
function addRecordContacts<Known extends StoredVisitor>(known: Known, record: VisitorRecord | null): Known {
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
