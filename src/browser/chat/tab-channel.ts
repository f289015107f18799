import { type StartedChat } from "./tab-chat.ts";

const NAME = "persistent-chat";
const QUESTION = "which chat is live?";
const ANSWER_MS = 100;

/** All that another tab needs to go on with a chat. */
export interface LiveChat {
  /** What the widget keeps of the chat. */
  readonly persisted: string;
  readonly session: StartedChat;
}

let channel: BroadcastChannel | null = null;

/** Answers other tabs with this tab's live chat, until the channel is closed. */
export function open(readOwn: () => LiveChat | null): void {
  channel ??= connect(({ data }) => {
    const own = data === QUESTION ? readOwn() : null;
    if (own !== null) channel?.postMessage(own);
  });
}

/** The browser keeps no page with an open channel for going back. */
export function close(): void {
  channel?.close();
  channel = null;
}

/**
 * Whether no other tab of this browser answers that it has a live chat but this one.
 *
 * @returns `false` also in a browser whose tabs cannot be asked.
 */
export function isAlone(contactId: string | undefined): Promise<boolean> {
  return new Promise((resolve) => {
    const canAsk = askOtherTabs((other) => resolve(other === null), contactId);
    if (!canAsk) resolve(false);
  });
}

/**
 * Asks the other tabs of this browser for their live chat; `then` gets `null` when none answers in time.
 *
 * @param except The first contact id of a chat that does not count.
 * @returns Whether they can be asked.
 */
export function askOtherTabs(then: (chat: LiveChat | null) => void, except?: string): boolean {
  const finish = (chat: LiveChat | null) => {
    clearTimeout(patience);
    asking?.close();
    then(chat);
  };
  const asking = connect(({ data }) => {
    if (isLiveChat(data) && data.session.contactId !== except) finish(data);
  });
  const patience = setTimeout(finish, ANSWER_MS, null);
  asking?.postMessage(QUESTION);
  return asking !== null;
}

export function isLiveChat<T>(value: T): value is LiveChat & T {
  const { persisted, session }: Partial<LiveChat> = Object(value);
  return typeof persisted === "string" && typeof session?.contactId === "string";
}

/** @returns `null` in a browser without `BroadcastChannel`, such as Safari before 15.4. */
function connect(onMessage: (event: MessageEvent<unknown>) => void): BroadcastChannel | null {
  try {
    const connected = new BroadcastChannel(NAME);
    connected.addEventListener("message", onMessage);
    return connected;
  } catch {
    return null;
  }
}
