import { type ChatSession } from "./chat-session.ts";
import { config } from "../browser-config.ts";
import { noticeDeparture } from "./sign-out.ts";
import { persistedChat } from "./persisted-chat.ts";
import { browserStorage, parseStored } from "../page/storage.ts";
import { askOtherTabs, createTabChannel, isLiveChat, type LiveChat } from "./tab-channel.ts";
import { createUnprovenChat } from "./unproven-chat.ts";
import { findWidget } from "../page/widget-element.ts";

/** Says that a tab may have a live chat; holds what it takes to resume it where that may outlive the tabs. */
const KEY = "persistent-chat:live";

interface KeptChat extends LiveChat {
  /** Until when a new tab may take it over, in milliseconds of this browser's clock. */
  readonly until: number;
}

export interface LiveChats {
  /** Puts this browser's live chat where the widget looks for it, if this tab has none, and goes on. */
  readonly restore: (goOn: () => void) => void;
  /** @param isAnonymous Whether the site leaves it to us who its visitors are. */
  readonly connected: (isAnonymous: boolean) => void;
  /** Notes what this tab has, for other tabs and for later. */
  readonly keep: () => void;
  readonly ended: () => void;
  readonly pageHidden: () => void;
}

/** Whether this browser may have a live chat, in whatever tab. */
export function mayHaveLiveChat(): boolean {
  return persistedChat.read() !== null || browserStorage.get(KEY) !== null;
}

/** Lets tabs take over each other's live chat: the widget itself knows it only in the tab where it began. */
export function createLiveChats(session: ChatSession): LiveChats {
  let isConnected = false;
  /** A customer of the site would come back to a browser that meanwhile may be another's. */
  let mayOutliveTabs = false;
  const readOwn = (): LiveChat | null => {
    noticeDeparture();
    const persisted = persistedChat.read();
    const own = session.read();
    return persisted === null || own === null ? null : { persisted, session: own };
  };
  const channel = createTabChannel(readOwn);
  const unproven = createUnprovenChat(() => {
    persistedChat.remove();
    session.replace(null);
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
  const takeOver = ({ persisted, session: taken }: LiveChat) => {
    persistedChat.write(persisted);
    session.replace(taken);
    unproven.watch(persisted);
    channel.open();
  };

  return {
    restore(goOn) {
      const kept = browserStorage.get(KEY);
      const chat: Partial<KeptChat> | null = parseStored(kept);
      if (persistedChat.read() !== null) {
        unproven.rewatch();
        channel.open();
      } else if (isLiveChat(chat) && isStillKept(chat)) {
        takeOver(chat);
      } else if (kept !== null) {
        return askOtherTabs((found) => {
          if (found === null) browserStorage.remove(KEY);
          // The page's own widget, where it is there already, has looked.
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

function isStillKept({ until = 0 }: Partial<KeptChat>): boolean {
  return until > Date.now();
}

/** Counted from the last page that this browser saw, and never longer than a chat can live. */
function resumableUntil({ session }: LiveChat): number {
  const fromNow = Date.now() + config.resumeMinutes * 60_000;
  return Math.min(fromNow, session.since + config.chatMinutes * 60_000);
}
