import * as v from "valibot";
import { MAX_CONTACT_ID_CHARS, MAX_REPORT_AGE_SECONDS, TICKET_LIFE_SECONDS } from "../../limits.ts";
import { type Session } from "./visitor-record.ts";

type ReportedEvent = Pick<ContactReport, "contactId" | "event" | "ageSeconds">;

// Amazon's ids look like UUIDs, which its API does not promise. Other characters could give one contact several names.
const CONTACT_ID = /^[\w-]+$/;

/** Body of `POST /_chat/contacts`. */
export const contactReportSchema = v.strictObject({
  ticket: v.pipe(v.string(), v.minLength(1)),
  contactId: v.pipe(
    v.string(),
    v.maxLength(MAX_CONTACT_ID_CHARS),
    v.check((id) => CONTACT_ID.test(id)),
  ),
  event: v.picklist(["started", "ended"]),
  /** Seconds since the event: the clocks of browser and Worker may differ. */
  ageSeconds: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MAX_REPORT_AGE_SECONDS)),
});

export type ContactReport = v.InferOutput<typeof contactReportSchema>;

/** Proof that a token was issued to a visitor. With it, the visitor may report the contact id of the chat that the token started. */
export const ticketSchema = v.object({
  visitorId: v.string(),
  id: v.string(),
  /** Whether this Worker links that chat to a past one; absent where the contact flow does, or the chat was to start fresh. */
  mayLink: v.exactOptional(v.literal(true)),
});

export type Ticket = v.InferOutput<typeof ticketSchema>;

export type ReportDecision =
  | { readonly outcome: "known" }
  | { readonly outcome: "record"; readonly session: Session; readonly isNew: boolean }
  | { readonly outcome: "refuse"; readonly code: "TICKET_EXPIRED" | "TICKET_USED" };

interface ReportRules {
  readonly now: number;
  readonly oldest: number;
  readonly wasOwned: boolean;
  readonly takenFrom?: string | undefined;
}

/**
 * Decides what a browser's report changes. Reports may come late, twice and in any order.
 *
 * @param sessions The visitor's known sessions, newest first.
 * @param ticket The visitor's own: the caller has checked that.
 * @param oldest The earliest start, in seconds, of a session that may still be kept.
 * @param wasOwned Whether this visitor had the contact before. A session that was forgotten or is too old does not come
 *   back with another ticket.
 * @param takenFrom The visitor key of the guest whose ticket it is, where a customer has signed in since.
 */
export function decideReport(
  report: ReportedEvent,
  ticket: Ticket & { readonly issuedAt: number },
  sessions: readonly Session[],
  { now, oldest, takenFrom, wasOwned }: ReportRules,
): ReportDecision {
  if (ticket.issuedAt < oldest) return { outcome: "refuse", code: "TICKET_EXPIRED" };
  const known = sessions.find(({ contactId }) => contactId === report.contactId);
  if (known !== undefined) {
    if (report.event === "started" || known.endedAt !== undefined) return { outcome: "known" };
    return { outcome: "record", session: withEnd(known, report, now), isNew: false };
  }
  if (wasOwned) return { outcome: "known" };
  if (sessions.some(({ ticketId }) => ticketId === ticket.id)) return { outcome: "refuse", code: "TICKET_USED" };
  if (ticket.issuedAt < now - TICKET_LIFE_SECONDS) return { outcome: "refuse", code: "TICKET_EXPIRED" };
  const session = {
    contactId: report.contactId,
    ticketId: ticket.id,
    startedAt: ticket.issuedAt,
    ...(takenFrom !== undefined && { takenFrom }),
  };
  return { outcome: "record", session: withEnd(session, report, now), isNew: true };
}

function withEnd(session: Session, { event, ageSeconds }: ReportedEvent, now: number): Session {
  return event === "started" ? session : { ...session, endedAt: Math.max(session.startedAt, now - ageSeconds) };
}
