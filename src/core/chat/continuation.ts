import { type Session } from "./visitor-record.ts";

type NoContinuationReason =
  | "asked-fresh"
  | "no-consent"
  | "no-history"
  | "no-session"
  | "owner-unknown"
  | "related-contact";

/** Which past session a new chat is to be linked to, and how; `reason` is for logs and tests. */
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
      /** How long Connect still needs for the transcript, in seconds. */
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
 * The newest session is offered even without a known end: a token request usually means that no live chat is being
 * resumed, and Connect refuses a live one softly.
 *
 * @param sessions Newest first, within retention.
 * @param readyAfterSeconds How long after its end a session's transcript becomes available.
 * @param onlyVerified Whether a contact id is handed out only after Amazon Connect has confirmed its owner. An older
 *   session is not offered in the newest one's place: linked to that, the chat would leave the newest one behind for good.
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

/** Contact attribute that says whether a chat is to continue another, and when. */
export const CONTINUE_ATTRIBUTE = "chatContinue";

/** Names of the attributes beside the two that an owner can name. */
export const FIXED_ATTRIBUTES = ["contactIdFallback", CONTINUE_ATTRIBUTE, "chatWaitSeconds"] as const;

/** Names of the two attributes that an owner can choose. */
export interface AttributeNames {
  readonly contact: string;
  readonly visitor: string;
}

/**
 * Builds the contact attributes of a token: always all of them, so that a hand-made start call cannot add one that is
 * missing, and always strings, since anything else makes the chat fail to start.
 *
 * @param visitorKey Proof of ownership for a later DescribeContact; `null` where nothing is kept of this visitor.
 * Source: Amazon Connect Administrator Guide, "Pass contact attributes to the chat widget".
 */
export function buildAttributes(
  continuation: Continuation,
  visitorKey: string | null,
  names: AttributeNames,
): Record<string, string> {
  const offer = continuation.continue === "none" ? null : continuation;
  return {
    [names.contact]: offer?.contactId ?? "none",
    contactIdFallback: offer?.fallback ?? "none",
    [CONTINUE_ATTRIBUTE]: continuation.continue,
    chatWaitSeconds: continuation.continue === "wait" ? String(continuation.waitSeconds) : "0",
    [names.visitor]: visitorKey ?? "none",
  };
}
