import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type Duplex } from "node:stream";
import { type PlantedFaults } from "../faults/planted-faults.ts";
import { closeServer, listen } from "../listen.ts";
import { bodySwapRoutes } from "./behaviours/body-swaps.ts";
import { cookieRoutes } from "./behaviours/cookies.ts";
import { documentRoutes } from "./behaviours/documents.ts";
import { echoRoutes } from "./behaviours/echo.ts";
import { encodingRoutes } from "./behaviours/encodings.ts";
import { redirectRoutes } from "./behaviours/redirects.ts";
import { shellRoutes } from "./behaviours/shell.ts";
import { statusRoutes } from "./behaviours/statuses.ts";
import { streamRoutes } from "./behaviours/streams.ts";
import { validatorRoutes } from "./behaviours/validators.ts";
import { acceptWebSocket } from "./behaviours/web-socket.ts";
import { type Route } from "./route.ts";
import { createIndexRoute } from "./route-index.ts";
import { createAccountRoutes, type ShopChat } from "./shop/account.ts";
import { renderNotFound } from "./shop/pages.ts";
import { createShopRoutes } from "./shop/routes.ts";

export interface SiteOptions {
  /** 0 = any free port. */
  readonly port: number;
  /** With these the shop issues tokens for its chat widget. */
  readonly chat?: ShopChat;
  /** May be changed: takes effect from the next page on; absent = none. */
  readonly planted?: PlantedFaults;
}

export interface RunningSite {
  readonly origin: string;
  close(): Promise<void>;
}

const behaviourRoutes = [
  ...documentRoutes,
  ...encodingRoutes,
  ...streamRoutes,
  ...statusRoutes,
  ...validatorRoutes,
  ...redirectRoutes,
  ...cookieRoutes,
  ...echoRoutes,
  ...bodySwapRoutes,
  ...shellRoutes,
];

/**
 * Starts the site behind the Worker: a small shop, and below `/try` one address for each proxy behaviour.
 *
 * @throws With the code `EADDRINUSE` when the port is taken.
 */
export async function startSite({ chat, planted, port }: SiteOptions): Promise<RunningSite> {
  const all = [
    ...createShopRoutes(planted),
    createIndexRoute(behaviourRoutes),
    ...behaviourRoutes,
    ...createAccountRoutes(chat),
  ];
  const routes = new Map(all.map((route) => [route.path, route]));
  const server = createServer((request, response) => void answer(routes, request, response));
  const upgraded = new Set<Duplex>();
  server.on("upgrade", (request, socket) => {
    upgraded.add(socket);
    socket.once("close", () => upgraded.delete(socket));
    acceptWebSocket(request, socket);
  });
  return {
    origin: `http://127.0.0.1:${await listen(server, port)}`,
    close() {
      for (const socket of upgraded) socket.destroy();
      return closeServer(server);
    },
  };
}

async function answer(
  routes: ReadonlyMap<string, Route>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // Joined as text: against a base, the path "//x" would name a host.
  const url = new URL(`http://site${request.url ?? "/"}`);
  try {
    const route = routes.get(url.pathname);
    if (route === undefined) renderNotFound(response);
    else await route.handle(request, response, url);
  } catch {
    // The client went away, or a handler has a bug: there is nothing useful to send.
    response.destroy();
  }
}
