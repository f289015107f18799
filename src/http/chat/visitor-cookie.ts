import { type Context } from "hono";
import { serialize } from "hono/utils/cookie";
import * as v from "valibot";
import { createSeal } from "../../adapters/seal.ts";
import { createRandomId, sha256Hex } from "../../adapters/web-crypto.ts";
import { hasRefused, readAgreement } from "../../core/chat/consent.ts";
import { SIGN_OUT_COOKIE, OWN_COOKIE_PREFIX } from "../../core/headers/cookies.ts";
import { type OpenedVisitorCookie, type VisitorCookie, visitorCookieSchema } from "../../core/chat/visitor.ts";
import { sentCookies } from "./call/sent-cookies.ts";
import { SIGN_OUT_COOKIE_DAYS, MAX_COOKIE_DAYS, MAX_COOKIE_SESSIONS } from "../../limits.ts";

/** The sealed content. */
const sealedSchema = v.object({
  ...visitorCookieSchema.entries,
  /** The mark of this browser's last sign-out. */
  left: v.nullable(v.string()),
  /** The visitor's agreement after a refusal; absent for a visitor who had never refused. */
  agreed: v.optional(v.string()),
});

/** The form of `createRandomId()`. Another text could make our cookie too long. */
const SIGN_OUT_MARK = /^[\w-]{22}$/;

const ATTRIBUTES = { path: "/", secure: true, sameSite: "Lax" } as const;

/** The visitor's cookie: the visitor id, and the newest sessions, which KV may not show yet. */
export interface VisitorCookieJar {
  /**
   * @param options With `evenBeforeRefusal`, for a visitor who is to be forgotten: the wish may come after a refusal.
   * @returns `null` when absent, sent twice, not ours, too old, or from before a sign-out or a refusal.
   */
  read(c: Context, now: number, options?: { readonly evenBeforeRefusal: boolean }): Promise<OpenedVisitorCookie | null>;
  write(c: Context, content: VisitorCookie, now: number): Promise<void>;
  /** Deletes the cookie of a visitor who has taken consent back by the page's word. */
  deleteAfterRefusal(c: Context): void;
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
    async read(c, now, options) {
      const sent = sentCookies(c);
      const [sealed, left] = [sent(name), sent(SIGN_OUT_COOKIE)];
      if (sealed.length > 1 || left.length > 1) {
        onRepeated();
        return null;
      }
      const opened = sealed[0] === undefined ? null : await seal.open(sealed[0], now);
      const agreed = readAgreement(sent);
      // An answer that was under way during a sign-out or a refusal brings the old cookie back.
      const isSinceSignOut = left[0] === undefined || opened?.content.left === left[0];
      const isSinceRefusal = options?.evenBeforeRefusal || agreed === undefined || opened?.content.agreed === agreed;
      return isSinceSignOut && isSinceRefusal ? opened : null;
    },
    async write(c, content, now) {
      const sent = sentCookies(c);
      const newest = {
        ...content,
        left: sent(SIGN_OUT_COOKIE).find((mark) => SIGN_OUT_MARK.test(mark)) ?? null,
        agreed: readAgreement(sent),
        sessions: content.sessions.slice(0, MAX_COOKIE_SESSIONS),
      };
      const attributes = { ...ATTRIBUTES, httpOnly: true, maxAge: maxAgeSeconds };
      c.header("set-cookie", serialize(name, await seal.seal(newest, now), attributes), { append: true });
    },
    deleteAfterRefusal(c) {
      const sent = sentCookies(c);
      if (sent(name).length > 0 && hasRefused(sent)) c.header("set-cookie", renderDeletion(name), { append: true });
    },
  };
}

/**
 * The `Set-Cookie` values that sign a visitor out: our cookie is deleted, and a mark tells page script to clear the
 * browser's storage.
 */
export async function renderSignOutCookies(widgetId: string | null): Promise<readonly string[]> {
  const mark = serialize(SIGN_OUT_COOKIE, createRandomId(), { ...ATTRIBUTES, maxAge: SIGN_OUT_COOKIE_DAYS * 86_400 });
  if (widgetId === null) return [mark];
  return [renderDeletion(await toCookieName(widgetId)), mark];
}

function renderDeletion(name: string): string {
  return serialize(name, "", { ...ATTRIBUTES, httpOnly: true, maxAge: 0 });
}

async function toCookieName(widgetId: string): Promise<string> {
  return OWN_COOKIE_PREFIX + (await sha256Hex(widgetId)).slice(0, 8);
}
