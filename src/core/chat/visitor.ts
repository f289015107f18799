import * as v from "valibot";
import { type Session, sessionSchema } from "./visitor-record.ts";

/** What the cookie carries. */
export const visitorCookieSchema = v.object({
  visitorId: v.string(),
  /** The visitor id stands for a signed-in customer of the owner's, not for this browser. */
  isCustomer: v.boolean(),
  sessions: v.array(sessionSchema),
});

export type VisitorCookie = v.InferOutput<typeof visitorCookieSchema>;

/** A cookie as it came, and when it was sealed, in seconds. */
export interface OpenedVisitorCookie {
  readonly content: VisitorCookie;
  readonly issuedAt: number;
}

export interface Visitor {
  readonly id: string;
  readonly isCustomer: boolean;
  /** What this visitor's own cookie knows, newest first. */
  readonly sessions: readonly Session[];
  /** When that cookie was sealed, in seconds; `null` without one. */
  readonly seenAt: number | null;
  /** Made by this very request: nothing can be stored of it yet. */
  readonly isNew: boolean;
}

/**
 * Decides who asks for a token.
 *
 * Another customer, or none after one, is another visitor: nobody continues the chat of whoever used the browser before.
 *
 * @param cookie `null` when absent or not to be opened.
 * @param customerVisitorId Visitor id of the customer named in the owner's token, `null` without one.
 * @param newVisitorId Random; used where a visitor has to be made.
 */
export function decideVisitor(
  cookie: OpenedVisitorCookie | null,
  customerVisitorId: string | null,
  newVisitorId: string,
): Visitor {
  if (customerVisitorId !== null) {
    const own = cookie?.content.visitorId === customerVisitorId ? cookie : null;
    return buildVisitor({ visitorId: customerVisitorId, isCustomer: true, sessions: own?.content.sessions ?? [] }, own);
  }
  if (cookie === null || cookie.content.isCustomer) return buildNewVisitor(newVisitorId);
  return buildVisitor(cookie.content, cookie);
}

/**
 * Decides who goes on after what was read of a visitor.
 *
 * A browser whose cookie is older than its erasure starts anew: under the old name a copy of that cookie would learn what
 * comes now. A customer stays who he is.
 *
 * @param erasedAt `undefined` where the visitor was never forgotten.
 * @param newVisitorId As for `decideVisitor()`.
 */
export function decideAfterErasure(visitor: Visitor, erasedAt: number | undefined, newVisitorId: string): Visitor {
  const isGone = erasedAt !== undefined && !visitor.isCustomer && visitor.seenAt !== null && visitor.seenAt <= erasedAt;
  return isGone ? buildNewVisitor(newVisitorId) : visitor;
}

function buildVisitor({ visitorId, isCustomer, sessions }: VisitorCookie, own: OpenedVisitorCookie | null): Visitor {
  return { id: visitorId, isCustomer, sessions, seenAt: own?.issuedAt ?? null, isNew: false };
}

function buildNewVisitor(id: string): Visitor {
  return { id, isCustomer: false, sessions: [], seenAt: null, isNew: true };
}
