import { MAX_CONTACT_ID_CHARS } from "../../limits.ts";
import * as liveChat from "./live-chat.ts";
import * as persistedChat from "./persisted-chat.ts";
import * as reports from "./report-queue.ts";
import { isInRollout } from "./rollout.ts";
import { clearAtPageStart, clearVisitor, dropIfSignedOut, noteTokenRequest } from "./sign-out.ts";
import * as tabChat from "./tab-chat.ts";
import * as tokenSource from "./token-source.ts";
import { connectionBack } from "../outcome/connection.ts";
import { stopHistoryWatch, watchHistory } from "../outcome/history-watch.ts";
import { note, outcomes } from "../outcome/outcomes.ts";
import { onDocument } from "../page/unclobbered.ts";

// This visitor's chat, from token to report.

let isChosen = false;

/** @returns Whether this browser gets the chat: it is in the share of ROLLOUT_PERCENT, or has a live chat already. */
export function beginPage(): boolean {
  clearAtPageStart();
  isChosen = isInRollout() || liveChat.mayHaveLiveChat();
  return isChosen;
}

/**
 * @param ownerToken The site's own token, `null` where its snippet has no `authenticate`.
 * @param callback Gets the Worker's token.
 */
export function requestToken(ownerToken: string | null, callback: (token: string) => void): void {
  noteTokenRequest();
  // A chat that goes on was opened before.
  if (!isChatKept()) note("opened");
  void tokenSource.request(ownerToken, isChosen && !reports.isForgetting()).then(callback);
}

/** The site refused a token: the next chat may be anybody's. */
export function tokenDeclined(): void {
  noteTokenRequest();
  tabChat.tokenIssued(null, persistedChat.read());
}

/** Whether the widget keeps a live chat in this tab. */
export function isChatKept(): boolean {
  return !!persistedChat.read();
}

export function contactSeen(contactId: unknown): void {
  // The Worker refuses a longer id.
  if (typeof contactId !== "string" || !contactId || contactId.length > MAX_CONTACT_ID_CHARS) return;
  if (dropIfSignedOut()) return;
  const started = tabChat.contactSeen(contactId);
  if (!started) return;
  tokenSource.chatStarted();
  liveChat.started();
  note("started");
  reports.add("started", started);
}

export function connected(): void {
  if (dropIfSignedOut()) return;
  liveChat.connected();
  connectionBack();
  // On the next pages the same chat only goes on.
  if (!outcomes.started) return;
  note("connected");
  watchHistory();
}

export function chatEnded(): void {
  stopHistoryWatch();
  if (dropIfSignedOut()) return;
  const ended = tabChat.read();
  tabChat.chatEnded();
  if (ended) reports.add("ended", ended);
  liveChat.ended();
}

/** @returns Whether the Worker has forgotten this visitor. */
export function forget(): Promise<boolean> {
  clearVisitor();
  return reports.forget();
}

/** Sends the waiting reports, and follows this page's events. */
export function followPage(): void {
  reports.flush();
  addEventListener("online", reports.flush);
  addEventListener("pageshow", liveChat.keep);
  addEventListener("pageshow", reports.flush);
  addEventListener("pagehide", liveChat.pageHidden);
  onDocument("visibilitychange", liveChat.keep);
}
