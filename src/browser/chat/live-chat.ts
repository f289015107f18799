import { config } from "../browser-config.ts";
import { persistedChat } from "./persisted-chat.ts";
import { clearAfterSignOut } from "./sign-out.ts";
import { type TabChat } from "./tab-chat.ts";
import { browserStorage, parseStored } from "../page/storage.ts";
import { askOtherTabs, createTabChannel, isLiveChat, type LiveChat } from "./tab-channel.ts";
import { createUnprovenChat } from "./unproven-chat.ts";
import { findWidget } from "../page/widget-element.ts";

/** Present while a tab may have a live chat; holds the chat where it may be resumed after all tabs are closed. */
const KEY = "persistent-chat:live";

interface ResumableChat extends LiveChat {
  /** Until when a new tab may take over the chat, in milliseconds of this browser's clock. */
  readonly until: number;
}

export interface LiveChats {
  /** Puts this browser's live chat where the widget looks for it, if this tab has none, then calls `goOn`. */
  readonly restore: (goOn: () => void) => void;
  /** @param isAnonymous Whether the site gives no token of its own, which would name a customer. */
  readonly connected: (isAnonymous: boolean) => void;
  /** Keeps this tab's live chat for other tabs and for later. */
  readonly keep: () => void;
  readonly ended: () => void;
  readonly pageHidden: () => void;
}

/** Whether this browser may have a live chat, in any tab. */
export function mayHaveLiveChat(): boolean {
  return persistedChat.read() !== null || browserStorage.get(KEY) !== null;
}

/** Lets tabs take over each other's live chat: the widget itself resumes a chat only in the tab where it began. */
export function createLiveChats(tabChat: TabChat): LiveChats {
  let isConnected = false;
  /** False for a customer of the site: somebody else may open this browser next. */
  let mayOutliveTabs = false;
  const readOwn = (): LiveChat | null => {
    clearAfterSignOut();
    const persisted = persistedChat.read();
    const own = tabChat.read();
    return persisted === null || own === null ? null : { persisted, session: own };
  };
  const channel = createTabChannel(readOwn);
  const unproven = createUnprovenChat(() => {
    persistedChat.remove();
    tabChat.replace(null);
    forget();
  });
  const forget = () => {
    browserStorage.remove(KEY);
    channel.close();
  };
  const keep = () => {
    const own = readOwn();
    if (own === null || !isConnected) return;
    channel.open();
    browserStorage.set(KEY, mayOutliveTabs ? JSON.stringify({ ...own, until: resumableUntil(own) }) : "");
  };
  const takeOver = ({ persisted, session }: LiveChat) => {
    persistedChat.write(persisted);
    tabChat.replace(session);
    unproven.watch(persisted);
    channel.open();
  };

  return {
    restore(goOn) {
      const kept = browserStorage.get(KEY);
      const chat: Partial<ResumableChat> | null = parseStored(kept);
      if (persistedChat.read() !== null) {
        unproven.rewatch();
        channel.open();
      } else if (isLiveChat(chat) && (chat.until ?? 0) > Date.now()) {
        takeOver(chat);
      } else if (kept !== null) {
        return askOtherTabs((found) => {
          if (found === null) browserStorage.remove(KEY);
          // The page's own widget, once drawn, no longer looks for a chat.
          else if (config.hasSnippet || findWidget() === null) takeOver(found);
          goOn();
        });
      }
      goOn();
    },
    connected(isAnonymous) {
      isConnected = true;
      mayOutliveTabs = isAnonymous && config.resumeMinutes > 0;
      unproven.connected();
      keep();
    },
    keep,
    ended() {
      isConnected = false;
      unproven.connected();
      forget();
    },
    pageHidden() {
      keep();
      channel.close();
    },
  };
}

/** RESUME_MINUTES from now, but never longer than a chat can live. */
function resumableUntil({ session }: LiveChat): number {
  const fromNow = Date.now() + config.resumeMinutes * 60_000;
  return Math.min(fromNow, session.since + config.chatMinutes * 60_000);
}
