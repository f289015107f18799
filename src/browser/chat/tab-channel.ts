import { type Session } from "./chat-session.ts";

const NAME = "persistent-chat";
const QUESTION = "which chat is live?";
const ANSWER_MS = 100;

/** All that another tab needs to go on with a chat. */
export interface LiveChat {
  /** What the widget keeps of it. */
  readonly persisted: string;
  readonly session: Session;
}

export interface TabChannel {
  readonly open: () => void;
  /** An open channel keeps a page from being shown again at once when the visitor comes back to it. */
  readonly close: () => void;
}

/** Answers other tabs while it is open. */
export function createTabChannel(readOwn: () => LiveChat | null): TabChannel {
  let channel: BroadcastChannel | null = null;
  const answer = ({ data }: MessageEvent<unknown>) => {
    const own = data === QUESTION ? readOwn() : null;
    if (own !== null) channel?.postMessage(own);
  };
  return {
    open() {
      channel ??= connect(answer);
    },
    close() {
      channel?.close();
      channel = null;
    },
  };
}

/** Asks the other tabs of this browser for their live chat: `null` when none has answered in time. */
export function askOtherTabs(then: (chat: LiveChat | null) => void): void {
  const finish = (chat: LiveChat | null) => {
    clearTimeout(patience);
    channel?.close();
    then(chat);
  };
  const channel = connect(({ data }) => {
    if (isLiveChat(data)) finish(data);
  });
  const patience = setTimeout(finish, ANSWER_MS, null);
  channel?.postMessage(QUESTION);
}

export function isLiveChat(value: unknown): value is LiveChat {
  const { persisted, session }: Partial<LiveChat> = Object(value);
  return typeof persisted === "string" && typeof session?.contactId === "string";
}

/** @returns `null` in a browser without such channels, such as Safari before 15.4. */
function connect(onMessage: (event: MessageEvent<unknown>) => void): BroadcastChannel | null {
  try {
    const channel = new BroadcastChannel(NAME);
    channel.addEventListener("message", onMessage);
    return channel;
  } catch {
    return null;
  }
}
