import { type StartedChat } from "./tab-chat.ts";

const NAME = "persistent-chat";
// Tabs of an older version must answer it, too.
const QUESTION = "which chat is live?";
// A tab with a busy page answers late. Only a page in a browser that has had a live chat waits, and for no answer only once.
const ANSWER_MS = 500;

/** All that another tab needs to go on with a chat. */
export interface LiveChat {
  /** What the widget keeps of the chat. */
  readonly persisted: string;
  readonly session: StartedChat;
}

let channel: BroadcastChannel | undefined;

/** Answers other tabs with this tab's live chat, until the channel is closed. */
export function open(readOwn: () => LiveChat | null): void {
  channel ??= connect(({ data }) => {
    const own = data === QUESTION && readOwn();
    if (own) channel?.postMessage(own);
  });
}

/** The browser keeps no page with an open channel for going back. */
export function close(): void {
  channel?.close();
  channel = undefined;
}

/**
 * Asks the other tabs of this browser for their live chat.
 *
 * @param except The first contact id of a chat that does not count.
 * @returns `null` when none answers in time, `undefined` in a browser whose tabs cannot be asked.
 */
export async function askOtherTabs(except?: string): Promise<LiveChat | null | undefined> {
  let asking: BroadcastChannel | undefined;
  const answer = await new Promise<LiveChat | null | undefined>((resolve) => {
    asking = connect(({ data }) => {
      if (isLiveChat(data) && data.session.contactId !== except) resolve(data);
    });
    asking?.postMessage(QUESTION);
    setTimeout(resolve, ANSWER_MS, asking && null);
  });
  asking?.close();
  return answer;
}

export function isLiveChat<T>(value: T): value is LiveChat & T {
  const { persisted, session }: Partial<LiveChat> = Object(value);
  return typeof persisted === "string" && typeof session?.contactId === "string";
}

/** @returns `undefined` in a browser without `BroadcastChannel`, such as Safari before 15.4. */
function connect(onMessage: (event: MessageEvent<unknown>) => void): BroadcastChannel | undefined {
  try {
    const connected = new BroadcastChannel(NAME);
    connected.addEventListener("message", onMessage);
    return connected;
  } catch {
    return undefined;
  }
}
