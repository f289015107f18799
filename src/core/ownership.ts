import * as v from "valibot";
import { type Session } from "./visitor-record.ts";

/** What DescribeContact answers, as far as it tells whose a contact is. */
export const describedContactSchema = v.object({
  Contact: v.object({ Channel: v.string(), Attributes: v.exactOptional(v.record(v.string(), v.string())) }),
});

export type DescribedContact = v.InferOutput<typeof describedContactSchema>;

/** Whether a contact is a visitor's; `unknown` when Amazon Connect could not be asked. */
export type Ownership = "confirmed" | "refuted" | "unknown";

/**
 * Decides whose a contact is: every token that this Worker signs names its visitor, and Connect keeps that with the contact.
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
 * The session to ask Connect about: of the two that would be offered, the newest that is not verified yet.
 *
 * @param sessions Newest first.
 * @returns `null` when there is nothing to ask.
 */
export function findUnverified(sessions: readonly Session[]): Session | null {
  return sessions.slice(0, 2).find(({ verifiedAt }) => verifiedAt === undefined) ?? null;
}

/** Notes in a list of sessions that Connect has confirmed one of them. */
export function markVerified(sessions: readonly Session[], contactId: string, now: number): Session[] {
  return sessions.map((session) => (session.contactId === contactId ? { ...session, verifiedAt: now } : session));
}
