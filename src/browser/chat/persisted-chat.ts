import { tabStorage } from "../page/storage.ts";

const KEY = "persistedChatSession";

/** The widget's own item for this tab's live chat, from which it resumes: opaque, another one for each chat. */
export const persistedChat = {
  read: (): string | null => tabStorage.get(KEY),
  write: (value: string): void => tabStorage.set(KEY, value),
  remove: (): void => tabStorage.remove(KEY),
};
