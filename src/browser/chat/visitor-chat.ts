import { type ChatHandlers } from "../page/command-queue.ts";
import { config } from "../browser-config.ts";
import { createLiveChats, mayHaveLiveChat } from "./live-chat.ts";
import { persistedChat } from "./persisted-chat.ts";
import { createReportQueue, isForgetting } from "./report-queue.ts";
import { isInRollout } from "./rollout.ts";
import { clearAtPageStart, clearVisitor, noteTokenRequest, unlessSignedOut, watchForSignOut } from "./sign-out.ts";
import { createTabChat } from "./tab-chat.ts";
import { createTokenSource } from "./token-source.ts";
import { onDocument } from "../page/unclobbered.ts";

export interface VisitorChat {
  /** Whether this browser is in the share of ROLLOUT_PERCENT, or has a live chat already. */
  readonly isChosen: boolean;
  readonly handlers: ChatHandlers;
  readonly startFresh: () => void;
  readonly forget: () => Promise<boolean>;
  /** Sends the waiting reports, and follows this page's events. */
  readonly followPage: () => void;
  /** Puts this browser's live chat where the widget looks for it, then calls `goOn`. */
  readonly restore: (goOn: () => void) => void;
}

/** This visitor's chat, from token to report. */
export function createVisitorChat(): VisitorChat {
  clearAtPageStart();
  const reports = createReportQueue();
  const tabChat = createTabChat((event, chat) => {
    if (event === "started") tokens.chatStarted();
    reports.add(event, chat);
  });
  const live = createLiveChats(tabChat);
  const isChosen = isInRollout(config.rolloutPercent) || mayHaveLiveChat();
  const tokens = createTokenSource({
    isFresh: () => !isChosen || isForgetting(),
    tokenIssued: tabChat.tokenIssued,
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
        tabChat.tokenIssued(null, persistedChat.read());
      },
      contactSeen: unlessSignedOut(tabChat.contactSeen),
      connected: unlessSignedOut(live.connected),
      chatEnded: unlessSignedOut(() => {
        tabChat.chatEnded();
        live.ended();
      }),
    },
    startFresh: tokens.startFresh,
    forget() {
      clearVisitor();
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
        if (persistedChat.read() !== null) watchForSignOut();
        goOn();
      });
    },
  };
}
