import { connect } from "node:net";

const END_OF_HEAD = "\r\n\r\n";
const END_OF_CHUNKS = "\r\n0\r\n\r\n";
const READ_BUFFER_BYTES = 256 * 1024;

/** A request, and the status that its answer must have. */
export interface Exchange {
  readonly port: number;
  /** The `Host` header. */
  readonly host: string;
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly status: number;
}

/** When the first byte of an answer's body came, or its head where it has no body; in milliseconds after the request. */
export type FirstByteMs = number;

/** One connection that is kept open, for one request at a time. */
export interface Connection {
  exchange(): Promise<FirstByteMs>;
  close(): void;
}

interface Reading {
  readonly sentAt: number;
  readonly resolve: (firstByteMs: FirstByteMs) => void;
  readonly reject: (error: Error) => void;
  head: string;
  /** `null` until the head is complete, and for a body in chunks, which tells its end itself. */
  bytesLeft: number | null;
  firstByteMs: FirstByteMs | null;
  /** The last bytes, where the end of a chunked body is seen. */
  tail: string;
}

/**
 * Opens a connection that sends the same request again and again.
 *
 * Reads as little of an answer as possible: node:http would need as much CPU as the measured Worker.
 */
export function openConnection(asked: Exchange): Connection {
  const request = renderRequest(asked);
  let reading: Reading | null = null;
  const fail = (error: Error) => {
    reading?.reject(error);
    reading = null;
  };
  const socket = connect({
    port: asked.port,
    host: "127.0.0.1",
    noDelay: true,
    onread: {
      buffer: new Uint8Array(READ_BUFFER_BYTES),
      callback(byteCount, buffer) {
        if (reading === null) return true;
        try {
          if (read(reading, Buffer.from(buffer.buffer, 0, byteCount), asked)) {
            const { resolve, firstByteMs } = reading;
            reading = null;
            resolve(firstByteMs ?? 0);
          }
        } catch (error) {
          fail(error instanceof Error ? error : new Error(String(error)));
        }
        return true;
      },
    },
  });
  socket.on("error", fail);
  socket.on("close", () => fail(new Error(`${asked.path}: the connection was closed before its answer was complete`)));
  return {
    exchange: () =>
      new Promise((resolve, reject) => {
        const sentAt = performance.now();
        reading = { sentAt, resolve, reject, head: "", bytesLeft: null, firstByteMs: null, tail: "" };
        socket.write(request);
      }),
    close: () => void socket.destroy(),
  };
}

function renderRequest({ host, method, path, headers, body }: Exchange): Buffer {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  if (method === "POST") lines.push(`content-length: ${Buffer.byteLength(body)}`);
  return Buffer.from([`${method} ${path} HTTP/1.1`, `host: ${host}`, ...lines, "", body].join("\r\n"));
}

/** @returns Whether the answer is complete. */
function read(reading: Reading, bytes: Buffer, asked: Exchange): boolean {
  let body = bytes;
  if (reading.tail === "") {
    const headLength = reading.head.length;
    reading.head += bytes.toString("latin1");
    const end = reading.head.indexOf(END_OF_HEAD);
    if (end === -1) return false;
    body = bytes.subarray(end + END_OF_HEAD.length - headLength);
    reading.tail = END_OF_HEAD;
    reading.bytesLeft = readBodyLength(reading.head.slice(0, end), asked);
  }
  if (reading.firstByteMs === null && (body.length > 0 || reading.bytesLeft === 0)) {
    reading.firstByteMs = performance.now() - reading.sentAt;
  }
  if (reading.bytesLeft !== null) {
    reading.bytesLeft -= body.length;
    return reading.bytesLeft <= 0;
  }
  reading.tail = (reading.tail + body.subarray(-END_OF_CHUNKS.length).toString("latin1")).slice(-END_OF_CHUNKS.length);
  return reading.tail === END_OF_CHUNKS;
}

/** @returns `null` for a body in chunks. */
function readBodyLength(head: string, { path, status }: Exchange): number | null {
  const found = Number(head.split(" ", 2)[1]);
  if (found !== status) throw new Error(`${path}: expected status ${status}, found ${found}`);
  if (status === 204 || status === 304) return 0;
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  return length === undefined ? null : Number(length);
}
