import * as v from "valibot";
import { parseStoredRecord } from "../stored-record.ts";
import {
  ERASED_RECORD_DAYS,
  MAX_CONTACT_ID_CHARS,
  MAX_OWNED_HASHES,
  MAX_SESSIONS,
  MAX_TAKEN_OVER,
} from "../../limits.ts";

// The maximum is the last second of JavaScript's dates.
export const secondsSchema = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(8.64e12));

export const contactIdSchema = v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_CONTACT_ID_CHARS));

export const visitorKeySchema = v.pipe(v.string(), v.regex(/^[\da-f]{64}$/));

/** One chat of a visitor, named by the first contact that Connect made for it. Times are in seconds since 1970. */
export const sessionSchema = v.object({
  contactId: contactIdSchema,
  /** The id of the ticket that came with the report: one ticket admits one contact id. */
  ticketId: v.string(),
  /** When the ticket was issued, shortly before the chat began. */
  startedAt: secondsSchema,
  /** Absent until a browser reports the end, or Amazon Connect tells of it. */
  endedAt: v.exactOptional(secondsSchema),
  /** When Amazon Connect confirmed that this contact belongs to this visitor. */
  verifiedAt: v.exactOptional(secondsSchema),
  /** When Amazon Connect last said that the contact does not belong to this visitor. */
  refutedAt: v.exactOptional(secondsSchema),
  /** With `LINK_BY=worker`: the contact id of the past session that this Worker has linked this chat to. */
  linkedTo: v.exactOptional(contactIdSchema),
  /** When Amazon Connect last called the session open, beside a newer one that is open, too. */
  openAt: v.exactOptional(secondsSchema),
  /** When Amazon Connect refused to link an open chat to this session, although its transcript should long have been there. */
  unlinkableAt: v.exactOptional(secondsSchema),
  /** The visitor key of the guest who had this chat before this customer signed in. The contact itself names that key. */
  takenFrom: v.exactOptional(visitorKeySchema),
});

const recordSchema = v.object({
  v: v.literal(1),
  updatedAt: secondsSchema,
  /** Sessions, tickets and cookies from before this time are forgotten. */
  erasedAt: v.exactOptional(secondsSchema),
  sessions: v.array(sessionSchema),
  /** SHA-256 of the contact ids of this visitor, the newest last. */
  owned: v.array(v.string()),
  /** The guests whose sessions this customer has taken over, the newest last. */
  tookOver: v.exactOptional(v.array(visitorKeySchema)),
});

export type Session = v.InferOutput<typeof sessionSchema>;
/** That what a visitor had until then no longer counts. */
export interface Erasure {
  /** In seconds. */
  readonly erasedAt: number;
  /** The visitor key of the customer who has taken over this guest's sessions; absent where the visitor was forgotten. */
  readonly movedTo?: string;
}

/** A stored record; what says where a guest's sessions are comes from the erasure, which has a KV key of its own. */
export type VisitorRecord = v.InferOutput<typeof recordSchema> &
  Pick<Erasure, "movedTo"> & {
    /** The customer who got sessions of this forgotten guest at a location of KV that did not know of the erasure. */
    readonly takenBy?: string;
  };

export type ErasedRecord = VisitorRecord & { readonly erasedAt: number };

/** Replaces a record that cannot be read. */
export const UNREADABLE_RECORD: VisitorRecord = { v: 1, updatedAt: 0, sessions: [], owned: [] };

/**
 * Reads a stored visitor record.
 *
 * @returns `"newer"` for a record of a newer version, which must not be replaced; `"unreadable"` for another text, or one
 *   that is too long.
 */
export function parseVisitorRecord(text: string): VisitorRecord | "newer" | "unreadable" {
  return parseStoredRecord(text, recordSchema);
}

/**
 * Joins one visitor's sessions from several places (cookie, KV, a report) into one list.
 *
 * The order of the lists does not matter, and a list may come twice: KV may lag behind the cookie, or another tab's cookie
 * behind KV. A known end stays known.
 *
 * @param oldest Sessions that started before this, in seconds, are left out: past retention, or erased.
 * @returns Newest first, at most `MAX_SESSIONS`.
 */
export function mergeSessions(lists: readonly (readonly Session[])[], oldest: number): Session[] {
  const byContactId = new Map<string, Session>();
  for (const session of lists.flat()) {
    if (session.startedAt < oldest) continue;
    const known = byContactId.get(session.contactId);
    byContactId.set(session.contactId, known ? mergeSession(known, session) : session);
  }
  return [...byContactId.values()].toSorted(newestFirst).slice(0, MAX_SESSIONS);
}

function mergeSession(a: Session, b: Session): Session {
  const first = newestFirst(a, b) > 0 ? a : b;
  const endedAt = earliest(a.endedAt, b.endedAt);
  const verifiedAt = earliest(a.verifiedAt, b.verifiedAt);
  const refutedAt = latest(a.refutedAt, b.refutedAt);
  const openAt = latest(a.openAt, b.openAt);
  const unlinkableAt = latest(a.unlinkableAt, b.unlinkableAt);
  // One chat is linked once. Whatever two locations of KV say, each location gets the same answer here.
  const linkedTo = smaller(a.linkedTo, b.linkedTo);
  const takenFrom = smaller(a.takenFrom, b.takenFrom);
  return {
    contactId: a.contactId,
    ticketId: first.ticketId,
    startedAt: first.startedAt,
    ...(endedAt !== undefined && { endedAt }),
    ...(verifiedAt !== undefined && { verifiedAt }),
    ...(refutedAt !== undefined && { refutedAt }),
    ...(linkedTo !== undefined && { linkedTo }),
    ...(openAt !== undefined && { openAt }),
    ...(unlinkableAt !== undefined && { unlinkableAt }),
    ...(takenFrom !== undefined && { takenFrom }),
  };
}

/** By start, then by contact id and ticket, so that every location gets the same order. */
function newestFirst(a: Session, b: Session): number {
  return b.startedAt - a.startedAt || compare(b.contactId, a.contactId) || compare(b.ticketId, a.ticketId);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function smaller(a: string | undefined, b: string | undefined): string | undefined {
  return [a, b].filter((text) => text !== undefined).toSorted(compare)[0];
}

function latest(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return Math.max(a, b);
}

function earliest(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return Math.min(a, b);
}

/**
 * The earliest start, in seconds, of a session that may still be offered.
 *
 * A session from the very second of an erasure counts as erased.
 */
export function oldestKept(now: number, retentionDays: number, erasedAt: number | undefined): number {
  return Math.max(now - retentionDays * 86_400, erasedAt === undefined ? 0 : erasedAt + 1);
}

/**
 * Builds the record to store after a report.
 *
 * @param record What KV held; `null` when nothing.
 * @param contactHashes SHA-256 of all sessions' contact ids: KV may not show the last report yet.
 */
export function buildRecord(
  record: VisitorRecord | null,
  sessions: readonly Session[],
  contactHashes: readonly string[],
  now: number,
): VisitorRecord {
  const taken = sessions.flatMap(({ takenFrom = [] }) => takenFrom);
  const tookOver = [...new Set([...(record?.tookOver ?? []), ...taken])].slice(-MAX_TAKEN_OVER);
  // The time of a move is kept under the key of the move: a record that says `erasedAt` was forgotten.
  const erasedAt = record?.movedTo === undefined ? record?.erasedAt : undefined;
  return {
    v: 1,
    // The clock of the machine that issued the newest ticket may be ahead: an erasure must cover that session, too.
    updatedAt: Math.max(now, ...sessions.map(({ startedAt }) => startedAt)),
    ...(erasedAt !== undefined && { erasedAt }),
    sessions: [...sessions],
    owned: addHashes(record, contactHashes),
    ...(tookOver.length > 0 && { tookOver }),
  };
}

function addHashes(record: VisitorRecord | null, contactHashes: readonly string[]): string[] {
  return [...new Set([...(record?.owned ?? []), ...contactHashes])].slice(-MAX_OWNED_HASHES);
}

/**
 * Builds the record of a forgotten visitor: nothing from before is offered or recorded again.
 *
 * The hashes of the contact ids stay, so that a late report of one of them is refused.
 *
 * @param record What KV held; `null` when nothing.
 * @param contactHashes SHA-256 of contact ids that KV may not show yet.
 */
export function buildErasedRecord(
  record: VisitorRecord | null,
  contactHashes: readonly string[],
  now: number,
): ErasedRecord {
  // The clock of the location that wrote last may be ahead of this one.
  const erasedAt = Math.max(now, record?.updatedAt ?? 0);
  return { v: 1, updatedAt: erasedAt, erasedAt, sessions: [], owned: addHashes(record, contactHashes) };
}

/** A record, with an erasure from its own KV key; `null` without either. */
export function addErasure(record: VisitorRecord | null, erasure: Erasure | null): VisitorRecord | null {
  if (erasure === null) return record;
  const { erasedAt, movedTo } = erasure;
  const known = record ?? { v: 1, updatedAt: erasedAt, sessions: [], owned: [] };
  // A guest whose own record says so was forgotten, and has moved nowhere: whichever of the two was written first.
  const isForgotten = known.erasedAt !== undefined;
  return {
    ...known,
    updatedAt: Math.max(known.updatedAt, erasedAt),
    erasedAt: latest(known.erasedAt, erasedAt) ?? erasedAt,
    ...(movedTo !== undefined && { [isForgotten ? "takenBy" : "movedTo"]: movedTo }),
  };
}

/** Whether nothing is left to forget of a visitor, here and with any customer. */
export function isForgotten(record: VisitorRecord | null): boolean {
  const { erasedAt, sessions = [] } = record ?? {};
  return erasedAt !== undefined && toCustomer(record) === undefined && sessions.length === 0;
}

/** The visitor key of the customer who has a guest's sessions, rightly or not; `undefined`: nobody. */
export function toCustomer(record: VisitorRecord | null): string | undefined {
  return record?.movedTo ?? record?.takenBy;
}

/** How long KV keeps a record, in seconds: an erasure must outlive everything that it overrules. */
export function recordLifeSeconds({ erasedAt }: VisitorRecord, retentionDays: number): number {
  return (erasedAt === undefined ? retentionDays : ERASED_RECORD_DAYS) * 86_400;
}
