import { sha256Hex } from "../../../adapters/web-crypto.ts";
import {
  decideAfterRefusal,
  decideToWait,
  type LinkCall,
  type LinkEnd,
  type LinkRules,
  type LinkState,
  listPast,
} from "../../../core/chat/link.ts";
import { listOwn, markSession, type SessionMark, toOwnerMark } from "../../../core/chat/ownership.ts";
import { type Session } from "../../../core/chat/visitor-record.ts";
import { MAX_LINK_CALLS, OPEN_PAST_SECONDS } from "../../../limits.ts";
import { type Inquiry } from "./inquiry.ts";

/** What is known of a new chat and its visitor between two calls of Connect. */
export interface LinkProgress extends Omit<LinkState, "past"> {
  /** All of the visitor's sessions, newest first, the new chat among them. */
  readonly sessions: readonly Session[];
  /** Whether the new chat may continue a past one. */
  readonly mayLink: boolean;
  /** Set where an answer leaves nothing more to decide for now. */
  readonly end: LinkEnd | null;
}

export function toLinkState({ mayLink, sessions, ...known }: LinkProgress, { now }: LinkRules): LinkState {
  return { ...known, past: mayLink ? listOwn(listPast(sessions, known.chat), now) : [] };
}

/** Makes the call of one step, and adds what Connect says to what is known. */
export async function takeLinkStep(
  step: LinkCall,
  progress: LinkProgress,
  inquiry: Inquiry,
  rules: LinkRules,
): Promise<LinkProgress> {
  switch (step.next) {
    case "ask-owner": {
      const ask = step.contactId === progress.chat.contactId ? askWhoseTheChatIs : askWhoseAPastOneIs;
      return ask(step.contactId, progress, inquiry, rules);
    }
    case "ask-end": {
      const end = await inquiry.askEnd(step.contactId);
      if (end.state === "ended") return note(progress, step.contactId, { endedAt: end.endedAt });
      if (end.state === "open")
        return noteOpen(noteBesideOpen(progress, step.contactId, rules), step.contactId, end.openContactId);
      // One session of which Connect does not tell must not keep the chat from the session before for long.
      const isOld = rules.now - progress.chat.startedAt >= OPEN_PAST_SECONDS;
      return isOld ? noteOpen(progress, step.contactId, null) : waitFor("end-unknown", progress, rules);
    }
    case "stop": {
      const isStopped = await inquiry.stop(step.openContactId);
      return isStopped ? note(progress, step.contactId, { endedAt: rules.now }) : { ...progress, mayStop: false };
    }
    case "link":
      return link(step.contactId, progress, inquiry, rules);
  }
}

async function askWhoseTheChatIs(
  contactId: string,
  progress: LinkProgress,
  inquiry: Inquiry,
  rules: LinkRules,
): Promise<LinkProgress> {
  const { continuedFrom, isFirst, ownership } = await inquiry.askOwner(progress.chat);
  // A contact that a transfer has made is no new chat, but maybe the one that the visitor is in.
  switch (isFirst ? ownership : "refuted") {
    case "confirmed": {
      // After a lost answer, or a call from another location of KV, the chat is linked already.
      const isLinked = progress.mayLink && continuedFrom !== null;
      return note(progress, contactId, { verifiedAt: rules.now, ...(isLinked && { linkedTo: continuedFrom }) });
    }
    case "refuted":
      return finish(note(progress, contactId, { refutedAt: rules.now }), { next: "nothing", reason: "not-own" });
    // Some of Amazon's servers may not know a chat that has just begun.
    case "unnamed":
    case "unknown":
      return waitFor("owner-unknown", progress, rules);
  }
}

async function askWhoseAPastOneIs(
  contactId: string,
  progress: LinkProgress,
  inquiry: Inquiry,
  rules: LinkRules,
): Promise<LinkProgress> {
  const session = progress.sessions.find((past) => past.contactId === contactId) ?? progress.chat;
  const { isOpen, ownership } = await inquiry.askOwner(session);
  const mark = toOwnerMark(ownership, session, rules.now);
  if (mark === null) return waitFor("owner-unknown", progress, rules);
  const marked = note(progress, contactId, mark);
  return ownership === "confirmed" && isOpen ? noteOpen(marked, contactId, contactId) : marked;
}

async function link(
  sourceContactId: string,
  progress: LinkProgress,
  inquiry: Inquiry,
  rules: LinkRules,
): Promise<LinkProgress> {
  const { chat } = progress;
  // One token for the chat, whatever the source: a second call never has a second effect.
  const clientToken = await sha256Hex(`link ${chat.contactId}`);
  const answer = await inquiry.link(chat.contactId, sourceContactId, clientToken);
  if (answer === "silent") return waitFor("no-answer", progress, rules);
  if (answer !== "refused") return note(progress, chat.contactId, { linkedTo: answer.from });

  // What Connect has told of the chat is from before the link.
  if (chat.verifiedAt === rules.now || inquiry.calls >= MAX_LINK_CALLS) return waitFor("refused", progress, rules);
  const { continuedFrom, isOpen } = await inquiry.askOwner(chat);
  if (continuedFrom !== null) return note(progress, chat.contactId, { linkedTo: continuedFrom });
  return isOpen
    ? giveUpOrWait(sourceContactId, progress, rules)
    : giveUpUnlessOver(sourceContactId, progress, inquiry, rules);
}

/** The chat was transferred, or it is over: then the refusal says nothing of the past session. */
async function giveUpUnlessOver(
  sourceContactId: string,
  progress: LinkProgress,
  inquiry: Inquiry,
  rules: LinkRules,
): Promise<LinkProgress> {
  const { contactId } = progress.chat;
  if (inquiry.calls >= MAX_LINK_CALLS) return waitFor("refused", progress, rules);
  const end = await inquiry.askEnd(contactId);
  if (end.state === "ended") return note(progress, contactId, { endedAt: end.endedAt });
  return end.state === "open" ? giveUpOrWait(sourceContactId, progress, rules) : waitFor("refused", progress, rules);
}

function giveUpOrWait(sourceContactId: string, progress: LinkProgress, rules: LinkRules): LinkProgress {
  const source = progress.sessions.find(({ contactId }) => contactId === sourceContactId) ?? progress.chat;
  const meaning = decideAfterRefusal(progress.chat, source, rules);
  return meaning === "never" ? note(progress, sourceContactId, { unlinkableAt: rules.now }) : finish(progress, meaning);
}

function waitFor(reason: string, progress: LinkProgress, rules: LinkRules): LinkProgress {
  return finish(progress, decideToWait(reason, toLinkState(progress, rules), rules));
}

function finish(progress: LinkProgress, end: LinkEnd): LinkProgress {
  return { ...progress, end };
}

function note(progress: LinkProgress, contactId: string, mark: SessionMark): LinkProgress {
  const [chat = progress.chat] = markSession([progress.chat], contactId, mark);
  return { ...progress, chat, sessions: markSession(progress.sessions, contactId, mark) };
}

/** Not for the newest open session: each report asks about that one. */
function noteBesideOpen(progress: LinkProgress, contactId: string, { now }: LinkRules): LinkProgress {
  return progress.open.size === 0 ? progress : note(progress, contactId, { openAt: now });
}

function noteOpen(progress: LinkProgress, contactId: string, openContactId: string | null): LinkProgress {
  return { ...progress, open: new Map(progress.open).set(contactId, openContactId) };
}
