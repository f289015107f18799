import { type RawConnection } from "../../raw-request.ts";

export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** The masks of frames: a visitor has to mask, an origin must not. */
export const VISITOR = Buffer.from([0x37, 0xfa, 0x21, 0x3d]);
export const ORIGIN = Buffer.alloc(0);

export interface Frame {
  readonly opcode: number;
  readonly payload: Buffer;
  readonly isFinal?: boolean;
}

export interface Message {
  readonly opcode: number;
  readonly payload: Buffer;
}

export function joinFragments(frames: readonly Frame[]): Message[] {
  const messages: Message[] = [];
  let parts: Buffer[] = [];
  let opcode: number = OPCODE.continuation;
  for (const frame of frames) {
    parts.push(frame.payload);
    if (frame.opcode !== OPCODE.continuation) ({ opcode } = frame);
    if (frame.isFinal === false) continue;
    messages.push({ opcode, payload: Buffer.concat(parts) });
    parts = [];
  }
  return messages;
}

/** Every whole frame received, unmasked. Source: RFC 6455 §5.2. */
export function framesOf(connection: RawConnection): Frame[] {
  const received = connection.received();
  const bytes = Buffer.from(received.slice(received.indexOf("\r\n\r\n") + 4), "latin1");
  const frames: Frame[] = [];
  for (let at = 0; at + 2 <= bytes.length;) {
    const [first, second] = [bytes.readUInt8(at), bytes.readUInt8(at + 1)];
    const short = second & 0x7f;
    const lengthBytes = short === 126 ? 2 : short === 127 ? 8 : 0;
    const maskBytes = second & 0x80 ? 4 : 0;
    const start = at + 2 + lengthBytes + maskBytes;
    if (start > bytes.length) break;
    const size =
      lengthBytes === 0
        ? short
        : bytes.readUIntBE(start - maskBytes - Math.min(lengthBytes, 4), Math.min(lengthBytes, 4));
    if (start + size > bytes.length) break;
    const mask = bytes.subarray(start - maskBytes, start);
    frames.push({
      opcode: first & 0x0f,
      isFinal: first >= 0x80,
      payload: applyMask(bytes.subarray(start, start + size), mask),
    });
    at = start + size;
  }
  return frames;
}

export function toBytes({ opcode, payload, isFinal = true }: Frame, mask: Buffer): Buffer {
  const size = payload.length;
  const lengthBytes = size < 126 ? 0 : size < 65_536 ? 2 : 8;
  const head = Buffer.alloc(2 + lengthBytes);
  head.writeUInt8((isFinal ? 0x80 : 0) | opcode, 0);
  head.writeUInt8((mask.length > 0 ? 0x80 : 0) | (lengthBytes === 0 ? size : lengthBytes === 2 ? 126 : 127), 1);
  if (lengthBytes > 0) head.writeUIntBE(size, 2 + lengthBytes - Math.min(lengthBytes, 4), Math.min(lengthBytes, 4));
  return Buffer.concat([head, mask, applyMask(payload, mask)]);
}

function applyMask(payload: Buffer, mask: Buffer): Buffer {
  return mask.length === 0 ? payload : Buffer.from(payload.map((byte, index) => byte ^ (mask[index % 4] ?? 0)));
}

export function toClose(code: number, reason: string): Buffer {
  const payload = Buffer.alloc(2);
  payload.writeUInt16BE(code);
  return Buffer.concat([payload, Buffer.from(reason)]);
}
