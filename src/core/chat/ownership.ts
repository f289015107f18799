import * as v from "valibot";
import { CONTINUE_ATTRIBUTE, NOBODY } from "./continuation.ts";
import { REFUTATION_SECONDS, SETTLING_SECONDS } from "../../limits.ts";
import { type Session } from "./visitor-record.ts";

const attributesSchema = v.record(v.string(), v.string());

/** The part of DescribeContact's answer that names a contact's visitor, its end, and the chat that it continues. */
export const describedContactSchema = v.object({
  Contact: v.object({
    Channel: v.string(),
    Attributes: v.nullish(attributesSchema),
    RelatedContactId: v.nullish(v.string()),
    DisconnectTimestamp: v.nullish(v.number()),
    InitialContactId: v.nullish(v.string()),
  }),
});

/** GetContactAttributes's answer. */
export const contactAttributesSchema = v.object({ Attributes: v.nullish(attributesSchema) });

export type DescribedContact = v.InferOutput<typeof describedContactSchema>;
export type ContactAttributes = v.InferOutput<typeof attributesSchema>;

/**
 * Whose a contact is: this visitor's (`confirmed`), another's or no chat (`refuted`), or nobody's by what Connect knows
 * (`unnamed`). `unknown` where Connect gave no answer.
 */
export type Ownership = "confirmed" | "refuted" | "unnamed" | "unknown";

/**
 * Decides whether a contact belongs to a visitor: every token of this Worker names its visitor, and Connect stores that name with the contact.
 *
 * @param described `null` where Connect has no such contact.
 * @param attributes Its attributes; `null` where Connect has not told them.
 * @param attribute Name of the contact attribute with the visitor key.
 * Source: Amazon Connect API, DescribeContact, GetContactAttributes.
 */
export function decideOwnership(
  described: DescribedContact | null,
  attributes: ContactAttributes | null,
  visitorKey: string,
  attribute: string,
): Ownership {
  if (described === null) return "unnamed";
  if (described.Contact.Channel !== "CHAT") return "refuted";
  if (attributes === null) return "unknown";
  const named = attributes[attribute];
  if (named === undefined || named === NOBODY) return "unnamed";
  return named === visitorKey ? "confirmed" : "refuted";
}

/** The past contact that a chat was continued from; `null` where there is none, or Connect names none that can be kept. */
export function readContinuedFrom(named: string | null | undefined): string | null {
  return /^[\w-]{1,256}$/.test(named ?? "") ? (named ?? null) : null;
}

/**
 * Whether the contact flow has linked a chat to the one that its token named.
 *
 * @returns `null` where the token named none.
 * Source: Amazon Connect Administrator Guide, persistent chat: the contact that a chat was rehydrated from is its
 *   `RelatedContactId`.
 */
export function isLinked({ Contact }: DescribedContact, attributes: ContactAttributes): boolean | null {
  const wanted = attributes[CONTINUE_ATTRIBUTE] ?? "none";
  return wanted === "none" ? null : typeof Contact.RelatedContactId === "string";
}

/**
 * The sessions without a recent denial by Connect.
 *
 * @param now In seconds.
 */
export function listOwn(sessions: readonly Session[], now: number): Session[] {
  return sessions.filter(
    ({ verifiedAt, refutedAt = -Infinity }) => verifiedAt !== undefined || refutedAt <= now - REFUTATION_SECONDS,
  );
}

/**
 * The session to ask Connect about: of the two that would be offered, the newest one without a confirmation.
 *
 * @param sessions From `listOwn()`, newest first.
 * @returns `null` when there is nothing to ask.
 */
export function findUnverified(sessions: readonly Session[]): Session | null {
  return sessions.slice(0, 2).find(({ verifiedAt }) => verifiedAt === undefined) ?? null;
}

/**
 * What Connect's answer tells of a past session.
 *
 * Some of Connect's servers may not know a chat that has just begun: their word must not cost its history for a day.
 *
 * @returns `null` where it tells nothing.
 */
export function toOwnerMark(ownership: Ownership, { startedAt }: Session, now: number): SessionMark | null {
  switch (ownership) {
    case "confirmed":
      return { verifiedAt: now };
    case "refuted":
      return { refutedAt: now };
    case "unnamed":
      return now - startedAt > SETTLING_SECONDS ? { refutedAt: now } : null;
    case "unknown":
      return null;
  }
}

/** What was learnt of a session. */
export type SessionMark = Partial<Omit<Session, "contactId" | "ticketId" | "startedAt">>;

/** The sessions, with what was learnt noted at one of them. */
export function markSession(sessions: readonly Session[], contactId: string, mark: SessionMark): Session[] {
  return sessions.map((session) => (session.contactId === contactId ? { ...session, ...mark } : session));
}
