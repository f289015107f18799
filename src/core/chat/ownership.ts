import * as v from "valibot";
import { CONTINUE_ATTRIBUTE } from "./continuation.ts";
import { REFUTATION_SECONDS } from "../../limits.ts";
import { type Session } from "./visitor-record.ts";

/** The part of DescribeContact's answer that names a contact's visitor and the chat that it continues. */
export const describedContactSchema = v.object({
  Contact: v.object({
    Channel: v.string(),
    Attributes: v.exactOptional(v.record(v.string(), v.string())),
    RelatedContactId: v.exactOptional(v.string()),
  }),
});

export type DescribedContact = v.InferOutput<typeof describedContactSchema>;

/** Whether a contact belongs to a visitor; `unknown` when Amazon Connect gave no answer. */
export type Ownership = "confirmed" | "refuted" | "unknown";

/**
 * Decides whether a contact belongs to a visitor: every token of this Worker names its visitor, and Connect stores that name with the contact.
 *
 * @param described `null` where Connect has no such contact.
 * @param attribute Name of the contact attribute with the visitor key.
 * Source: Amazon Connect API, DescribeContact.
 */
export function decideOwnership(
  described: DescribedContact | null,
  visitorKey: string,
  attribute: string,
): Exclude<Ownership, "unknown"> {
  if (described === null || described.Contact.Channel !== "CHAT") return "refuted";
  return described.Contact.Attributes?.[attribute] === visitorKey ? "confirmed" : "refuted";
}

/**
 * Whether the contact flow has linked a chat to the one that its token named.
 *
 * @returns `null` where the token named none.
 * Source: Amazon Connect Administrator Guide, persistent chat: the contact that a chat was rehydrated from is its
 *   `RelatedContactId`.
 */
export function isLinked({ Contact }: DescribedContact): boolean | null {
  const wanted = Contact.Attributes?.[CONTINUE_ATTRIBUTE] ?? "none";
  return wanted === "none" ? null : Contact.RelatedContactId !== undefined;
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

/** The sessions, with Connect's answer noted at one of them. */
export function markOwnership(
  sessions: readonly Session[],
  contactId: string,
  mark: { readonly verifiedAt: number } | { readonly refutedAt: number },
): Session[] {
  return sessions.map((session) => (session.contactId === contactId ? { ...session, ...mark } : session));
}
