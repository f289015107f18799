import { withTimeout } from "../../adapters/with-timeout.ts";
import { SMALL_PAGE_BYTES, SMALL_PAGE_WAIT_MS } from "../../limits.ts";

/** Bytes that are read and decoded at once: most heads are shorter, and the platform pipes what is not read. */
const STEP_BYTES = 4096;

/** Bytes of a small page that are read at once where it is compressed: each read costs as much as all our decisions. */
const COMPRESSED_PAGE_BYTES = 65_536;

const decoder = new TextDecoder("windows-1252");

/** Bytes as text, one character a byte. */
export function decode(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

/** The beginning of a body: its bytes, and the same as text, one character a byte. */
export class PageBeginning {
  /** The decoded text so far, from the body's first byte on. */
  text = "";
  readonly #body: ReadableStream<Uint8Array>;
  readonly #reader: ReadableStreamBYOBReader;
  #pending: Promise<ReadableStreamReadResult<Uint8Array>> | null = null;
  readonly #undecoded: Uint8Array[] = [];
  readonly #held: Uint8Array[] = [];
  #received = 0;
  #taken = 0;
  #isRead = false;

  constructor(body: ReadableStream<Uint8Array>) {
    this.#body = body;
    this.#reader = body.getReader({ mode: "byob" });
  }

  /** Whether `text` is the whole body. */
  get isComplete(): boolean {
    return this.#isRead && !this.hasUndecoded;
  }

  /** Whether more can be decoded without waiting. */
  get hasUndecoded(): boolean {
    return this.#undecoded.length > 0;
  }

  /** Decodes more. It reads on only when everything received is decoded. */
  async grow(): Promise<void> {
    if (!this.hasUndecoded) this.#accept(await this.#read(STEP_BYTES));
    const [part] = this.#undecoded;
    if (part === undefined) return;
    this.text += decode(part.subarray(0, STEP_BYTES));
    if (part.length <= STEP_BYTES) this.#undecoded.shift();
    else this.#undecoded[0] = part.subarray(STEP_BYTES);
  }

  /** Hands out the next bytes up to a position, or all that were received. */
  take(end = this.#received): Uint8Array {
    const bytes: Uint8Array[] = [];
    for (let [first] = this.#held; first !== undefined && this.#taken < end; [first] = this.#held) {
      const part = first.subarray(0, end - this.#taken);
      bytes.push(part);
      this.#taken += part.length;
      if (part.length === first.length) this.#held.shift();
      else this.#held[0] = first.subarray(part.length);
    }
    return concat(bytes);
  }

  /**
   * Reads the whole of a small body, if it is all there at once.
   *
   * @param length Bytes of the body, as far as they are known: then nothing is read behind them.
   * @returns `false` where the body takes longer, breaks off, or is large once it is decompressed. What was received is still there.
   */
  async readWhole(length: number | null): Promise<boolean> {
    const deadline = Date.now() + SMALL_PAGE_WAIT_MS;
    try {
      while (!this.#isRead && this.#received !== length) {
        const left = length === null ? COMPRESSED_PAGE_BYTES : length - this.#received;
        this.#accept(await withTimeout(deadline - Date.now(), this.#read(left)));
        if (this.#received > SMALL_PAGE_BYTES) return false;
      }
      this.#isRead = true;
      return true;
    } catch {
      return false;
    }
  }

  /** Hands out what a read brings that was begun and not waited for. */
  async takePending(): Promise<Uint8Array> {
    if (this.#pending !== null) this.#accept(await this.#pending);
    return this.take();
  }

  /** Sends what has not been read. An error of the body leaves `writable` as it is. */
  pipeRest(writable: WritableStream<Uint8Array>): Promise<void> {
    this.#reader.releaseLock();
    return this.#body.pipeTo(writable, { preventAbort: true });
  }

  cancel(reason: unknown): Promise<void> {
    return this.#reader.cancel(reason);
  }

  #read(length: number): Promise<ReadableStreamReadResult<Uint8Array>> {
    return (this.#pending ??= this.#reader.read(new Uint8Array(length)));
  }

  #accept({ value, done }: ReadableStreamReadResult<Uint8Array>): void {
    this.#pending = null;
    this.#isRead = done;
    if (value === undefined || value.length === 0) return;
    this.#received += value.length;
    this.#undecoded.push(value);
    this.#held.push(value);
  }
}

/** All bytes in one array: the same object where only one array has bytes. */
export function concat(parts: readonly Uint8Array[]): Uint8Array {
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
