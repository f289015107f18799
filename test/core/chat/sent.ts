import { type CookieReader, readCookies } from "../../../src/core/headers/cookies.ts";

/** Reads a `Cookie` header; `null` for a request without one. */
export function sent(header: string | null): CookieReader {
  return (name) => readCookies(header, name);
}
