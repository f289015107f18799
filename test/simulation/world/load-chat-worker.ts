import { type ChatWorker, type ChatWorkerOptions } from "./chat-worker.ts";

interface Entry {
  readonly createChatWorker: (options: ChatWorkerOptions) => Promise<ChatWorker>;
}

// Not imported by name: the Worker's files are checked with the types of its own platform.
const entry: Entry = await import(new URL("../entries/chat-worker.ts", import.meta.url).href);

export const { createChatWorker } = entry;
