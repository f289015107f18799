import { type Context } from "hono";
import { createRandomId, sha256Hex } from "../../adapters/web-crypto.ts";
import { findUnverified, listOwn, markSession, toOwnerMark } from "../../core/chat/ownership.ts";
import { findGuest, type OpenGuest, takeFrom, toGuestMark } from "../../core/chat/carry-over.ts";
import {
  decideAfterErasure,
  decideVisitor,
  type Guest,
  type OpenedVisitorCookie,
  type Visitor,
} from "../../core/chat/visitor.ts";
import { mergeSessions, oldestKept, type Session, type VisitorRecord } from "../../core/chat/visitor-record.ts";
import { ChatError } from "../../errors.ts";
import { MAX_TOKEN_CALLS, TOKEN_CONNECT_TIMEOUT_MS } from "../../limits.ts";
import { type CarriedOver, type CustomerHistory, planCarryOver, recordMove, recordSessions } from "./carry-over.ts";
import { createInquiry, type Inquiry } from "./link/inquiry.ts";
import { type ChatServices } from "./services.ts";

/** A visitor, and the visitor's earlier chats. */
export interface History {
  readonly visitor: Visitor;
  readonly visitorKey: string;
  /** Newest first; `null` when KV cannot be read. Then the cookie's sessions do not count either, since KV may hold an erasure. */
  readonly sessions: readonly Session[] | null;
  /** The guest that this browser's visitor was before this customer signed in; `null` without `CARRY_OVER`. */
  readonly guest: Guest | null;
  /** The guest's sessions that the cookie holds until they have moved. */
  readonly held: readonly Session[];
}

const NO_GUEST = { guest: null, held: [] } as const;

/**
 * Reads the visitor and the earlier chats: one call of KV, and none for a new visitor. A customer who has just signed in
 * takes over the guest's chats, with `CARRY_OVER`.
 *
 * @param customerId From the owner's own token.
 */
export async function readHistory(
  c: Context,
  services: ChatServices,
  customerId: string | undefined,
  now: number,
): Promise<History> {
  const { config, cookies } = services;
  const newVisitorId = createRandomId();
  const cookie = await cookies.read(c, now);
  const visitor = decideVisitor(
    cookie,
    customerId === undefined ? null : await sha256Hex(`${config.widget.id}\0${customerId}`),
    newVisitorId,
  );
  const visitorKey = await sha256Hex(visitor.id);
  if (visitor.isNew) return { visitor, visitorKey, sessions: [], ...NO_GUEST };

  const guest = await readGuest(services, cookie, visitor, now);
  const records = await readRecords(services, guest === null ? [visitorKey] : [visitorKey, guest.visitorKey]);
  const kept = {
    guest: keepGuest(services, cookie, visitor, guest),
    held: guest === null ? [] : takeFrom(guest.visitorKey, guest.sessions),
  };
  if (records === "unavailable") return { visitor, visitorKey, sessions: null, ...kept };
  const [record = null, guestRecord = null] = records;
  const present = decideAfterErasure(visitor, record?.erasedAt, newVisitorId);
  if (present.isNew) return { visitor: present, visitorKey: await sha256Hex(present.id), sessions: [], ...NO_GUEST };
  const oldest = oldestKept(now, config.retentionDays, record?.erasedAt);
  const sessions = mergeSessions([visitor.sessions, record?.sessions ?? []], oldest);
  if (guest === null) return { visitor, visitorKey, sessions, ...kept };
  const carried = await takeOver(services, guest, guestRecord, { visitorKey, record, sessions, oldest }, now);
  if (carried === null) return { visitor, visitorKey, sessions, ...kept };
  return { visitor, visitorKey, sessions: carried.sessions, guest: carried.guest, held: [] };
}

async function readGuest(
  { config }: ChatServices,
  cookie: OpenedVisitorCookie | null,
  visitor: Visitor,
  now: number,
): Promise<OpenGuest | null> {
  if (config.carryOverSeconds === null || cookie === null) return null;
  return findGuest(cookie, await sha256Hex(cookie.content.visitorId), visitor, now);
}

/** Late reports of the guest need the mark also after the sessions have moved. */
function keepGuest(
  { config }: ChatServices,
  cookie: OpenedVisitorCookie | null,
  { id }: Visitor,
  open: OpenGuest | null,
): Guest | null {
  if (open !== null) return toGuestMark(open, true);
  if (config.carryOverSeconds === null || cookie?.content.visitorId !== id) return null;
  return cookie.content.guest ?? null;
}

/** @returns `null` where KV does not take the note: the next token tries again. */
async function takeOver(
  services: ChatServices,
  guest: OpenGuest,
  guestRecord: VisitorRecord | null,
  customer: CustomerHistory,
  now: number,
): Promise<CarriedOver | null> {
  const carried = planCarryOver(services, guest, guestRecord, customer, now);
  const noted = await unlessUnavailable(services, () => recordMove(services, carried.move));
  if (noted === "unavailable") return null;
  if (carried.news === null) return carried;
  const recorded = await unlessUnavailable(services, () => recordSessions(services, customer, carried, now));
  // Then the cookie holds the sessions until the next token or report writes the record.
  return recorded === "unavailable" ? { ...carried, guest: toGuestMark(guest, true) } : carried;
}

function readRecords(
  services: ChatServices,
  visitorKeys: readonly [string, ...string[]],
): Promise<(VisitorRecord | null)[] | "unavailable"> {
  const { store } = services;
  const [visitorKey, ...others] = visitorKeys;
  return unlessUnavailable(services, async () =>
    others.length === 0 ? [await store.readVisitor(visitorKey)] : store.readVisitors(visitorKeys),
  );
}

async function unlessUnavailable<T>({ log }: ChatServices, call: () => Promise<T>): Promise<T | "unavailable"> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof ChatError) || error.code !== "STORE_UNAVAILABLE") throw error;
    log.error("store.unavailable", { message: error.message });
    return "unavailable";
  }
}

/**
 * Asks Amazon Connect for what is not known yet: whose the newest unconfirmed session is, and whether the newest one is
 * over. Two calls at most, none once all is known.
 *
 * @returns The same history, with Connect's answers noted. Without the note, each token would ask about a denied session
 *   again, and never about older ones.
 */
export async function verifyNewest(services: ChatServices, history: History, now: number): Promise<History> {
  const { sessions, visitorKey } = history;
  const inquiry = createInquiry(services, { now, timeoutMs: TOKEN_CONNECT_TIMEOUT_MS, visitorKey });
  if (inquiry === null || sessions === null) return history;
  const verified = await verify(inquiry, sessions, now);
  return { ...history, sessions: await findEnd(inquiry, verified, now) };
}

async function verify(inquiry: Inquiry, sessions: readonly Session[], now: number): Promise<readonly Session[]> {
  const session = findUnverified(listOwn(sessions, now));
  if (session === null) return sessions;
  const { ownership } = await inquiry.askOwner(session);
  const mark = toOwnerMark(ownership, session, now);
  return mark === null ? sessions : markSession(sessions, session.contactId, mark);
}

async function findEnd(inquiry: Inquiry, sessions: readonly Session[], now: number): Promise<readonly Session[]> {
  const [newest] = listOwn(sessions, now);
  const isDue = newest?.verifiedAt !== undefined && newest.endedAt === undefined;
  if (!isDue || inquiry.calls >= MAX_TOKEN_CALLS) return sessions;
  const end = await inquiry.askEnd(newest.contactId);
  return end.state === "ended" ? markSession(sessions, newest.contactId, { endedAt: end.endedAt }) : sessions;
}
