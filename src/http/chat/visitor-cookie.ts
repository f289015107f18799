import { type Context } from "hono";
import { setCookie } from "hono/cookie";
import { serialize } from "hono/utils/cookie";
import * as v from "valibot";
import { createSeal } from "../../adapters/seal.ts";
import { createRandomId, sha256Hex } from "../../adapters/web-crypto.ts";
import { LEFT_COOKIE, OWN_COOKIE_PREFIX, readCookies } from "../../core/headers/cookies.ts";
import { type OpenedVisitorCookie, type VisitorCookie, visitorCookieSchema } from "../../core/chat/visitor.ts";
import { LEFT_COOKIE_DAYS, MAX_COOKIE_DAYS, MAX_COOKIE_SESSIONS } from "../../limits.ts";

/** What is sealed. */
const sealedSchema = v.object({
  ...visitorCookieSchema.entries,
  /** Which departure this browser had behind it. */
  left: v.nullable(v.string()),
});

/** What `createRandomId()` gives: a longer text would make our cookie as long as its sender likes. */
const LEFT_MARK = /^[\w-]{22}$/;

const ATTRIBUTES = { path: "/", secure: true, sameSite: "Lax" } as const;

/** The cookie of this Worker: who the visitor is, and the newest sessions, which KV may not show yet. */
export interface VisitorCookieJar {
  /** @returns `null` when absent, sent twice, not ours, too old, or of a visitor whom this browser has left. */
  read(c: Context, now: number): Promise<OpenedVisitorCookie | null>;
  write(c: Context, content: VisitorCookie, now: number): Promise<void>;
}

interface JarOptions {
  readonly widgetId: string;
  readonly secrets: readonly [Uint8Array, ...Uint8Array[]];
  readonly retentionDays: number;
  /** Called for a request with several cookies of one name: no browser sends two that begin with `__Host-`. */
  readonly onRepeated: () => void;
}

export async function createVisitorCookieJar(options: JarOptions): Promise<VisitorCookieJar> {
  const { widgetId, secrets, retentionDays, onRepeated } = options;
  const maxAgeSeconds = Math.min(retentionDays, MAX_COOKIE_DAYS) * 86_400;
  const name = await toCookieName(widgetId);
  const purpose = `cookie ${widgetId}`;
  const seal = await createSeal({ purpose, secrets, schema: sealedSchema, maxAgeSeconds });

  return {
    async read(c, now) {
      const [sealed, left] = [readSent(c, name), readSent(c, LEFT_COOKIE)];
      if (sealed.length > 1 || left.length > 1) {
        onRepeated();
        return null;
      }
      const opened = sealed[0] === undefined ? null : await seal.open(sealed[0], now);
      // An answer that was on its way while the visitor signed out brings the cookie back.
      return left[0] === undefined || opened?.content.left === left[0] ? opened : null;
    },
    async write(c, content, now) {
      const newest = {
        ...content,
        left: readSent(c, LEFT_COOKIE).find((mark) => LEFT_MARK.test(mark)) ?? null,
        sessions: content.sessions.slice(0, MAX_COOKIE_SESSIONS),
      };
      setCookie(c, name, await seal.seal(newest, now), { ...ATTRIBUTES, httpOnly: true, maxAge: maxAgeSeconds });
    },
  };
}

/**
 * The `Set-Cookie` values with which a browser leaves its visitor: our cookie goes, and another one tells page script to
 * clear what it keeps.
 */
export async function renderSignOutCookies(widgetId: string | null): Promise<readonly string[]> {
  const mark = serialize(LEFT_COOKIE, createRandomId(), { ...ATTRIBUTES, maxAge: LEFT_COOKIE_DAYS * 86_400 });
  if (widgetId === null) return [mark];
  return [serialize(await toCookieName(widgetId), "", { ...ATTRIBUTES, httpOnly: true, maxAge: 0 }), mark];
}

function readSent(c: Context, name: string): readonly string[] {
  return readCookies(c.req.header("cookie") ?? null, name);
}

async function toCookieName(widgetId: string): Promise<string> {
  return OWN_COOKIE_PREFIX + (await sha256Hex(widgetId)).slice(0, 8);
}
