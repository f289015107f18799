import { LEFT_COOKIE, readCookies } from "../../core/headers/cookies.ts";
import { onCookieChange, readPageCookies } from "../page/cookies.ts";
import { persistedChat } from "./persisted-chat.ts";
import { FORGETTING_KEY } from "./report-queue.ts";
import { DRAW_KEY } from "./rollout.ts";
import { browserStorage, clearOwn, lastingStorage, tabStorage } from "../page/storage.ts";
import { findWidgets, removeElement, showsChat } from "../page/widget-element.ts";

const LEFT_KEY = "persistent-chat:left";
/** After which departure this tab's newest token was asked for: a chat that starts with it later is that visitor's. */
const ASKED_KEY = "persistent-chat:asked";
/** Comes after no departure. */
const NOBODY = "-";
/** They tell nothing of the visitor. */
const STAYING_KEYS = [DRAW_KEY, LEFT_KEY, ASKED_KEY];

const KEPT = [
  [tabStorage, clearTab],
  [browserStorage, clearBrowser],
] as const;

let isWatching = false;
let leavings = 0;

/** Names the last departure that this browser has behind it; empty where there is none. */
function readMark(): string {
  return readCookies(readPageCookies(), LEFT_COOKIE)[0] ?? "";
}

/** Changes with every departure, also with one that the Worker does not know of yet. */
export function readDeparture(): string {
  return `${leavings} ${readMark()}`;
}

/**
 * Clears what this browser kept of a visitor who has signed out or was forgotten since, by whatever tab or device.
 *
 * To be called wherever something kept is about to be used.
 */
export function noticeDeparture(): void {
  const left = readMark();
  if (left === "") return;
  for (const [storage, clear] of KEPT) {
    if (storage.get(LEFT_KEY) === left) continue;
    storage.set(LEFT_KEY, left);
    clear();
  }
}

/** Notices a departure at once from now on: a chat on the screen is not for whoever comes next. */
export function watchForDeparture(): void {
  noticeDeparture();
  if (isWatching) return;
  isWatching = true;
  onCookieChange(noticeDeparture);
}

/** Whoever is here now asks for a token. */
export function noteTokenRequest(): void {
  watchForDeparture();
  tabStorage.set(ASKED_KEY, readMark());
}

/**
 * Clears a chat that was asked for before a departure and has started after it: it has that visitor's history.
 *
 * @returns Whether there was one.
 */
export function dropChatOfDeparted(): boolean {
  const asked = tabStorage.get(ASKED_KEY);
  const isDeparted = asked !== null && asked !== readMark();
  if (isDeparted) clearTab();
  return isDeparted;
}

/** The same when a page begins: no chat of the page before can start any more. */
export function dropKeptChatOfDeparted(): void {
  if (dropChatOfDeparted()) tabStorage.remove(ASKED_KEY);
}

/** Clears what this browser keeps of the visitor. */
export function leave(): void {
  leavings += 1;
  if (tabStorage.get(ASKED_KEY) !== null) tabStorage.set(ASKED_KEY, NOBODY);
  for (const [, clear] of KEPT) clear();
}

function clearTab(): void {
  clearOwn(tabStorage, STAYING_KEYS);
  const hadChat = persistedChat.read() !== null;
  persistedChat.remove();
  const widgets = findWidgets();
  // The next person at this screen is not to see that chat, or write in it. One that is just being opened, on a page that
  // has shown none before, is not that visitor's.
  if (hadChat || (isWatching && widgets.some(showsChat))) widgets.forEach(removeElement);
}

function clearBrowser(): void {
  clearOwn(browserStorage, STAYING_KEYS);
  // Kept also without consent; it would be the next visitor's.
  lastingStorage.remove(FORGETTING_KEY);
}
