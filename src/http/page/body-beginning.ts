/** The beginning of a body: its bytes, and the same as text, one character a byte. */
export interface PageBeginning {
  /** The decoded text so far, from the body's first byte on. */
  readonly text: string;
  /** Whether `text` is the whole body. */
  readonly isComplete: boolean;
  /** Whether more can be decoded without waiting. */
  readonly hasUndecoded: boolean;
  /** Decodes more. It reads on only when everything received is decoded. */
  grow(): Promise<void>;
  /** Hands out the next bytes up to a position, or all that were received. */
  take(end?: number): Uint8Array;
}

/** Bytes that are decoded at once: most heads are shorter, and the rest of a page needs no decoding. */
const STEP_BYTES = 8192;

const decoder = new TextDecoder("windows-1252");

/** Bytes as text, one character a byte, up to the length of most heads. */
export function decodeStart(bytes: Uint8Array): string {
  return decoder.decode(bytes.subarray(0, STEP_BYTES));
}

/** @param first The chunk that the reader has read already. */
export function createPageBeginning(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  first: ReadableStreamReadResult<Uint8Array>,
): PageBeginning {
  let unread: ReadableStreamReadResult<Uint8Array> | null = first;
  let text = "";
  let held: Uint8Array = new Uint8Array();
  let taken = 0;
  let isRead = false;

  const isDecoded = () => text.length === taken + held.length;

  return {
    get text() {
      return text;
    },
    get isComplete() {
      return isRead && isDecoded();
    },
    get hasUndecoded() {
      return !isDecoded();
    },
    async grow() {
      if (isDecoded()) {
        const { value, done } = unread ?? (await reader.read());
        unread = null;
        isRead = done;
        if (value !== undefined) held = concat(held, value);
      }
      text += decodeStart(held.subarray(text.length - taken));
    },
    take(end = taken + held.length) {
      const bytes = held.subarray(0, end - taken);
      held = held.subarray(end - taken);
      taken = end;
      return bytes;
    },
  };
}

/** All bytes in one array: the same object where only one array has bytes. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const filled = parts.filter(({ length }) => length > 0);
  if (filled.length === 1 && filled[0] !== undefined) return filled[0];
  const whole = new Uint8Array(filled.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of filled) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
