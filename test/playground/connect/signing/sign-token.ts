import { createHmac } from "node:crypto";

export interface TokenParts {
  header?: unknown;
  claims?: unknown;
  securityKey: string;
}

/** Signs any claims, also wrong ones: for the shop and for tests, independent of the Worker's signer. */
export function signToken({ header = { alg: "HS256", typ: "JWT" }, claims, securityKey }: TokenParts): string {
  const signed = `${encode(header)}.${encode(claims)}`;
  return `${signed}.${createHmac("sha256", Buffer.from(securityKey, "utf8")).update(signed).digest("base64url")}`;
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
