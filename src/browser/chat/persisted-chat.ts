import { tabStorage } from "../page/storage.ts";

const KEY = "persistedChatSession";

/** The widget's own item, from which the widget resumes this tab's live chat: opaque, different for each chat. */
export const persistedChat = {
  read: (): string | null => tabStorage.get(KEY),
  write: (value: string): void => tabStorage.set(KEY, value),
  remove: (): void => tabStorage.remove(KEY),
};
