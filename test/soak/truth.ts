/** The contact ids that a token offers. */
export interface Offer {
  readonly contactId: string;
  readonly contactIdFallback: string;
}

/** What is wrong with an offer. */
export interface Verdict {
  /** Whether a contact id was never this person's. */
  readonly isForeign: boolean;
  /** Whether the offer is not the newest acknowledged chat, or is a chat where none is acknowledged. */
  readonly isBroken: boolean;
}

/** Who had which chat, known or unknown to the Worker. */
export interface Truth {
  /** @param startedAt When the token of that chat was issued, in seconds. */
  acknowledged(person: string, contactId: string, startedAt: number): void;
  forgotten(person: string): void;
  judge(person: string, offer: Offer): Verdict;
  /** Contact ids that a thief may report, newest last. */
  readonly contactIds: readonly string[];
}

interface Newest {
  readonly startedAt: number;
  /** More than one where several chats began in the same second. */
  readonly contactIds: readonly string[];
}

const MAX_STOLEN = 1000;

export function createTruth(): Truth {
  const owners = new Map<string, string>();
  const newest = new Map<string, Newest>();
  const contactIds: string[] = [];
  const isOf = (person: string) => (contactId: string) => contactId === "none" || owners.get(contactId) === person;

  return {
    contactIds,
    acknowledged(person, contactId, startedAt) {
      owners.set(contactId, person);
      contactIds.push(contactId);
      if (contactIds.length > MAX_STOLEN) contactIds.shift();
      const known = newest.get(person);
      if (known !== undefined && known.startedAt > startedAt) return;
      const others = known?.startedAt === startedAt ? known.contactIds : [];
      newest.set(person, { startedAt, contactIds: [...others, contactId] });
    },
    forgotten: (person) => void newest.delete(person),
    judge(person, { contactId, contactIdFallback }) {
      const expected = newest.get(person)?.contactIds ?? ["none"];
      return {
        isForeign: ![contactId, contactIdFallback].every(isOf(person)),
        isBroken: !expected.includes(contactId),
      };
    },
  };
}
