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
  type Erasure,
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

/** That a guest's sessions are a customer's from now on. */
export interface Move extends Required<Erasure> {
  readonly guestKey: string;
}

/** What comes of a sign-in. */
export interface CarriedOver {
  /** The customer's sessions, with those of the guest that are the customer's once KV has noted the move. */
  readonly sessions: readonly Session[];
  /** What the cookie keeps of the guest; `null`: nothing. */
  readonly guest: Guest | null;
  /** What KV has to note first; `null`: nothing moves, or KV says so already. */
  readonly move: Move | null;
  /** Set where the customer's record lacks sessions that are taken over. */
  readonly news: News | null;
}

/** Sessions that the customer's record is to get; `reason` and their number are for the log. */
export interface News {
  readonly reason: string;
  readonly sessions: number;
}

/**
 * Has a customer take over the sessions of the guest that this browser's visitor was, if that may be.
 *
 * The caller first has KV note the move with the guest: only then are they the customer's. So nobody else can take them
 * over, also if the write of the customer's record fails.
 *
 * @param guestRecord What KV holds of the guest.
 */
export function planCarryOver(
  { config, log }: ChatServices,
  guest: OpenGuest,
  guestRecord: VisitorRecord | null,
  customer: CustomerHistory,
  now: number,
): CarriedOver {
  const { visitorKey: guestKey } = guest;
  const { visitorKey: movedTo } = customer;
  const rules = { now, retentionDays: config.retentionDays, withinSeconds: config.carryOverSeconds ?? 0 };
  const decision = decideCarryOver(guest, guestRecord, movedTo, rules);
  if (!decision.carry) {
    const { reason } = decision;
    log.debug("history.not-carried-over", { reason });
    // A chat of this guest may still be reported.
    const isOver = reason === "forgotten" || reason === "moved";
    const mark = isOver ? null : toGuestMark(guest, false);
    return { sessions: customer.sessions, guest: mark, move: null, news: null };
  }
  const isNoted = isMoved(guestRecord, movedTo, decision.sessions);
  const move = isNoted ? null : { guestKey, erasedAt: toMoveTime(guest, decision.sessions, now), movedTo };
  const sessions = mergeSessions([decision.sessions, customer.sessions], customer.oldest);
  const taken = sessions.filter(({ takenFrom }) => takenFrom === guestKey);
  const news = hasSessions(customer.record, taken) ? null : { reason: decision.reason, sessions: taken.length };
  return { sessions, guest: toGuestMark(guest, false), move, news };
}

/** Has KV note a move, if there is one. */
export async function recordMove({ store }: ChatServices, move: Move | null): Promise<void> {
  if (move !== null) await store.recordMove(move.guestKey, move);
}

/** Writes a visitor's record with these sessions. */
export async function recordSessions(
  { config, log, store }: ChatServices,
  { record, visitorKey }: Pick<CustomerHistory, "record" | "visitorKey">,
  { sessions, contactHashes = [], news }: Learnt,
  now: number,
): Promise<void> {
  const updated = buildRecord(record, sessions, [...(await hashAll(sessions)), ...contactHashes], now);
  await store.recordVisitor(visitorKey, updated, recordLifeSeconds(updated, config.retentionDays));
  if (news !== null) log.info("history.carried-over", { ...news });
}

interface Learnt {
  readonly sessions: readonly Session[];
  /** SHA-256 of contact ids besides those of the sessions. */
  readonly contactHashes?: readonly string[];
  readonly news: News | null;
}

function hashAll(sessions: readonly Session[]): Promise<string[]> {
  return Promise.all(sessions.map(({ contactId }) => hashContactId(contactId)));
}
