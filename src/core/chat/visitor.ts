import * as v from "valibot";
import { secondsSchema, type Session, sessionSchema, visitorKeySchema } from "./visitor-record.ts";

/** The guest that this browser's visitor was before a customer signed in here. */
const guestSchema = v.object({
  visitorKey: visitorKeySchema,
  signedInAt: secondsSchema,
  /** KV does not say yet that the guest's sessions have moved: those in the cookie do not count so far. */
  isOpen: v.exactOptional(v.literal(true)),
});

export type Guest = v.InferOutput<typeof guestSchema>;

/** The content of the visitor's cookie. */
export const visitorCookieSchema = v.object({
  visitorId: v.string(),
  /** The visitor id stands for a signed-in customer of the site, not for this browser. */
  isCustomer: v.boolean(),
  sessions: v.array(sessionSchema),
  /** Only in a customer's cookie. */
  guest: v.exactOptional(guestSchema),
});

export type VisitorCookie = v.InferOutput<typeof visitorCookieSchema>;

/** A received cookie, and the time of its sealing in seconds. */
export interface OpenedVisitorCookie {
  readonly content: VisitorCookie;
  readonly issuedAt: number;
}

export interface Visitor {
  readonly id: string;
  readonly isCustomer: boolean;
  /** The sessions in this visitor's own cookie, newest first. */
  readonly sessions: readonly Session[];
  /** When this cookie was sealed, in seconds; `null` without a cookie. */
  readonly seenAt: number | null;
  /** Made for this request: KV cannot hold anything of this visitor yet. */
  readonly isNew: boolean;
}

/**
 * Decides who asks for a token.
 *
 * Another customer is another visitor, and so is nobody after a customer: no one continues the chat of the browser's earlier user.
 *
 * @param cookie `null` when there is none that opens.
 * @param customerVisitorId Visitor id of the customer named in the owner's token, `null` without one.
 * @param newVisitorId Random; used for a new visitor.
 */
export function decideVisitor(
  cookie: OpenedVisitorCookie | null,
  customerVisitorId: string | null,
  newVisitorId: string,
): Visitor {
  if (customerVisitorId !== null) {
    const own = cookie?.content.visitorId === customerVisitorId ? cookie : null;
    return buildVisitor({ sessions: [], ...own?.content, visitorId: customerVisitorId, isCustomer: true }, own);
  }
  if (cookie === null || cookie.content.isCustomer) return buildNewVisitor(newVisitorId);
  return buildVisitor(cookie.content, cookie);
}

/**
 * Decides whether a visitor goes on after the record was read.
 *
 * A browser whose cookie is older than the erasure gets a new visitor id: under the old id, a copy of the cookie would
 * show the chats to come. A customer keeps the id.
 *
 * @param erasedAt `undefined` where the visitor was never forgotten.
 * @param newVisitorId Random; used for a new visitor.
 */
export function decideAfterErasure(visitor: Visitor, erasedAt: number | undefined, newVisitorId: string): Visitor {
  const isGone = erasedAt !== undefined && !visitor.isCustomer && visitor.seenAt !== null && visitor.seenAt <= erasedAt;
  return isGone ? buildNewVisitor(newVisitorId) : visitor;
}

/** The sessions in a cookie, apart from those of a guest that have not moved yet. */
export function listSettled({ guest, sessions }: VisitorCookie): Session[] {
  return sessions.filter(({ takenFrom }) => guest?.isOpen !== true || takenFrom !== guest.visitorKey);
}

/** The sessions of a guest in a customer's cookie that have not moved yet. */
export function listHeld({ guest, sessions }: VisitorCookie): Session[] {
  return sessions.filter(({ takenFrom }) => guest?.isOpen === true && takenFrom === guest.visitorKey);
}

function buildVisitor(content: VisitorCookie, own: OpenedVisitorCookie | null): Visitor {
  const { visitorId: id, isCustomer } = content;
  return { id, isCustomer, sessions: listSettled(content), seenAt: own?.issuedAt ?? null, isNew: false };
}

function buildNewVisitor(id: string): Visitor {
  return { id, isCustomer: false, sessions: [], seenAt: null, isNew: true };
}
