import { persistedChat } from "./persisted-chat.ts";
import { tabStorage } from "../page/storage.ts";
import { findWidgets, showsChat } from "../page/widget-element.ts";

const KEY = "persistent-chat:restored";
const CHECK_MS = 1000;
const CHECKS_UNTIL_DROPPED = 20;

export interface UnprovenChat {
  /** Watches a chat that this tab took over until it connects, on this page and the next ones. */
  readonly watch: (persisted: string) => void;
  readonly rewatch: () => void;
  readonly connected: () => void;
}

/** A chat that is over may leave the widget trying for ever: it is dropped, so that the visitor's next click starts anew. */
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
      // Another value: a new chat is on its way.
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
