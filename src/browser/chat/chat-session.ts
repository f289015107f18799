import { persistedChat } from "./persisted-chat.ts";
import { parseStored, tabStorage } from "../page/storage.ts";

const KEY = "persistent-chat:session";

/** A chat, named by the first contact id that Connect gave it. */
export interface Session {
  readonly contactId: string;
  readonly ticket: string;
  /** When it was first seen, in milliseconds of this browser's clock. */
  readonly since: number;
}

interface TabState {
  readonly session?: Session;
  /** The ticket of a token that no contact id has answered to yet. */
  readonly pending?: {
    readonly ticket: string;
    /** The live chat that the widget knew when it asked for the token. */
    readonly live: string | null;
  };
}

export interface ChatSession {
  /** @returns `null` when this tab is in no chat that we know. */
  readonly read: () => Session | null;
  /** Another tab's chat goes on in this one; `null` when it turned out to be over. */
  readonly replace: (session: Session | null) => void;
  /** @param ticket `null` when there is no token, or nothing may be kept. */
  readonly tokenIssued: (ticket: string | null, live: string | null) => void;
  readonly contactSeen: (contactId: string) => void;
  readonly chatEnded: () => void;
}

/**
 * Follows which chat this tab is in, across its pages.
 *
 * Transfers and surveys give later contact ids to the same chat; only its first one can be continued from.
 */
export function createChatSession(report: (event: "started" | "ended", session: Session) => void): ChatSession {
  return {
    read: () => read().session ?? null,
    replace(session) {
      const { pending } = read();
      write({ ...(session !== null && { session }), ...(pending !== undefined && { pending }) });
    },
    tokenIssued(ticket, live) {
      const { session } = read();
      write({
        // Without a live chat to resume, the token is for a new one, whatever became of the last.
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
