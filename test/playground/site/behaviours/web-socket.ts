import { createHash } from "node:crypto";
import { type IncomingMessage } from "node:http";
import { type Duplex } from "node:stream";

const HANDSHAKE_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
const OPCODE = { text: 1, close: 8, ping: 9, pong: 10 } as const;

interface Frame {
  readonly isFinal: boolean;
  readonly opcode: number;
  readonly payload: Buffer;
}

/**
 * Answers `/try/web-socket` by echoing every frame; the text "bye" closes with 4000, any other address is refused.
 *
 * Source: RFC 6455 §4.2.2 (handshake) and §5.2 (frames).
 */
export function acceptWebSocket(request: IncomingMessage, socket: Duplex): void {
  socket.on("error", () => socket.destroy());
  const key = request.headers["sec-websocket-key"];
  if (request.url?.split("?")[0] !== "/try/web-socket" || key === undefined) {
    socket.end("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    return;
  }
  const accept = createHash("sha1")
    .update(key + HANDSHAKE_GUID)
    .digest("base64");
  const [protocol] = request.headers["sec-websocket-protocol"]?.split(/,\s*/) ?? [];
  const lines = [
    "HTTP/1.1 101 Switching Protocols",
    "Upgrade: websocket",
    "Connection: Upgrade",
    `Sec-WebSocket-Accept: ${accept}`,
    ...(protocol === undefined ? [] : [`Sec-WebSocket-Protocol: ${protocol}`]),
    `X-Cookie: ${request.headers.cookie ?? "(none)"}`,
    // A proxy has to remove this cookie and still keep the socket.
    "Set-Cookie: __Host-chat-0123abcd=planted; Path=/; Secure",
  ];
  socket.write(`${lines.join("\r\n")}\r\n\r\n`);
  echoFrames(socket);
}

function echoFrames(socket: Duplex): void {
  let received: Buffer = Buffer.alloc(0);
  socket.on("data", (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    for (let read = readFrame(received); read !== null; read = readFrame(received)) {
      received = received.subarray(read.length);
      answerFrame(socket, read.frame);
    }
  });
}

function answerFrame(socket: Duplex, frame: Frame): void {
  if (frame.opcode === OPCODE.close) {
    socket.end(toBytes(frame));
  } else if (frame.opcode === OPCODE.text && frame.payload.toString() === "bye") {
    const code = Buffer.from([4000 >> 8, 4000 & 0xff]);
    socket.write(toBytes({ isFinal: true, opcode: OPCODE.close, payload: Buffer.concat([code, Buffer.from("bye")]) }));
  } else if (frame.opcode === OPCODE.ping) {
    socket.write(toBytes({ ...frame, opcode: OPCODE.pong }));
  } else if (frame.opcode !== OPCODE.pong) {
    socket.write(toBytes(frame));
  }
}

/** The first whole frame of a client, which always masks its frames; `null` when more bytes are needed. */
function readFrame(bytes: Buffer): { frame: Frame; length: number } | null {
  if (bytes.length < 6) return null;
  const [first, second] = [bytes.readUInt8(0), bytes.readUInt8(1)];
  const shortLength = second & 0x7f;
  const lengthBytes = shortLength === 126 ? 2 : shortLength === 127 ? 8 : 0;
  const maskAt = 2 + lengthBytes;
  if (bytes.length < maskAt + 4) return null;
  const size =
    lengthBytes === 0 ? shortLength : lengthBytes === 2 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  const start = maskAt + 4;
  if (bytes.length < start + size) return null;
  const payload = Buffer.from(bytes.subarray(start, start + size));
  for (let index = 0; index < size; index += 1)
    payload[index] = byteAt(payload, index) ^ byteAt(bytes, maskAt + (index % 4));
  return { frame: { isFinal: first >= 0x80, opcode: first & 0x0f, payload }, length: start + size };
}

function byteAt(bytes: Buffer, index: number): number {
  return bytes[index] ?? 0;
}

function toBytes({ isFinal, opcode, payload }: Frame): Buffer {
  const first = (isFinal ? 0x80 : 0) | opcode;
  const size = payload.length;
  if (size < 126) return Buffer.concat([Buffer.from([first, size]), payload]);
  if (size < 65_536) return Buffer.concat([Buffer.from([first, 126, size >> 8, size & 0xff]), payload]);
  const header = Buffer.alloc(10);
  header.writeUInt8(first, 0);
  header.writeUInt8(127, 1);
  header.writeBigUInt64BE(BigInt(size), 2);
  return Buffer.concat([header, payload]);
}
