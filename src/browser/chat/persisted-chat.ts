import { tabStorage } from "../page/storage.ts";

// The widget's own item, from which the widget resumes this tab's live chat: opaque, different for each chat.
const KEY = "persistedChatSession";

export function read(): string | null {
  return tabStorage.get(KEY);
}

export function write(value: string): void {
  tabStorage.set(KEY, value);
}

export function remove(): void {
  tabStorage.remove(KEY);
}
