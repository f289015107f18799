import { CLOCK_TOLERANCE_SECONDS } from "../../limits.ts";
import { listOwn } from "./ownership.ts";
import { type Guest, listHeld, type OpenedVisitorCookie, type Visitor, type VisitorCookie } from "./visitor.ts";
import { isForgotten, mergeSessions, oldestKept, type Session, type VisitorRecord } from "./visitor-record.ts";

/** A guest whose sessions may move to the customer who has signed in. */
export interface OpenGuest extends Guest {
  /** The guest's sessions in this browser's cookie. */
  readonly sessions: readonly Session[];
}

/**
 * The guest that this browser's visitor was until now, or whose sessions have still to move.
 *
 * The cookie names at most one: the browser's own. A customer's sessions never move to another customer.
 *
 * @param cookie `null` when there is none that opens: also where the browser has signed out since.
 * @param cookieKey The visitor key of the cookie's visitor.
 * @returns `null` where there is none.
 */
export function findGuest(
  cookie: OpenedVisitorCookie | null,
  cookieKey: string,
  visitor: Pick<Visitor, "id" | "isCustomer">,
  now: number,
): OpenGuest | null {
  if (cookie === null || !visitor.isCustomer) return null;
  const { content, issuedAt } = cookie;
  if (!content.isCustomer) {
    // The clock of the machine that sealed the cookie may be ahead of this one.
    const signedInAt = Math.max(now, issuedAt);
    return { visitorKey: cookieKey, signedInAt, isOpen: true, sessions: content.sessions };
  }
  const isOpen = content.visitorId === visitor.id && content.guest?.isOpen === true;
  return isOpen && content.guest !== undefined ? { ...content.guest, sessions: listHeld(content) } : null;
}

/** The sessions of a guest that a customer takes over, or why there are none; `reason` is for logs and tests. */
export type CarryOver =
  | { readonly carry: false; readonly reason: "forgotten" | "moved" | "no-session" | "too-long-ago" }
  | { readonly carry: true; readonly reason: "signed-in" | "again"; readonly sessions: readonly Session[] };

interface CarryOverRules {
  readonly now: number;
  readonly retentionDays: number;
  /** How long before the sign-in the guest's newest session may have started or ended, in seconds. */
  readonly withinSeconds: number;
}

/**
 * Decides whether the customer who has signed in takes over the guest's sessions.
 *
 * They move once, to one customer. The same customer may get them again: an answer may be lost, or KV may have taken only
 * the first of the two writes.
 *
 * @param record What KV holds of the guest; `null` when nothing.
 */
export function decideCarryOver(
  guest: OpenGuest,
  record: VisitorRecord | null,
  customerKey: string,
  { now, retentionDays, withinSeconds }: CarryOverRules,
): CarryOver {
  const movedTo = record?.movedTo;
  if (movedTo !== undefined && movedTo !== customerKey) return { carry: false, reason: "moved" };
  if (record?.erasedAt !== undefined && movedTo === undefined) return { carry: false, reason: "forgotten" };
  const known = mergeSessions([guest.sessions, record?.sessions ?? []], oldestKept(now, retentionDays, undefined));
  // Later ones are of somebody who has gone on with a copy of the guest's cookie.
  const latest = guest.signedInAt + CLOCK_TOLERANCE_SECONDS;
  const sessions = listOwn(known, now).filter(({ startedAt }) => startedAt <= latest);
  if (sessions.length === 0) return { carry: false, reason: "no-session" };
  const newest = Math.max(...sessions.map(({ endedAt, startedAt }) => endedAt ?? startedAt));
  if (newest < guest.signedInAt - withinSeconds) return { carry: false, reason: "too-long-ago" };
  return {
    carry: true,
    reason: movedTo === undefined ? "signed-in" : "again",
    sessions: takeFrom(guest.visitorKey, sessions),
  };
}

/** When the sessions move: not before any of them began, whichever machine's clock is ahead. */
export function toMoveTime({ signedInAt }: Guest, sessions: readonly Session[], now: number): number {
  return Math.max(now, signedInAt, ...sessions.map(({ startedAt }) => startedAt));
}

/** Whether the record of the guest keeps everybody else from these sessions. */
export function isMoved(record: VisitorRecord | null, customerKey: string, sessions: readonly Session[]): boolean {
  const { erasedAt = -Infinity, movedTo } = record ?? {};
  return movedTo === customerKey && sessions.every(({ startedAt }) => startedAt <= erasedAt);
}

/** Whether the record of the customer has these sessions already. */
export function hasSessions(record: VisitorRecord | null, sessions: readonly Session[]): boolean {
  return sessions.every(({ contactId }) => record?.sessions.some((known) => known.contactId === contactId) === true);
}

/**
 * Whether a ticket of the guest may bring a chat of which nothing is known yet: it was issued before the sign-in, and
 * not long before.
 *
 * @param issuedAt When the ticket was issued, in seconds.
 */
export function isFromVisit(issuedAt: number, signedInAt: number, withinSeconds: number): boolean {
  return issuedAt >= signedInAt - withinSeconds && issuedAt <= signedInAt + CLOCK_TOLERANCE_SECONDS;
}

/** The guests whose sessions a customer has taken over, as far as is known here: to be forgotten together. */
export function listGuests(record: VisitorRecord | null, inCookie: readonly Session[] = []): string[] {
  const named = [...(record?.sessions ?? []), ...inCookie].flatMap(({ takenFrom = [] }) => takenFrom);
  return [...new Set([...(record?.tookOver ?? []), ...named])];
}

/**
 * Whether a guest is to be forgotten together with a customer.
 *
 * @param record What KV holds of the guest.
 * @param isTaken Whether the customer has taken sessions over from this guest. Else this browser was the guest's.
 */
export function isForgottenWith(record: VisitorRecord | null, customerKey: string, isTaken: boolean): boolean {
  const { movedTo = customerKey } = record ?? {};
  return !isForgotten(record) && (isTaken || movedTo === customerKey);
}

/** What the customer's cookie keeps of the guest. */
export function toGuestMark({ signedInAt, visitorKey }: Guest, isOpen: boolean): Guest {
  return { visitorKey, signedInAt, ...(isOpen && { isOpen }) };
}

/** A guest's sessions as a customer has them. */
export function takeFrom(takenFrom: string, sessions: readonly Session[]): Session[] {
  const take = (session: Session): Session => ({ ...session, takenFrom });
  return sessions.map(take);
}

/** The content of a cookie with these sessions, newest first, and with those that it holds for later. */
export function withSessions(content: VisitorCookie, sessions: readonly Session[]): VisitorCookie {
  return { ...content, sessions: mergeSessions([sessions, listHeld(content)], 0) };
}
