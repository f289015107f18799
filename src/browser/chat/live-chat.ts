import { config } from "../browser-config.ts";
import * as persistedChat from "./persisted-chat.ts";
import { clearAfterSignOut, watchForSignOut } from "./sign-out.ts";
import * as tabChannel from "./tab-channel.ts";
import * as tabChat from "./tab-chat.ts";
import { browserStorage, parseStored } from "../page/storage.ts";
import { isLiveChat, type LiveChat } from "./tab-channel.ts";
import * as unproven from "./unproven-chat.ts";
import { findWidget } from "../page/widget-element.ts";

/** Present while a tab may have a live chat; holds the chat where it may be resumed after all tabs are closed. */
const KEY = "persistent-chat:live";

interface ResumableChat extends LiveChat {
  /** Until when a new tab may take over the chat, in milliseconds of this browser's clock. */
  readonly until: number;
}

/** Whether this browser may have a live chat, in any tab. */
export function mayHaveLiveChat(): boolean {
  return !!persistedChat.read() || browserStorage.get(KEY) !== null;
}

// Lets tabs take over each other's live chat: the widget itself resumes a chat only in the tab where it began.

let isConnected = false;
/** Whether a chat may go on after its tabs are closed: not a customer's, since somebody else may open this browser next. */
let mayOutliveTabs = config.resumeMinutes > 0;

/** Puts this browser's live chat where the widget looks for it, if this tab has none, then calls `goOn`. */
export async function restore(goOn: () => void): Promise<void> {
  const kept = browserStorage.get(KEY);
  const chat = parseStored<ResumableChat>(kept);
  if (!persistedChat.read()) {
    if (isLiveChat(chat) && (chat.until ?? 0) > Date.now()) takeOver(chat);
    else if (kept !== null) {
      const found = await tabChannel.askOtherTabs();
      if (!found) browserStorage.remove(KEY);
      // The page's own widget, once drawn, no longer looks for a chat.
      else if (config.hasSnippet || !findWidget()) takeOver(found);
    }
  }
  if (persistedChat.read()) {
    unproven.watch(drop);
    tabChannel.open(readOwn);
    watchForSignOut();
  }
  goOn();
}

/** Answers other tabs from the beginning of a chat: it may take long to connect. */
export function started(): void {
  tabChannel.open(readOwn);
}

/** Must be called when the site gives tokens of its own, which name customers. */
export function ownerNamesVisitors(): void {
  mayOutliveTabs = false;
}

export function connected(): void {
  isConnected = true;
  unproven.connected();
  keep();
}

/** Keeps this tab's live chat for other tabs and for later. */
export function keep(): void {
  const own = readOwn();
  if (!own || !isConnected) return;
  tabChannel.open(readOwn);
  // Never longer than a chat can live.
  const until = Math.min(Date.now() + config.resumeMinutes * 60_000, own.session.since + config.chatMinutes * 60_000);
  browserStorage.set(KEY, mayOutliveTabs ? JSON.stringify({ ...own, until }) : "");
}

export function ended(): void {
  isConnected = false;
  unproven.connected();
  forget();
}

export function pageHidden(): void {
  keep();
  tabChannel.close();
}

function readOwn(): LiveChat | null {
  clearAfterSignOut();
  const persisted = persistedChat.read();
  const own = tabChat.read();
  return persisted && own ? { persisted, session: own } : null;
}

function takeOver(chat: LiveChat): void {
  persistedChat.write(chat.persisted);
  tabChat.takenOver(chat.session);
  unproven.takenOver(chat.persisted);
}

function drop(): void {
  persistedChat.remove();
  tabChat.dropped();
  forget();
}

function forget(): void {
  browserStorage.remove(KEY);
  tabChannel.close();
}
