import { type Context } from "hono";
import { createRandomId, sha256Hex } from "../../adapters/web-crypto.ts";
import { findUnverified, listOwn, markSession, toOwnerMark } from "../../core/chat/ownership.ts";
import { decideAfterErasure, decideVisitor, type Visitor } from "../../core/chat/visitor.ts";
import { mergeSessions, oldestKept, type Session, type VisitorRecord } from "../../core/chat/visitor-record.ts";
import { ChatError } from "../../errors.ts";
import { MAX_TOKEN_CALLS, TOKEN_CONNECT_TIMEOUT_MS } from "../../limits.ts";
import { createInquiry, type Inquiry } from "./link/inquiry.ts";
import { type ChatServices } from "./services.ts";

/** A visitor, and the visitor's earlier chats. */
export interface History {
  readonly visitor: Visitor;
  readonly visitorKey: string;
  /** Newest first; `null` when KV cannot be read. Then the cookie's sessions do not count either, since KV may hold an erasure. */
  readonly sessions: readonly Session[] | null;
}

/**
 * Reads the visitor and the earlier chats: one call of KV, and none for a new visitor.
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
  const visitor = decideVisitor(
    await cookies.read(c, now),
    customerId === undefined ? null : await sha256Hex(`${config.widget.id}\0${customerId}`),
    newVisitorId,
  );
  const visitorKey = await sha256Hex(visitor.id);
  if (visitor.isNew) return { visitor, visitorKey, sessions: [] };

  const record = await readRecord(services, visitorKey);
  if (record === "unavailable") return { visitor, visitorKey, sessions: null };
  const present = decideAfterErasure(visitor, record?.erasedAt, newVisitorId);
  if (present.isNew) return { visitor: present, visitorKey: await sha256Hex(present.id), sessions: [] };
  const oldest = oldestKept(now, config.retentionDays, record?.erasedAt);
  return { visitor, visitorKey, sessions: mergeSessions([visitor.sessions, record?.sessions ?? []], oldest) };
}

async function readRecord(
  { log, store }: ChatServices,
  visitorKey: string,
): Promise<VisitorRecord | null | "unavailable"> {
  try {
    return await store.readVisitor(visitorKey);
  } catch (error) {
    if (!(error instanceof ChatError)) throw error;
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
  const { ownership } = await inquiry.askOwner(session.contactId);
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
