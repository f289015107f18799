import { type Session } from "./visitor-record.ts";

type NoContinuationReason =
  | "asked-fresh"
  | "no-consent"
  | "no-history"
  | "no-session"
  | "owner-unknown"
  | "related-contact";

/** The past session that a new chat continues, and how; `reason` is for logs and tests. */
export type Continuation =
  | { readonly continue: "none"; readonly reason: NoContinuationReason }
  | {
      readonly continue: "now";
      readonly reason: "ended" | "end-unknown";
      readonly contactId: string;
      readonly fallback: string | null;
    }
  | {
      readonly continue: "wait";
      readonly reason: "ended-just-now";
      readonly contactId: string;
      readonly fallback: string | null;
      /** Seconds until Connect has the transcript ready. */
      readonly waitSeconds: number;
    };

interface ContinuationRules {
  readonly now: number;
  readonly readyAfterSeconds: number;
  readonly onlyVerified: boolean;
}

/**
 * Decides what a new chat continues.
 *
 * The newest session is offered even without a known end: a browser asks for a token when it has no live chat to resume,
 * and Connect refuses to link a live one without harm to the new chat.
 *
 * @param sessions Newest first, within retention.
 * @param readyAfterSeconds Seconds from a session's end until its transcript is ready.
 * @param onlyVerified Whether a contact id is handed out only after Amazon Connect has confirmed its owner. No older
 *   session takes the place of an unconfirmed newest one: a chat linked to the older one would never show the newest.
 */
export function decideContinuation(sessions: readonly Session[], rules: ContinuationRules): Continuation {
  const { now, readyAfterSeconds, onlyVerified } = rules;
  const [newest, before] = sessions;
  if (newest === undefined) return { continue: "none", reason: "no-session" };
  const mayOffer = (session: Session) => !onlyVerified || session.verifiedAt !== undefined;
  if (!mayOffer(newest)) return { continue: "none", reason: "owner-unknown" };
  const fallback = before !== undefined && mayOffer(before) ? before.contactId : null;
  const offer = { contactId: newest.contactId, fallback };
  if (newest.endedAt === undefined) return { continue: "now", reason: "end-unknown", ...offer };
  const waitSeconds = newest.endedAt + readyAfterSeconds - now;
  if (waitSeconds <= 0) return { continue: "now", reason: "ended", ...offer };
  return { continue: "wait", reason: "ended-just-now", ...offer, waitSeconds };
}

/** Who links a new chat to the past one: the owner's contact flow, or this Worker. */
export type LinkBy = "flow" | "worker";

/** Contact attribute that tells the flow whether and when to link the past chat. */
export const CONTINUE_ATTRIBUTE = "chatContinue";

/** The visitor attribute of a chat of which nothing is stored. */
export const NOBODY = "none";

/** Names of the attributes that the owner cannot choose. */
export const FIXED_ATTRIBUTES = ["contactIdFallback", CONTINUE_ATTRIBUTE, "chatWaitSeconds"] as const;

/** Names of the two attributes that the owner can choose. */
export interface AttributeNames {
  readonly contact: string;
  readonly visitor: string;
}

/**
 * Builds the contact attributes of a token.
 *
 * All of them are always there, so that a hand-made start call cannot add a missing one. All are strings: with another
 * type the chat fails to start.
 *
 * @param linkBy With `worker`, `chatContinue` is always `none`: a chat may be linked by the flow or by this Worker, but not
 *   by both.
 * @param visitorKey A later DescribeContact finds it and so proves the owner; `null` where nothing is stored of this visitor.
 * Source: Amazon Connect Administrator Guide, "Pass contact attributes to the chat widget".
 */
export function buildAttributes(
  continuation: Continuation,
  visitorKey: string | null,
  names: AttributeNames,
  linkBy: LinkBy = "flow",
): Record<string, string> {
  const offer = continuation.continue === "none" ? null : continuation;
  return {
    [names.contact]: offer?.contactId ?? "none",
    contactIdFallback: offer?.fallback ?? "none",
    [CONTINUE_ATTRIBUTE]: linkBy === "flow" ? continuation.continue : "none",
    chatWaitSeconds: linkBy === "flow" && continuation.continue === "wait" ? String(continuation.waitSeconds) : "0",
    [names.visitor]: visitorKey ?? NOBODY,
  };
}
