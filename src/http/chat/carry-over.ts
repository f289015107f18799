import { hashContactId } from "../../adapters/web-crypto.ts";
import {
  decideCarryOver,
  hasSessions,
  isMoved,
  type OpenGuest,
  toGuestMark,
  toMoveTime,
} from "../../core/chat/carry-over.ts";
import { type Guest } from "../../core/chat/visitor.ts";
import {
  buildRecord,
  mergeSessions,
  recordLifeSeconds,
  type Session,
  type VisitorRecord,
} from "../../core/chat/visitor-record.ts";
import { type ChatServices } from "./services.ts";

/** The customer who has signed in, as known so far. */
export interface CustomerHistory {
  readonly visitorKey: string;
  readonly record: VisitorRecord | null;
  /** Newest first. */
  readonly sessions: readonly Session[];
  /** The earliest start of a session that may be kept. */
  readonly oldest: number;
}

/** What came of a sign-in. */
export interface CarriedOver {
  /** The customer's sessions, with those of the guest that are now the customer's. */
  readonly sessions: readonly Session[];
  /** What the cookie keeps of the guest; `null`: nothing. */
  readonly guest: Guest | null;
  /** Whether KV says with the guest that the guest's sessions are this customer's. */
  readonly hasMoved: boolean;
  /** Whether the customer's record lacks sessions that have been taken over. */
  readonly isNews: boolean;
}

/**
 * Has a customer take over the sessions of the guest that this browser's visitor was, if that may be.
 *
 * First KV notes with the guest that they have moved: only then are they the customer's. So nobody else can take them over,
 * also if the caller's write of the customer's record fails.
 *
 * @param guestRecord What KV holds of the guest.
 * @throws {ChatError} `STORE_UNAVAILABLE` where KV does not take the note: nothing has moved as far as is known.
 */
export async function carryOver(
  { config, log, store }: ChatServices,
  guest: OpenGuest,
  guestRecord: VisitorRecord | null,
  customer: CustomerHistory,
  now: number,
): Promise<CarriedOver> {
  const rules = { now, retentionDays: config.retentionDays, withinSeconds: config.carryOverSeconds ?? 0 };
  const decision = decideCarryOver(guest, guestRecord, customer.visitorKey, rules);
  if (!decision.carry) {
    const { reason } = decision;
    log.debug("history.not-carried-over", { reason });
    // A chat of this guest may still be reported.
    const isOver = reason === "forgotten" || reason === "moved";
    const mark = isOver ? null : toGuestMark(guest, false);
    return { sessions: customer.sessions, guest: mark, hasMoved: false, isNews: false };
  }
  if (!isMoved(guestRecord, customer.visitorKey, decision.sessions)) {
    const movedAt = toMoveTime(guest, decision.sessions, now);
    await store.recordMove(guest.visitorKey, { erasedAt: movedAt, movedTo: customer.visitorKey });
  }
  const sessions = mergeSessions([decision.sessions, customer.sessions], customer.oldest);
  const taken = sessions.filter(({ takenFrom }) => takenFrom === guest.visitorKey);
  const isNews = !hasSessions(customer.record, taken);
  if (isNews) log.info("history.carried-over", { reason: decision.reason, sessions: taken.length });
  return { sessions, guest: toGuestMark(guest, false), hasMoved: true, isNews };
}

/** Writes a visitor's record with these sessions. */
export async function recordSessions(
  { config, store }: ChatServices,
  { record, visitorKey }: Pick<CustomerHistory, "record" | "visitorKey">,
  sessions: readonly Session[],
  contactHashes: readonly string[],
  now: number,
): Promise<void> {
  const updated = buildRecord(record, sessions, [...(await hashAll(sessions)), ...contactHashes], now);
  await store.recordVisitor(visitorKey, updated, recordLifeSeconds(updated, config.retentionDays));
}

function hashAll(sessions: readonly Session[]): Promise<string[]> {
  return Promise.all(sessions.map(({ contactId }) => hashContactId(contactId)));
}
