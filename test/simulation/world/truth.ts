import { CAUGHT_UP_MS } from "./kv.ts";
import { type Device, type Session } from "./messages.ts";

/** A chat that Amazon Connect has started, and the person who chats. Times are in milliseconds. */
export interface Contact extends Session {
  /** When KV first held the contact as the person's own. */
  recordedAt: number | null;
  /** When a browser first said that it is over. */
  reportedEndAt: number | null;
  /** When a browser last said so. */
  lastReportedEndAt: number | null;
  /** When Amazon refused to link a chat to this one, though it had ended long before. */
  givenUpAt: number | null;
  /** How often the Worker was asked to link this chat. */
  asks: number;
  /** How often it was asked, could have, and did not. */
  asksInVain: number;
  /** Whether a browser was told that the chat is linked. */
  isKnownLinked: boolean;
  /** The customer to whom the chat has moved by what KV says, and since when; `null`: it is still its visitor's. */
  moved: Move | null;
  /** The customers who took the chat over. */
  readonly takenAt: Map<string, Taken>;
}

interface Move {
  readonly customerKey: string;
  readonly at: number;
}

interface Taken {
  readonly customerKey: string;
  /** When that was first seen. */
  readonly at: number;
  /** When KV first held the chat in the customer's record. */
  recordedAt: number | null;
}

/** A customer's token, asked for with the cookie of a visitor who was not signed in. */
export interface Handover {
  readonly guestKey: string;
  /** Who the browser's visitor is without signing in. */
  readonly guest: string;
  readonly customer: string;
  readonly customerKey: string;
  /** Who really sat there. */
  readonly sitter: string;
  readonly device: Device;
  readonly at: number;
  /** Whether KV failed: then the chats can move with a later token. */
  readonly hasFailed: boolean;
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
  readonly handovers: readonly Handover[];
  startContact(session: Session): void;
  handedOver(handover: Handover): void;
  /** KV now says of a visitor that a customer has all of the chats. */
  movedAway(visitorKey: string, move: Move): void;
  /** KV now holds a contact under a person, the owner or not. The Worker began with that call at `beganAt`. */
  recorded(contactId: string, person: string, times: { readonly beganAt: number; readonly now: number }): void;
  /** A browser says that a chat is over, rightly or not. Only its own person's word counts. */
  noteReportedEnd(contactId: string, person: string, at: number): void;
  /** Whether a person recorded another's contact before every location saw the owner's report. */
  wasTakenEarly(contactId: string, person: string): boolean;
  erased(visitorKey: string, erasure: Erasure): void;
  /**
   * Since when a contact is erased, in milliseconds; `null` when it is not.
   *
   * @param visitorKey Of the contact's own visitor, or of a customer who took it over.
   */
  erasedSince(contact: Contact, visitorKey?: string): number | null;
}

export function createTruth(): Truth {
  const contacts = new Map<string, Contact>();
  const takenEarly = new Map<string, boolean>();
  const erasures = new Map<string, Erasure[]>();
  const handovers: Handover[] = [];
  const erasuresOf = (visitorKey: string) => erasures.get(visitorKey) ?? [];

  return {
    contacts,
    handovers,
    handedOver: (handover) => void handovers.push(handover),
    movedAway(visitorKey, move) {
      for (const contact of contacts.values()) {
        if (contact.visitorKey !== visitorKey) continue;
        contact.moved = contact.moved?.customerKey === move.customerKey ? contact.moved : move;
      }
    },
    startContact: (session) =>
      contacts.set(session.contactId, {
        ...session,
        recordedAt: null,
        reportedEndAt: null,
        lastReportedEndAt: null,
        givenUpAt: null,
        asks: 0,
        asksInVain: 0,
        isKnownLinked: false,
        moved: null,
        takenAt: new Map(),
      }),
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
    noteReportedEnd(contactId, person, at) {
      const contact = contacts.get(contactId);
      if (contact?.person !== person) return;
      contact.reportedEndAt = Math.min(contact.reportedEndAt ?? Infinity, at);
      contact.lastReportedEndAt = Math.max(contact.lastReportedEndAt ?? -Infinity, at);
    },
    wasTakenEarly: (contactId, person) => takenEarly.get(`${person} ${contactId}`) === true,
    erased: (visitorKey, erasure) => void erasures.set(visitorKey, [...erasuresOf(visitorKey), erasure]),
    erasedSince: ({ issuedAt, visitorKey: own }, visitorKey = own) =>
      erasuresOf(visitorKey).find(({ erasedAt }) => erasedAt >= issuedAt)?.at ?? null,
  };
}

/** Chats of the same second have an order, too: the product needs one that is the same everywhere. */
export function newestFirst(a: Session, b: Session): number {
  if (a.contactId === b.contactId) return 0;
  return b.issuedAt - a.issuedAt || (a.contactId < b.contactId ? 1 : -1);
}
