import { LEFT_COOKIE, readCookies } from "../core/cookie-header.ts";
import { onCookieChange, readPageCookies } from "./cookies.ts";
import { persistedChat } from "./persisted-chat.ts";
import { DRAW_KEY } from "./rollout.ts";
import { browserStorage, clearOwn, tabStorage } from "./storage.ts";
import { findWidgets, showsChat } from "./widget-element.ts";

const LEFT_KEY = "persistent-chat:left";
/** They tell nothing of the visitor. */
const STAYING_KEYS = [DRAW_KEY, LEFT_KEY];

const KEPT = [
  [tabStorage, clearTab],
  [browserStorage, clearBrowser],
] as const;

/**
 * Clears what this browser kept of a visitor who has signed out or was forgotten since, by whatever tab or device.
 *
 * To be called wherever something kept is about to be used.
 */
export function noticeDeparture(): void {
  const [left] = readCookies(readPageCookies(), LEFT_COOKIE);
  if (left === undefined) return;
  for (const [storage, clear] of KEPT) {
    if (storage.get(LEFT_KEY) === left) continue;
    clear();
    storage.set(LEFT_KEY, left);
  }
}

let isWatching = false;

/** Notices a departure at once from now on: a chat on the screen is not for whoever comes next. */
export function watchForDeparture(): void {
  noticeDeparture();
  if (isWatching) return;
  isWatching = true;
  onCookieChange(noticeDeparture);
}

/** Clears what this browser keeps of the visitor. */
export function leave(): void {
  for (const [, clear] of KEPT) clear();
}

function clearTab(): void {
  clearOwn(tabStorage, STAYING_KEYS);
  const widgets = findWidgets();
  // A chat that is just being opened, on a page that has shown none before, is not that visitor's.
  const isShown = persistedChat.read() !== null || (isWatching && widgets.some(showsChat));
  persistedChat.remove();
  // The next person at this screen is not to see that chat, or write in it.
  if (isShown) for (const widget of widgets) widget.remove();
}

function clearBrowser(): void {
  clearOwn(browserStorage, STAYING_KEYS);
}
