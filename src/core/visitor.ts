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

export interface Visitor {
  readonly id: string;
  readonly isCustomer: boolean;
  /** What this visitor's own cookie knows, newest first. */
  readonly sessions: Session[];
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
  cookie: VisitorCookie | null,
  customerVisitorId: string | null,
  newVisitorId: string,
): Visitor {
  if (customerVisitorId !== null) {
    const isSame = cookie?.visitorId === customerVisitorId;
    return { id: customerVisitorId, isCustomer: true, sessions: isSame ? cookie.sessions : [], isNew: false };
  }
  if (cookie === null || cookie.isCustomer) return { id: newVisitorId, isCustomer: false, sessions: [], isNew: true };
  return { id: cookie.visitorId, isCustomer: false, sessions: cookie.sessions, isNew: false };
}
