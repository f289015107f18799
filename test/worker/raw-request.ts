import { connect, type Socket } from "node:net";

/** An answer as it came over the socket. `fetch` would follow, decode, join or hide parts of it. */
export interface RawResponse {
  readonly status: number;
  /** The status line and every header line, names in lower case, sorted, without the date. */
  readonly head: readonly string[];
  /** The body's bytes, without chunk sizes. */
  readonly body: Buffer;
  /** Whether the body is complete. */
  readonly isWhole: boolean;
}

/** A connection that keeps every byte it receives. */
export interface RawConnection {
  readonly socket: Socket;
  /** All bytes received so far, one character a byte. */
  received(): string;
  /** Waits until this text has been received. */
  until(text: string): Promise<void>;
  /** Resolves when the connection has closed. */
  ended: Promise<void>;
}

export function openConnection(origin: string): RawConnection {
  const { hostname, port } = new URL(origin);
  return readConnection(connect({ host: hostname === "localhost" ? "127.0.0.1" : hostname, port: Number(port) }));
}

/** Reads from a connection from now on, no matter which side opened it. */
export function readConnection(socket: Socket): RawConnection {
  const chunks: string[] = [];
  socket.setEncoding("latin1").on("data", (chunk: string) => chunks.push(chunk));
  const received = () => chunks.join("");
  return {
    socket,
    received,
    until: (text) =>
      new Promise((resolve, reject) => {
        const check = () => {
          if (!received().includes(text)) return;
          // Without this, every later piece of a long body would be searched again.
          socket.off("data", check);
          resolve();
        };
        socket.on("data", check).on("close", () => reject(new Error(`Connection closed before ${text} came`)));
        check();
      }),
    // A connection that breaks counts as closed too.
    ended: new Promise((resolve) => socket.on("error", () => undefined).on("close", () => resolve())),
  };
}

/**
 * Sends bytes as they are and reads until the connection closes.
 *
 * @param request The whole request; must ask for `Connection: close`. One character a byte.
 */
export async function sendRaw(origin: string, request: string): Promise<RawResponse> {
  const connection = openConnection(origin);
  connection.socket.write(request, "latin1");
  await connection.ended;
  return parseResponse(connection.received());
}

export interface RequestParts {
  readonly method?: string;
  readonly path: string;
  readonly host: string;
  readonly headers?: readonly string[];
  readonly body?: string;
}

/** The bytes of a request that asks for `Connection: close`. */
export function buildRequest({ method = "GET", path, host, headers = [], body = "" }: RequestParts): string {
  const length = body === "" ? [] : [`Content-Length: ${body.length}`];
  return [`${method} ${path} HTTP/1.1`, `Host: ${host}`, ...headers, ...length, "Connection: close", "", body].join(
    "\r\n",
  );
}

/** @param received All bytes of an answer, one character a byte. */
export function parseResponse(received: string): RawResponse {
  const headEnd = received.indexOf("\r\n\r\n");
  const [statusLine = "", ...lines] = received.slice(0, headEnd).split("\r\n");
  const headers = lines.map((line) => line.replace(/^[^:]*/, (name) => name.toLowerCase()));
  const body = received.slice(headEnd + 4);
  const length = headers.find((line) => line.startsWith("content-length:"))?.slice("content-length:".length);
  const isChunked = headers.some((line) => /^transfer-encoding: *chunked$/i.test(line));
  const parsed = isChunked
    ? joinChunks(body)
    : { body, isWhole: length === undefined || body.length >= Number(length) };
  return {
    status: Number(statusLine.split(" ")[1]),
    head: [statusLine, ...headers.filter((line) => !line.startsWith("date:")).toSorted()],
    body: Buffer.from(parsed.body, "latin1"),
    isWhole: parsed.isWhole,
  };
}

/** A chunked body so far, without the sizes of the chunks. */
export function joinChunks(chunked: string): { body: string; isWhole: boolean } {
  let body = "";
  let at = 0;
  for (;;) {
    const lineEnd = chunked.indexOf("\r\n", at);
    const size = Number.parseInt(chunked.slice(at, lineEnd), 16);
    if (lineEnd === -1 || Number.isNaN(size)) return { body, isWhole: false };
    if (size === 0) return { body, isWhole: true };
    body += chunked.slice(lineEnd + 2, lineEnd + 2 + size);
    at = lineEnd + 2 + size + 2;
  }
}
