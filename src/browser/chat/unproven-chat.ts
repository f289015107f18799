import { persistedChat } from "./persisted-chat.ts";
import { tabStorage } from "../page/storage.ts";
import { findWidgets, showsChat } from "../page/widget-element.ts";

const KEY = "persistent-chat:restored";
const CHECK_MS = 1000;
const CHECKS_UNTIL_DROPPED = 20;

export interface UnprovenChat {
  /** Watches a chat that this tab took over, until the chat connects or is dropped. */
  readonly watch: (persisted: string) => void;
  /** Goes on watching on the next page. */
  readonly rewatch: () => void;
  readonly connected: () => void;
}

/** Drops a chat that does not connect: the widget may try for ever, but the next click must start a new chat. */
export function createUnprovenChat(drop: () => void): UnprovenChat {
  let timer: ReturnType<typeof setInterval> | undefined;

  const connected = () => {
    clearInterval(timer);
    tabStorage.remove(KEY);
  };
  const watch = (persisted: string) => {
    tabStorage.set(KEY, persisted);
    let checks = 0;
    timer = setInterval(() => {
      const isTrying = findWidgets().some(showsChat) && navigator.onLine;
      if (isTrying) checks += 1;
      if (checks < CHECKS_UNTIL_DROPPED) return;
      connected();
      // Another value belongs to a new chat.
      if ((persistedChat.read() ?? persisted) === persisted) drop();
    }, CHECK_MS);
  };
  return {
    watch,
    rewatch() {
      const persisted = tabStorage.get(KEY);
      if (persisted !== null) watch(persisted);
    },
    connected,
  };
}
