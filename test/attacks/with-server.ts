import { type RequestListener } from "node:http";
import { startWatchedServer, type WatchedServer } from "./watched-server.ts";

export function answerText(text: string, headers: Readonly<Record<string, string>> = {}): RequestListener {
  return (_request, response) => response.writeHead(200, { "content-type": "text/plain", ...headers }).end(text);
}

export async function withServer<T>(answer: RequestListener, work: (server: WatchedServer) => Promise<T>): Promise<T> {
  const server = await startWatchedServer(answer);
  try {
    return await work(server);
  } finally {
    await server.close();
  }
}
