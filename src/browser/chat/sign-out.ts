import { SIGN_OUT_COOKIE } from "../../core/headers/cookies.ts";
import { findCookies, onCookieChange } from "../page/cookies.ts";
import { widgetMayBeAway } from "../outcome/follow-outcomes.ts";
import * as persistedChat from "./persisted-chat.ts";
import { FORGETTING_KEY } from "./report-queue.ts";
import { DRAW_KEY } from "./rollout.ts";
import { readAgreementMark } from "../page/consent.ts";
import { browserStorage, clearOwn, lastingStorage, tabStorage } from "../page/storage.ts";
import { findWidgets, removeElement, findFrame } from "../page/widget-element.ts";

/** Holds the mark of the last sign-out for which a storage was cleared. */
const CLEARED_KEY = "persistent-chat:left";
/** Holds the mark of the last sign-out before this tab asked for its newest token: that token's chat is that visitor's. */
const ASKED_KEY = "persistent-chat:asked";
/** Differs from every mark. */
const NO_MARK = "-";
/** These tell nothing of the visitor, and stay. */
const KEPT_KEYS = [DRAW_KEY, CLEARED_KEY, ASKED_KEY];

/** The mark of the sign-out for which this page was cleared. */
let seenMark = tabStorage.get(CLEARED_KEY);
let isWatching = false;
let signOutsHere = 0;

/** The random value that the last sign-out left in this browser; empty where there was none. */
function readMark(): string {
  return findCookies(SIGN_OUT_COOKIE)[0] ?? "";
}

/**
 * @returns A different text for the next visitor of this browser: after each sign-out, even before the Worker knows of it, and
 *   after each agreement that follows a refusal.
 */
export function readVisitor(): string {
  return `${signOutsHere} ${readMark()} ${readAgreementMark()}`;
}

/**
 * Clears what this browser kept of a visitor who has since signed out or been forgotten, in any tab or on any device.
 *
 * Must be called before any use of what is kept.
 */
export function clearAfterSignOut(): void {
  const mark = readMark();
  // No mark, or one that somebody has deleted, says nothing.
  if (mark === "") return;
  if (mark !== seenMark) {
    seenMark = mark;
    // A page that the browser has kept for going back still shows what a later page of its tab has cleared.
    clearTab(mark === tabStorage.get(CLEARED_KEY));
    tabStorage.set(CLEARED_KEY, mark);
  }
  if (mark !== browserStorage.get(CLEARED_KEY)) {
    browserStorage.set(CLEARED_KEY, mark);
    clearBrowser();
  }
}

/** The same when a page begins. A chat that the page before asked for can no longer start. */
export function clearAtPageStart(): void {
  clearAfterSignOut();
  if (dropChatFromBeforeSignOut()) tabStorage.remove(ASKED_KEY);
}

/** From now on clears at once after each sign-out: the next person must not see the chat on the screen. */
export function watchForSignOut(): void {
  clearAfterSignOut();
  if (isWatching) return;
  isWatching = true;
  onCookieChange(clearAfterSignOut);
}

/** Must be called when the current visitor asks for a token. */
export function noteTokenRequest(): void {
  watchForSignOut();
  tabStorage.set(ASKED_KEY, readMark());
}

/**
 * Must be called at each event of the widget.
 *
 * @returns Whether that chat's visitor has signed out, so that the event does not count.
 */
export function dropIfSignedOut(): boolean {
  watchForSignOut();
  return dropChatFromBeforeSignOut();
}

/** Clears what this browser keeps of the visitor. */
export function clearVisitor(): void {
  signOutsHere += 1;
  if (tabStorage.get(ASKED_KEY) !== null) tabStorage.set(ASKED_KEY, NO_MARK);
  clearTab();
  clearBrowser();
}

/** Clears what was kept with consent. The wish to be forgotten stays, and so does the mark of the sign-out it was cleared for. */
export function clearConsented(): void {
  clearOwn(lastingStorage, [FORGETTING_KEY, CLEARED_KEY]);
}

/** The same; the chat on the screen goes on, but nothing more is known of it. */
export function clearAfterRefusal(): void {
  clearConsented();
  clearOwn(tabStorage, KEPT_KEYS);
}

/**
 * Clears a chat that was asked for before a sign-out and started after it: its history is the earlier visitor's.
 *
 * @returns Whether there was one.
 */
function dropChatFromBeforeSignOut(): boolean {
  const asked = tabStorage.get(ASKED_KEY);
  const isFromBefore = asked !== null && asked !== readMark();
  if (isFromBefore) clearTab();
  return isFromBefore;
}

/** @param isCleared The tab keeps nothing of that visitor any more: what it keeps is the next one's. */
function clearTab(isCleared?: boolean): void {
  const hadChat = !isCleared && persistedChat.read();
  if (!isCleared) {
    clearOwn(tabStorage, KEPT_KEYS);
    persistedChat.remove();
  }
  const widgets = findWidgets();
  // The next person must not see that chat, or write in it. A chat that is being opened on a page that has shown none
  // before is the next person's own.
  if (hadChat || (isWatching && widgets.some(findFrame))) {
    widgets.forEach(removeElement);
    widgetMayBeAway();
  }
}

function clearBrowser(): void {
  clearOwn(browserStorage, KEPT_KEYS);
  // This wish is kept even without consent, and would forget the next visitor.
  lastingStorage.remove(FORGETTING_KEY);
}
