import { HOUR_SECONDS } from "../limits.ts";
import { createRootKey } from "./web-crypto.ts";

/**
 * Gives networks numbers, so that a count can tell many callers from one who calls often.
 *
 * A number is 16 bits, of a secret and the hour: in the next hour the network has another one, and nobody without the
 * secret can go back from a number to the network. Somebody with the secret can, where the operator is small.
 *
 * @returns Four hex digits; empty where the network is not known.
 */
export type NetworkNumbers = (kind: "network" | "operator", name: string, now: number) => Promise<string>;

export async function createNetworkNumbers(secret: Uint8Array): Promise<NetworkNumbers> {
  const key = await createRootKey(secret);
  return async (kind, name, now) =>
    name === "" ? "" : key.deriveHex(`${kind} ${Math.floor(now / HOUR_SECONDS)} ${name}`, 16);
}
