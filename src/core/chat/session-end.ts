import * as v from "valibot";
import { CLOCK_TOLERANCE_SECONDS } from "../../limits.ts";
import { secondsSchema } from "./visitor-record.ts";

/** The part of ListAssociatedContacts's answer that tells which contacts of a session are over. */
export const associatedContactsSchema = v.object({
  ContactSummaryList: v.nullish(
    v.array(
      v.object({
        ContactId: v.string(),
        InitialContactId: v.nullish(v.string()),
        DisconnectTimestamp: v.nullish(v.pipe(v.number(), v.transform(Math.floor), secondsSchema)),
      }),
    ),
  ),
  NextToken: v.nullish(v.string()),
});

/** Whether a whole session is over, with its end in seconds or with the contact that is still open; `unknown` where Connect's answer does not tell. */
export type SessionEnd =
  | { readonly state: "ended"; readonly endedAt: number }
  | { readonly state: "open"; readonly openContactId: string }
  | { readonly state: "unknown" };

/**
 * Decides whether a session is over: a transfer ends a contact, but not its session.
 *
 * @param initialContactId The session's first contact.
 * @param now In seconds. An end that is still to come is none: Connect's answer is not understood.
 * Source: Amazon Connect API, ListAssociatedContacts. It lists a tree of contacts, which may hold other sessions as well.
 */
export function decideSessionEnd(
  { ContactSummaryList, NextToken }: v.InferOutput<typeof associatedContactsSchema>,
  initialContactId: string,
  now: number,
): SessionEnd {
  const contacts = (ContactSummaryList ?? []).filter(
    ({ ContactId, InitialContactId }) => ContactId === initialContactId || InitialContactId === initialContactId,
  );
  const open = contacts.find(({ DisconnectTimestamp }) => typeof DisconnectTimestamp !== "number");
  if (open !== undefined) return { state: "open", openContactId: open.ContactId };
  // More contacts follow on a next page, and one of them may be open.
  if (contacts.length === 0 || typeof NextToken === "string") return { state: "unknown" };
  const endedAt = Math.max(...contacts.map(({ DisconnectTimestamp }) => DisconnectTimestamp ?? 0));
  return endedAt > now + CLOCK_TOLERANCE_SECONDS ? { state: "unknown" } : { state: "ended", endedAt };
}
