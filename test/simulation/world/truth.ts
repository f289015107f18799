import { CAUGHT_UP_MS } from "./kv.ts";

/** A chat that Amazon Connect has started, and the person who chats. */
export interface Contact {
  readonly id: string;
  readonly person: string;
  /** The visitor that its token names. */
  readonly visitorKey: string;
  /** When its token was issued, in seconds. */
  readonly issuedAt: number;
  /** When KV first held the contact as the person's own, in milliseconds. */
  recordedAt: number | null;
}

interface Erasure {
  /** The time in the record, in seconds. */
  readonly erasedAt: number;
  /** When KV stored the record, in milliseconds. */
  readonly at: number;
}

/** What really happened, known or unknown to the Worker. */
export interface Truth {
  readonly contacts: ReadonlyMap<string, Contact>;
  startContact(contact: Omit<Contact, "id" | "recordedAt"> & { readonly contactId: string }): void;
  /** KV now holds a contact under a person, the owner or not. The Worker began with that call at `beganAt`. */
  recorded(contactId: string, person: string, times: { readonly beganAt: number; readonly now: number }): void;
  /** Whether a person recorded another's contact before every location saw the owner's report. */
  wasTakenEarly(contactId: string, person: string): boolean;
  erased(visitorKey: string, erasure: Erasure): void;
  /** Since when a contact is erased, in milliseconds; `null` when it is not. */
  erasedSince(contact: Contact): number | null;
}

export function createTruth(): Truth {
  const contacts = new Map<string, Contact>();
  const takenEarly = new Map<string, boolean>();
  const erasures = new Map<string, Erasure[]>();
  const erasuresOf = (visitorKey: string) => erasures.get(visitorKey) ?? [];

  return {
    contacts,
    startContact: ({ contactId: id, person, visitorKey, issuedAt }) =>
      contacts.set(id, { id, person, visitorKey, issuedAt, recordedAt: null }),
    recorded(contactId, person, { beganAt, now }) {
      const contact = contacts.get(contactId);
      if (contact === undefined) return;
      if (contact.person === person) {
        contact.recordedAt ??= now;
        return;
      }
      const name = `${person} ${contactId}`;
      const isEarly = contact.recordedAt === null || beganAt < contact.recordedAt + CAUGHT_UP_MS;
      if (!takenEarly.has(name)) takenEarly.set(name, isEarly);
    },
    wasTakenEarly: (contactId, person) => takenEarly.get(`${person} ${contactId}`) === true,
    erased: (visitorKey, erasure) => void erasures.set(visitorKey, [...erasuresOf(visitorKey), erasure]),
    erasedSince: ({ visitorKey, issuedAt }) =>
      erasuresOf(visitorKey).find(({ erasedAt }) => erasedAt >= issuedAt)?.at ?? null,
  };
}
