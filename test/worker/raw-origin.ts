import { createServer, type Socket } from "node:net";
import { openConnection, type RawConnection, readConnection } from "./raw-request.ts";
import { type RunningWorker } from "./start-worker.ts";
import { listen } from "../playground/listen.ts";

/** An origin that does nothing by itself: the test reads the bytes that arrive and writes the bytes of the answer. */
export interface RawOrigin {
  readonly origin: string;
  /** The oldest connection that no caller has taken yet, or the next one. */
  next(): Promise<RawConnection>;
  /** The same; `null` when `gone` resolves first, as for a request that the Worker refuses without asking the origin. */
  nextUnless(gone: Promise<void>): Promise<RawConnection | null>;
  close(): Promise<void>;
}

export async function startRawOrigin(): Promise<RawOrigin> {
  const waiting: RawConnection[] = [];
  const takers = new Set<(connection: RawConnection) => void>();
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.once("close", () => open.delete(socket));
    const connection = readConnection(socket);
    const [taker] = takers;
    if (taker === undefined) waiting.push(connection);
    else taker(connection);
  });
  const port = await listen(server);
  const take = (gone?: Promise<void>) =>
    new Promise<RawConnection | null>((resolve) => {
      const done = (connection: RawConnection | null) => {
        takers.delete(done);
        resolve(connection);
      };
      const connection = waiting.shift();
      if (connection !== undefined) return done(connection);
      takers.add(done);
      void gone?.then(() => done(null));
    });
  return {
    origin: `http://127.0.0.1:${port}`,
    async next() {
      const connection = await take();
      if (connection === null) throw new Error("Cannot happen: without `gone`, a connection always comes");
      return connection;
    },
    nextUnless: take,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
}

/** One request through a Worker, as the origin and the client saw it. */
export interface Exchange {
  /** The request as it arrived at the origin; `null` if none arrived. */
  readonly asked: string | null;
  /** The answer as the client received it. */
  readonly answered: string;
}

/** Bytes to send through a Worker, one character a byte. */
export interface ExchangeBytes {
  readonly request: string;
  readonly answer: string;
  /** The end of the request: the origin answers when this has arrived. */
  readonly requestEnd?: string;
}

/** Sends a request through a Worker, answers it at the origin, and closes the connection. */
export async function exchange(worker: RunningWorker, origin: RawOrigin, bytes: ExchangeBytes): Promise<Exchange> {
  const client = openConnection(worker.origin);
  client.socket.write(bytes.request, "latin1");
  const server = await origin.nextUnless(client.ended);
  if (server !== null) {
    await server.until(bytes.requestEnd ?? "\r\n\r\n");
    server.socket.end(bytes.answer, "latin1");
  }
  await client.ended;
  return { asked: server?.received() ?? null, answered: client.received() };
}
