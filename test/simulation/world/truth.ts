import { CAUGHT_UP_MS } from "./kv.ts";

/** A chat that Amazon Connect has started, and who sat before it. */
export interface Contact {
  readonly id: string;
  readonly person: string;
  /** The visitor that its token names. */
  readonly visitorKey: string;
  /** When its token was issued, in seconds. */
  readonly issuedAt: number;
  /** When KV first held it as the person's own, in milliseconds. */
  recordedAt: number | null;
}

interface Erasure {
  /** As the record says, in seconds. */
  readonly erasedAt: number;
  /** When KV took it, in milliseconds. */
  readonly at: number;
}

/** What really happened, whoever has noticed. */
export interface Truth {
  readonly contacts: ReadonlyMap<string, Contact>;
  startContact(contact: Omit<Contact, "id" | "recordedAt"> & { readonly contactId: string }): void;
  /** KV holds a contact as someone's, own or not, by a call that the Worker began with at `beganAt`. */
  recorded(contactId: string, person: string, times: { readonly beganAt: number; readonly now: number }): void;
  /** Whether someone recorded another's contact before the owner's own report of it showed everywhere. */
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
