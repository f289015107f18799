import { createServer, type Socket } from "node:net";
import { openConnection, type RawConnection, readConnection } from "./raw-request.ts";
import { type RunningWorker } from "./start-worker.ts";

/** An origin that does nothing by itself: a test reads the very bytes that arrive, and writes the very bytes of the answer. */
export interface RawOrigin {
  readonly origin: string;
  /** The next connection that comes in, or came in and has not been taken yet. */
  next(): Promise<RawConnection>;
  /** The same; `null` when `gone` comes first: nobody is asked for what the Worker refuses itself. */
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
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("Cannot start an origin: no port");
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
    origin: `http://127.0.0.1:${address.port}`,
    async next() {
      const connection = await take();
      if (connection === null) throw new Error("Cannot be: nothing to give up for");
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

/** One request through a Worker, as both ends saw it. */
export interface Exchange {
  /** What arrived at the origin; `null` where it was never asked. */
  readonly asked: string | null;
  /** What came back to the client. */
  readonly answered: string;
}

/** Bytes on their way through a Worker, one character a byte. */
export interface ExchangeBytes {
  readonly request: string;
  readonly answer: string;
  /** The last that the origin waits for before it answers. */
  readonly requestEnd?: string;
}

/** Sends a request through a Worker, answers it at the origin, and hangs up. */
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
