import { createChatSession } from "./chat-session.ts";
import { type ChatHandlers } from "../page/command-queue.ts";
import { config } from "../browser-config.ts";
import {
  dropChatOfDeparted,
  dropKeptChatOfDeparted,
  leave,
  noteTokenRequest,
  noticeDeparture,
  watchForDeparture,
} from "./sign-out.ts";
import { createLiveChats, mayHaveLiveChat } from "./live-chat.ts";
import { persistedChat } from "./persisted-chat.ts";
import { createReportQueue } from "./report-queue.ts";
import { isInRollout } from "./rollout.ts";
import { createTokenSource } from "./token-source.ts";
import { onDocument } from "../page/unclobbered.ts";

export interface VisitorChat {
  /** Whether this browser gets the chat, as far as the owner's share decides. */
  readonly isChosen: boolean;
  readonly handlers: ChatHandlers;
  readonly startFresh: () => void;
  readonly forget: () => Promise<boolean>;
  /** Sends what waited for a page, and goes along with this one. */
  readonly followPage: () => void;
  /** Puts this browser's live chat where the widget looks for it, and goes on. */
  readonly restore: (goOn: () => void) => void;
}

/** This visitor's chat, from token to report. */
export function createVisitorChat(): VisitorChat {
  noticeDeparture();
  dropKeptChatOfDeparted();
  const reports = createReportQueue();
  const session = createChatSession(reports.add);
  const live = createLiveChats(session);
  const isChosen = isInRollout(config.rolloutPercent) || mayHaveLiveChat();
  const tokens = createTokenSource({
    isFresh: () => !isChosen || reports.isForgetting(),
    tokenIssued: session.tokenIssued,
  });
  return {
    isChosen,
    handlers: {
      requestToken(ownerToken) {
        noteTokenRequest();
        return tokens.request(ownerToken);
      },
      tokenDeclined() {
        noteTokenRequest();
        session.tokenIssued(null, persistedChat.read());
      },
      contactSeen: ofWhoeverIsHere(session.contactSeen),
      connected: ofWhoeverIsHere(live.connected),
      chatEnded: ofWhoeverIsHere(() => {
        session.chatEnded();
        live.ended();
      }),
    },
    startFresh: tokens.startFresh,
    forget() {
      leave();
      return reports.forget();
    },
    followPage() {
      reports.flush();
      addEventListener("online", reports.flush);
      addEventListener("pageshow", () => {
        live.keep();
        reports.flush();
      });
      addEventListener("pagehide", live.pageHidden);
      onDocument("visibilitychange", live.keep);
    },
    restore(goOn) {
      live.restore(() => {
        if (persistedChat.read() !== null) watchForDeparture();
        goOn();
      });
    },
  };
}

/** Passes an event of the widget on, if it is not of a chat whose visitor has left. */
function ofWhoeverIsHere<Args extends readonly unknown[]>(handle: (...args: Args) => void): (...args: Args) => void {
  return (...args) => {
    watchForDeparture();
    if (!dropChatOfDeparted()) handle(...args);
  };
}
