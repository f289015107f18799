import { type Context } from "hono";
import { type CookieReader, readCookies } from "../../../core/headers/cookies.ts";

/** Reads the cookies of a request. */
export function sentCookies(c: Context): CookieReader {
  const header = c.req.header("cookie") ?? null;
  return (name) => readCookies(header, name);
}
