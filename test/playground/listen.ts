import { once } from "node:events";
import { type Server } from "node:http";
import { type Server as AnyServer } from "node:net";

/**
 * Starts a server on 127.0.0.1.
 *
 * @returns Its port, which the system chooses where `port` is 0.
 * @throws {Error} `EADDRINUSE` when the port is taken.
 */
export async function listen(server: AnyServer, port = 0): Promise<number> {
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("Cannot start a server: it has no port");
  return address.port;
}

/** Ends a server, and the connections that are still open. */
export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error === undefined ? resolve() : reject(error)));
    server.closeAllConnections();
  });
}
