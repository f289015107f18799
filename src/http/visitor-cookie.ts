import { type Context } from "hono";
import { setCookie } from "hono/cookie";
import { createSeal, type Seal } from "../adapters/seal.ts";
import { sha256Hex } from "../adapters/web-crypto.ts";
import { OWN_COOKIE_PREFIX, readCookie } from "../core/cookie-header.ts";
import { type VisitorCookie, visitorCookieSchema } from "../core/visitor.ts";
import { MAX_COOKIE_DAYS, MAX_COOKIE_SESSIONS } from "../limits.ts";

/** The one cookie of this Worker: who the visitor is, and the newest sessions, which KV may not show yet. */
export interface VisitorCookieJar {
  /** @returns `null` when absent, not ours or too old. */
  read(c: Context, now: number): Promise<VisitorCookie | null>;
  write(c: Context, content: VisitorCookie, now: number): Promise<void>;
}

export async function createVisitorCookieJar(
  widgetId: string,
  secrets: readonly [Uint8Array, ...Uint8Array[]],
  retentionDays: number,
): Promise<VisitorCookieJar> {
  const maxAgeSeconds = Math.min(retentionDays, MAX_COOKIE_DAYS) * 86_400;
  const name = OWN_COOKIE_PREFIX + (await sha256Hex(widgetId)).slice(0, 8);
  const seal: Seal<VisitorCookie> = await createSeal({
    purpose: `cookie ${widgetId}`,
    secrets,
    schema: visitorCookieSchema,
    maxAgeSeconds,
  });

  return {
    async read(c, now) {
      const sealed = readCookie(c.req.header("cookie") ?? null, name);
      return sealed === null ? null : ((await seal.open(sealed, now))?.content ?? null);
    },
    async write(c, content, now) {
      const newest = { ...content, sessions: content.sessions.slice(0, MAX_COOKIE_SESSIONS) };
      setCookie(c, name, await seal.seal(newest, now), {
        path: "/",
        secure: true,
        httpOnly: true,
        sameSite: "Lax",
        maxAge: maxAgeSeconds,
      });
    },
  };
}
