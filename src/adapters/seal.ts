import { CompactEncrypt, jwtDecrypt } from "jose";
import * as v from "valibot";
import { CLOCK_TOLERANCE_SECONDS, MAX_SEALED_CHARS } from "../limits.ts";
import { createRootKey } from "./web-crypto.ts";

const encoder = new TextEncoder();

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

/** Source: RFC 7516 (JWE compact serialization), RFC 7518 §4.5 (`dir`) and §5.3 (A256GCM), RFC 7519 §4.1.6 (`iat`). */
export async function createSeal<Schema extends v.GenericSchema<Record<string, unknown>>>(
  options: SealOptions<Schema>,
): Promise<Seal<v.InferOutput<Schema>>> {
  const { purpose, secrets, schema, maxAgeSeconds } = options;
  const [first, ...others] = secrets;
  const sealingRoot = await createRootKey(first);
  const sealingKey = await sealingRoot.deriveKey(purpose);
  const keys = new Map([[sealingRoot.id, sealingKey]]);
  for (const root of await Promise.all(others.map(createRootKey))) {
    keys.set(root.id, await root.deriveKey(purpose));
  }

  return {
    seal: (content, now) =>
      new CompactEncrypt(encoder.encode(JSON.stringify({ ...content, iat: now })))
        .setProtectedHeader({ alg: "dir", enc: "A256GCM", kid: sealingRoot.id })
        .encrypt(sealingKey),

    async open(text, now) {
      if (text.length > MAX_SEALED_CHARS) return null;
      try {
        const { payload } = await jwtDecrypt(text, ({ kid }) => requireKey(keys, kid), {
          keyManagementAlgorithms: ["dir"],
          contentEncryptionAlgorithms: ["A256GCM"],
          currentDate: new Date(now * 1000),
          maxTokenAge: maxAgeSeconds,
          clockTolerance: CLOCK_TOLERANCE_SECONDS,
        });
        const { iat, ...content } = payload;
        const result = v.safeParse(schema, content, { abortEarly: true });
        return result.success && iat !== undefined ? { content: result.output, issuedAt: iat } : null;
      } catch {
        return null;
      }
    },
  };
}

function requireKey(keys: ReadonlyMap<string, CryptoKey>, id: string | undefined): CryptoKey {
  const key = keys.get(id ?? "");
  if (key === undefined) throw new Error("Cannot open a sealed text: its secret is no longer configured");
  return key;
}
