import { base64url } from "jose";
import * as v from "valibot";
import { CLOCK_TOLERANCE_SECONDS, MAX_SEALED_CHARS } from "../limits.ts";
import { createRootKey } from "./web-crypto.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

const IV_BYTES = 12;
const TAG_BYTES = 16;

const claimsSchema = v.looseObject({ iat: v.number() });

/** Sealed content, and the time of sealing in seconds. */
export interface Opened<T> {
  readonly content: T;
  readonly issuedAt: number;
}

/** Encrypts and authenticates a value that the browser keeps, so that nobody else can read or make one. */
export interface Seal<T> {
  seal(content: T, now: number): Promise<string>;
  /** @returns `null` for a text that was not sealed here for this purpose, or that is too old. */
  open(text: string, now: number): Promise<Opened<T> | null>;
}

interface SealOptions<Schema extends v.GenericSchema> {
  /** Name of the purpose: a text that was sealed for one purpose does not open for another. */
  readonly purpose: string;
  /** The first one seals, all of them open. */
  readonly secrets: readonly [Uint8Array, ...Uint8Array[]];
  readonly schema: Schema;
  readonly maxAgeSeconds: number;
}

/**
 * The platform encrypts, and the envelope is a compact JWE. jose writes and reads the same (a test compares), but its code for
 * all algorithms of JWE would be a tenth of the Worker.
 *
 * Source: RFC 7516 §3.1 and §5, RFC 7518 §4.5 (`dir`) and §5.3 (A256GCM), RFC 7519 §4.1.6 (`iat`).
 */
export async function createSeal<Schema extends v.GenericSchema<Record<string, unknown>>>(
  options: SealOptions<Schema>,
): Promise<Seal<v.InferOutput<Schema>>> {
  const { purpose, secrets, schema, maxAgeSeconds } = options;
  const [first, ...others] = secrets;
  const sealing = await createSealKey(first, purpose);
  const opening = [sealing, ...(await Promise.all(others.map((secret) => createSealKey(secret, purpose))))];

  return {
    seal: (content, now) => encrypt(sealing, JSON.stringify({ ...content, iat: now })),

    async open(text, now) {
      if (text.length > MAX_SEALED_CHARS) return null;
      const key = opening.find(({ header }) => text.startsWith(`${header}.`));
      if (key === undefined) return null;
      try {
        const { iat, ...content } = v.parse(claimsSchema, JSON.parse(decoder.decode(await decrypt(key, text))));
        const age = now - iat;
        if (age > maxAgeSeconds + CLOCK_TOLERANCE_SECONDS || age < -CLOCK_TOLERANCE_SECONDS) return null;
        const result = v.safeParse(schema, content, { abortEarly: true });
        return result.success ? { content: result.output, issuedAt: iat } : null;
      } catch {
        return null;
      }
    },
  };
}

interface SealKey {
  readonly key: CryptoKey;
  /** Names algorithm and secret. Each key opens texts with its own header alone, so that no header has to be judged. */
  readonly header: string;
}

async function createSealKey(secret: Uint8Array, purpose: string): Promise<SealKey> {
  const root = await createRootKey(secret);
  const header = base64url.encode(JSON.stringify({ alg: "dir", enc: "A256GCM", kid: root.id }));
  return { key: await root.deriveKey(purpose), header };
}

async function encrypt({ key, header }: SealKey, plaintext: string): Promise<string> {
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const sealed = new Uint8Array(await crypto.subtle.encrypt(toAesGcm(header, iv), key, encoder.encode(plaintext)));
  const parts = [iv, sealed.subarray(0, -TAG_BYTES), sealed.subarray(-TAG_BYTES)];
  // The empty part would be the key that encrypts the content: here the secret itself does.
  return [header, "", ...parts.map((part) => base64url.encode(part))].join(".");
}

/** @throws For a text that was not sealed with this key. */
async function decrypt({ key, header }: SealKey, text: string): Promise<ArrayBuffer> {
  const [encryptedKey, iv = "", ciphertext = "", tag = "", ...more] = text.slice(header.length + 1).split(".");
  const tagBytes = base64url.decode(tag);
  if (encryptedKey !== "" || more.length > 0 || tagBytes.length !== TAG_BYTES) throw new Error("No sealed text");
  const sealed = new Uint8Array([...base64url.decode(ciphertext), ...tagBytes]);
  return crypto.subtle.decrypt(toAesGcm(header, base64url.decode(iv)), key, sealed);
}

function toAesGcm(header: string, iv: Uint8Array) {
  return { name: "AES-GCM", iv, additionalData: encoder.encode(header) };
}
