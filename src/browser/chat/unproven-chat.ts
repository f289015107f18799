import * as persistedChat from "./persisted-chat.ts";
import { tabStorage } from "../page/storage.ts";
import { findWidgets, findFrame } from "../page/widget-element.ts";

const KEY = "persistent-chat:restored";
const CHECK_MS = 1000;
const CHECKS_UNTIL_DROPPED = 20;

let timer: ReturnType<typeof setInterval> | undefined;

/** Must be called when this tab takes over a chat. */
export function takenOver(persisted: string): void {
  tabStorage.set(KEY, persisted);
}

/**
 * Watches a chat that this tab took over, on this page or an earlier one, until the chat connects or is dropped: the widget
 * may try for ever, but the next click must start a new chat.
 */
export function watch(drop: () => void): void {
  const persisted = tabStorage.get(KEY);
  if (!persisted) return;
  let checks = 0;
  timer = setInterval(() => {
    const isTrying = findWidgets().some(findFrame) && navigator.onLine;
    if (isTrying) checks += 1;
    if (checks < CHECKS_UNTIL_DROPPED) return;
    connected();
    // Another value belongs to a new chat.
    if ((persistedChat.read() ?? persisted) === persisted) drop();
  }, CHECK_MS);
}

export function connected(): void {
  clearInterval(timer);
  tabStorage.remove(KEY);
}
