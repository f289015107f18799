import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import { closeServer, listen } from "../playground/listen.ts";

/** A server that remembers what it was asked. */
export interface WatchedServer {
  readonly origin: string;
  /** Every request so far, oldest first. */
  readonly asked: readonly IncomingMessage[];
  close(): Promise<void>;
}

export async function startWatchedServer(answer: RequestListener): Promise<WatchedServer> {
  const asked: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    asked.push(request);
    answer(request, response);
  });
  const port = await listen(server);
  return {
    origin: `http://127.0.0.1:${port}`,
    asked,
    close: () => closeServer(server),
  };
}
