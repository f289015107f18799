import { MAX_CONTACT_ID_CHARS } from "../../limits.ts";
import { config } from "../browser-config.ts";
import * as liveChat from "./live-chat.ts";
import * as persistedChat from "./persisted-chat.ts";
import * as reports from "./report-queue.ts";
import { isInRollout } from "./rollout.ts";
import { clearAtPageStart, clearVisitor, dropIfSignedOut, noteTokenRequest } from "./sign-out.ts";
import * as tabChat from "./tab-chat.ts";
import * as tokenSource from "./token-source.ts";
import { onDocument } from "../page/unclobbered.ts";

// This visitor's chat, from token to report.

let isChosen = false;

/** @returns Whether this browser gets the chat: it is in the share of ROLLOUT_PERCENT, or has a live chat already. */
export function beginPage(): boolean {
  clearAtPageStart();
  isChosen = isInRollout(config.rolloutPercent) || liveChat.mayHaveLiveChat();
  return isChosen;
}

/** @param ownerToken The site's own token, `null` where its snippet has no `authenticate`. */
export function requestToken(ownerToken: string | null): Promise<string> {
  noteTokenRequest();
  return tokenSource.request(ownerToken, isChosen && !reports.isForgetting());
}

/** The site refused a token: the next chat may be anybody's. */
export function tokenDeclined(): void {
  noteTokenRequest();
  tabChat.tokenIssued(null, persistedChat.read());
}

/** Whether the widget keeps a live chat in this tab. */
export function isChatKept(): boolean {
  return persistedChat.read() !== null;
}

export function contactSeen(contactId: unknown): void {
  // The Worker refuses a longer id.
  if (typeof contactId !== "string" || contactId === "" || contactId.length > MAX_CONTACT_ID_CHARS) return;
  if (dropIfSignedOut()) return;
  const started = tabChat.contactSeen(contactId);
  if (started === null) return;
  tokenSource.chatStarted();
  liveChat.started();
  reports.add("started", started);
}

/** @param isAnonymous Whether the site gives no token of its own, which would name a customer. */
export function connected(isAnonymous: boolean): void {
  if (!dropIfSignedOut()) liveChat.connected(isAnonymous);
}

export function chatEnded(): void {
  if (dropIfSignedOut()) return;
  const ended = tabChat.chatEnded();
  if (ended !== null) reports.add("ended", ended);
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
