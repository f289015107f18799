import { base64url } from "jose";

const encoder = new TextEncoder();

/** SHA-256 of the UTF-8 bytes, as 64 hex digits. */
export async function sha256Hex(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", encoder.encode(text));
  return toHex(digest);
}

function toHex(bytes: ArrayBuffer): string {
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The hash of a contact id in lower case: Amazon takes an id in any case for the same contact. */
export async function hashContactId(contactId: string): Promise<string> {
  return sha256Hex(contactId.toLowerCase());
}

/** 128 random bits in base64url: cannot be guessed, and never repeats. */
export function createRandomId(): string {
  return base64url.encode(crypto.getRandomValues(new Uint8Array(16)));
}

/** A secret from which keys for several purposes are derived. One key reveals nothing about another. */
export interface RootKey {
  /** Public name of the secret, which tells it from the other secrets. */
  readonly id: string;
  deriveKey(purpose: string): Promise<CryptoKey>;
  /** So many bits, as hex digits. */
  deriveHex(purpose: string, bits: number): Promise<string>;
}

/** Source: RFC 5869 (HKDF), the purpose is its `info`. */
export async function createRootKey(secret: Uint8Array): Promise<RootKey> {
  const root = await crypto.subtle.importKey("raw", new Uint8Array(secret), "HKDF", false, ["deriveKey", "deriveBits"]);
  const id = base64url.encode(new Uint8Array(await crypto.subtle.deriveBits(hkdf("id"), root, 64)));
  const deriveKey = (purpose: string) =>
    crypto.subtle.deriveKey(hkdf(purpose), root, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  const deriveHex = async (purpose: string, bits: number) =>
    toHex(await crypto.subtle.deriveBits(hkdf(purpose), root, bits));
  return { id, deriveKey, deriveHex };
}

function hkdf(purpose: string) {
  const info = encoder.encode(`persistent-chat-edge ${purpose}`);
  return { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info };
}
