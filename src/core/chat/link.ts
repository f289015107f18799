import {
  LINK_PAUSE_SECONDS,
  LINK_SECONDS,
  MAX_LINK_PAUSE_SECONDS,
  OPEN_COUNTS_SECONDS,
  OPEN_PAST_SECONDS,
  SETTLING_SECONDS,
  TRANSCRIPT_SECONDS,
} from "../../limits.ts";
import { type Session } from "./visitor-record.ts";

/** What is known when a chat is to be linked to a past one. */
export interface LinkState {
  readonly chat: Session;
  /** The visitor's own sessions from before this chat, newest first. */
  readonly past: readonly Session[];
  /** The open contact of each past session that Connect has just called open, by the session's contact id; `null` where Connect does not tell. */
  readonly open: ReadonlyMap<string, string | null>;
  /** Whether an abandoned chat may be ended: no device but this one can be in it, and no other tab has answered that it is. */
  readonly mayStop: boolean;
}

export interface LinkRules {
  readonly now: number;
  /** Seconds from a session's end until its transcript is ready. */
  readonly readyAfterSeconds: number;
}

/** A step that is a call of Connect. */
export type LinkCall =
  | { readonly next: "ask-owner" | "ask-end" | "link"; readonly contactId: string }
  | { readonly next: "stop"; readonly contactId: string; readonly openContactId: string };

/** A step after which the browser is answered: it asks again after some seconds, or not at all. `reason` is for logs and tests. */
export type LinkEnd =
  | { readonly next: "wait"; readonly reason: string; readonly seconds: number }
  | { readonly next: "nothing"; readonly reason: string };

/**
 * The sessions from before a chat.
 *
 * Of two that began in the same second, nothing tells which was first, so that their order may be wrong: one that is over
 * counts as before all the same.
 *
 * A chat that began before its customer signed in continues only chats of the same guest, as its token said.
 *
 * @param sessions The visitor's, newest first, with this chat among them.
 */
export function listPast(sessions: readonly Session[], { contactId, startedAt, takenFrom }: Session): Session[] {
  const place = sessions.findIndex((session) => session.contactId === contactId);
  const isOverAtOnce = (other: Session) => other.startedAt === startedAt && other.endedAt !== undefined;
  return sessions
    .filter((other, index) => index > place || (index < place && isOverAtOnce(other)))
    .filter((other) => takenFrom === undefined || other.takenFrom === takenFrom);
}

/**
 * Decides the next step on the way to a link: a chat continues the newest past session that is over, once.
 *
 * An open session is waited for at first: its end may just not be known yet. Later the session before takes its place,
 * since people who come back seldom have two chats at once, and a chat that is abandoned stays open for a day.
 *
 * Source: Amazon Connect Administrator Guide, "Enable persistent chat": only ended chats can be continued, and a chat
 *   continues one past session.
 */
export function decideLink({ chat, past, open, mayStop }: LinkState, rules: LinkRules): LinkCall | LinkEnd {
  const { now, readyAfterSeconds } = rules;
  if (chat.linkedTo !== undefined) return { next: "nothing", reason: "linked" };
  // Also where there is nothing to link: a chat of somebody else must not be recorded as this visitor's.
  if (chat.verifiedAt === undefined) return { next: "ask-owner", contactId: chat.contactId };
  const sources = past.filter(({ unlinkableAt }) => unlinkableAt === undefined);
  if (sources.length === 0) return { next: "nothing", reason: past.length === 0 ? "no-session" : "refused" };
  if (chat.endedAt !== undefined) return { next: "nothing", reason: "chat-over" };
  const ageSeconds = now - chat.startedAt;
  if (ageSeconds > LINK_SECONDS) return { next: "nothing", reason: "too-late" };
  for (const { contactId, endedAt, openAt = -Infinity, verifiedAt } of sources) {
    if (verifiedAt === undefined) return { next: "ask-owner", contactId };
    if (endedAt !== undefined) {
      // The clock of another machine may be ahead.
      const seconds = Math.min(endedAt + readyAfterSeconds - now, readyAfterSeconds);
      return seconds > 0 ? { next: "wait", reason: "not-ready", seconds } : { next: "link", contactId };
    }
    if (open.size > 0 && openAt > now - OPEN_COUNTS_SECONDS) continue;
    const openContactId = open.get(contactId);
    if (openContactId === undefined) return { next: "ask-end", contactId };
    if (mayStop && openContactId !== null && openContactId !== chat.contactId)
      return { next: "stop", contactId, openContactId };
    if (ageSeconds < OPEN_PAST_SECONDS) break;
  }
  return waitLonger("open", ageSeconds);
}

/**
 * Decides what Connect's refusal of a link means: the transcript is not ready yet, or will never be.
 *
 * @param source The past session.
 * @returns `never`: the session before takes its place.
 */
export function decideAfterRefusal(
  chat: Session,
  source: Session,
  { now, readyAfterSeconds }: LinkRules,
): LinkEnd | "never" {
  const ageSeconds = now - chat.startedAt;
  const isOld = (source.endedAt ?? now) + readyAfterSeconds + TRANSCRIPT_SECONDS < now;
  // Connect may also refuse because the new chat is too young.
  return isOld && ageSeconds > SETTLING_SECONDS ? "never" : waitLonger("refused", ageSeconds);
}

/**
 * When to ask again where Connect does not tell enough: the older the chat, the later, since Connect's quotas are those of a
 * whole instance. No more once the chat is over, or too old to be linked.
 */
export function decideToWait(reason: string, { chat, past }: LinkState, { now }: LinkRules): LinkEnd {
  const ageSeconds = now - chat.startedAt;
  if (past.length === 0) return { next: "nothing", reason: "no-session" };
  if (chat.endedAt !== undefined || ageSeconds > LINK_SECONDS) return { next: "nothing", reason: "too-late" };
  return waitLonger(reason, ageSeconds);
}

function waitLonger(reason: string, ageSeconds: number): LinkEnd {
  const seconds = Math.min(Math.max(LINK_PAUSE_SECONDS, Math.floor(ageSeconds / 2)), MAX_LINK_PAUSE_SECONDS);
  return { next: "wait", reason, seconds };
}
