import { tabStorage } from "../page/storage.ts";

const KEY = "persistedChatSession";

/** What the widget itself keeps of this tab's live chat, and resumes from when it loads: opaque, and new with each chat. */
export const persistedChat = {
  read: (): string | null => tabStorage.get(KEY),
  write: (value: string): void => tabStorage.set(KEY, value),
  remove: (): void => tabStorage.remove(KEY),
};
