import { createServer, request as callWorker, type IncomingHttpHeaders } from "node:http";
import { closeServer, listen } from "../playground/listen.ts";
import { type RunningWorker } from "../worker/start-worker.ts";

/** A shop and another site on a sibling subdomain, as a browser sees them. */
export interface ShopAndSibling {
  readonly shop: string;
  readonly sibling: string;
  close(): Promise<void>;
}

/**
 * Serves the chat routes of a Worker and pages around them.
 *
 * A rule in front of the Worker lets every origin call with cookies and read the answer: some owners have one, and then
 * the browser's preflight stops nobody.
 *
 * @param pages Each page's body by its path.
 */
export async function serveShopAndSibling(
  worker: RunningWorker,
  pages: Readonly<Record<string, string>>,
): Promise<ShopAndSibling> {
  const { port: workerPort } = new URL(worker.origin);
  const server = createServer((request, response) => {
    const { headers, method, url: path = "/" } = request;
    const allowed = allowEverything(headers);
    if (method === "OPTIONS") {
      response.writeHead(204, allowed).end();
    } else if (path.startsWith("/_chat/")) {
      const call = callWorker({ host: "127.0.0.1", port: workerPort, path, method, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, { ...answer.headers, ...allowed });
        answer.pipe(response);
      });
      request.pipe(call.on("error", () => response.destroy()));
    } else {
      response.writeHead(200, { "content-type": "text/html" });
      response.end(`<!doctype html><title>A page</title><body>${pages[path] ?? ""}</body>`);
    }
  });
  const port = await listen(server);
  return {
    shop: `http://www.shop.localhost:${port}`,
    sibling: `http://blog.shop.localhost:${port}`,
    close: () => closeServer(server),
  };
}

function allowEverything({ origin = "*" }: IncomingHttpHeaders): Record<string, string> {
  return {
    "access-control-allow-origin": origin,
    "access-control-allow-credentials": "true",
    "access-control-allow-headers": "content-type",
    "access-control-allow-methods": "POST, DELETE",
  };
}
