import { createServer, type IncomingMessage, type RequestListener } from "node:http";

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
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("Cannot start a server: no port");
  return {
    origin: `http://127.0.0.1:${address.port}`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
