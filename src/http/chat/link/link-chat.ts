import { decideLink, decideToWait, type LinkEnd } from "../../../core/chat/link.ts";
import { type Session } from "../../../core/chat/visitor-record.ts";
import { LINK_GOES_ON_SECONDS, MAX_LINK_CALLS, REPORT_CONNECT_TIMEOUT_MS } from "../../../limits.ts";
import { createInquiry } from "./inquiry.ts";
import { type ChatServices } from "../services.ts";
import { type LinkProgress, takeLinkStep, toLinkState } from "./take-link-step.ts";

interface LinkRequest {
  /** The new chat. */
  readonly contactId: string;
  /** The visitor's sessions with the new chat among them, newest first. */
  readonly sessions: readonly Session[];
  readonly visitorKey: string;
  /** Whether the new chat may continue a past one; else Connect is only asked whose it is. */
  readonly mayLink: boolean;
  /** Whether an abandoned chat of this visitor may be ended. */
  readonly mayStop: boolean;
  /** Called before Connect is asked to link: by then it is known that the new chat is this visitor's. */
  readonly beforeLink: () => Promise<void>;
  readonly now: number;
}

/** What came of it. */
export interface LinkResult {
  /** The sessions, with all that was learnt. */
  readonly sessions: readonly Session[];
  readonly status: "linked" | "waiting" | "none";
  /** When the browser asks again; `null`: not at all. */
  readonly askAgainSeconds: number | null;
  /** Connect says that the new chat is another visitor's, no chat, or a later contact of a chat. */
  readonly isForeign: boolean;
}

/**
 * Links a new chat to the visitor's newest past session that is over, or says when to ask again.
 *
 * @returns `null` without the AWS settings, and for a chat that is not recorded.
 */
export async function linkChat(services: ChatServices, request: LinkRequest): Promise<LinkResult | null> {
  const { mayLink, mayStop, now, sessions, visitorKey } = request;
  const chat = sessions.find(({ contactId }) => contactId === request.contactId);
  const inquiry = createInquiry(services, { now, timeoutMs: REPORT_CONNECT_TIMEOUT_MS, visitorKey });
  if (inquiry === null || chat === undefined) return null;

  const rules = { now, readyAfterSeconds: services.config.readyAfterSeconds };
  let progress: LinkProgress = { chat, sessions, mayLink, mayStop, open: new Map(), end: null };
  for (;;) {
    const state = toLinkState(progress, rules);
    const step = progress.end ?? decideLink(state, rules);
    if (step.next === "wait" || step.next === "nothing") return toResult(services, chat, progress, step);
    if (inquiry.calls >= MAX_LINK_CALLS) {
      // Without a lasting answer, the next calls would be the same.
      const goesOn = progress.sessions !== sessions;
      const wait = { next: "wait", reason: "more-calls", seconds: LINK_GOES_ON_SECONDS } as const;
      return toResult(services, chat, progress, goesOn ? wait : decideToWait("more-calls", state, rules));
    }
    if (step.next === "link") await request.beforeLink();
    progress = await takeLinkStep(step, progress, inquiry, rules);
  }
}

function toResult({ log }: ChatServices, before: Session, { chat, sessions }: LinkProgress, end: LinkEnd): LinkResult {
  const { reason } = end;
  const isForeign = reason === "not-own";
  if (end.next === "wait") {
    log.info("link.waits", { reason, seconds: end.seconds });
    return { sessions, status: "waiting", askAgainSeconds: end.seconds, isForeign };
  }
  const isLinked = chat.linkedTo !== undefined;
  if (isLinked && before.linkedTo === undefined) log.info("chat.linked", { outcome: "linked" });
  if (!isLinked && reason !== "no-session") log.warn("chat.linked", { outcome: "not-linked", reason });
  return { sessions, status: isLinked ? "linked" : "none", askAgainSeconds: null, isForeign };
}
