import { persistedChat } from "./persisted-chat.ts";
import { parseStored, tabStorage } from "../page/storage.ts";

const KEY = "persistent-chat:session";

/** A chat, named by the first contact id that Connect gave it. */
export interface StartedChat {
  readonly contactId: string;
  readonly ticket: string;
  /** When this browser first saw the chat, in milliseconds of its clock. */
  readonly since: number;
}

interface TabState {
  readonly session?: StartedChat;
  /** The newest token, until a contact id follows it. */
  readonly pending?: {
    readonly ticket: string;
    /** The live chat that the widget knew when it asked for the token. */
    readonly live: string | null;
  };
}

export interface TabChat {
  /** @returns `null` when this tab has no chat that we know. */
  readonly read: () => StartedChat | null;
  /** @param chat The chat of another tab, which goes on in this one; `null` when it turned out to be over. */
  readonly replace: (chat: StartedChat | null) => void;
  /** @param ticket `null` when there is no token, or nothing may be kept. */
  readonly tokenIssued: (ticket: string | null, live: string | null) => void;
  readonly contactSeen: (contactId: string) => void;
  readonly chatEnded: () => void;
}

/**
 * Follows which chat this tab has, from page to page.
 *
 * Transfers and surveys give the same chat more contact ids; a later chat can continue only from the first.
 */
export function createTabChat(report: (event: "started" | "ended", chat: StartedChat) => void): TabChat {
  return {
    read: () => read().session ?? null,
    replace(session) {
      const { pending } = read();
      write({ ...(session !== null && { session }), ...(pending !== undefined && { pending }) });
    },
    tokenIssued(ticket, live) {
      const { session } = read();
      write({
        // Without a live chat to resume, the token is for a new chat, even if this tab never saw the last chat end.
        ...(session !== undefined && live !== null && { session }),
        ...(ticket !== null && { pending: { ticket, live } }),
      });
    },
    contactSeen(contactId) {
      const { session, pending } = read();
      if (pending === undefined || session?.contactId === contactId) return;
      const isResumed = session !== undefined && pending.live !== null && pending.live === persistedChat.read();
      if (isResumed) return;
      const started = { contactId, ticket: pending.ticket, since: Date.now() };
      write({ session: started });
      report("started", started);
    },
    chatEnded() {
      const { session } = read();
      write({});
      if (session !== undefined) report("ended", session);
    },
  };
}

function read(): TabState {
  return parseStored<TabState>(tabStorage.get(KEY)) ?? {};
}

function write(state: TabState): void {
  tabStorage.set(KEY, JSON.stringify(state));
}
