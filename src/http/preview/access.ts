import { type Log } from "../../adapters/log.ts";
import { createPreviewPasses, type PreviewPasses } from "../../adapters/preview-passes.ts";
import { PREVIEW_COOKIE, readCookies } from "../../core/headers/cookies.ts";

/** Who sees the chat under `MODE=preview`. */
export interface PreviewAccess {
  /** @param cookieHeader Value of the request's `Cookie`, `null` without one. */
  admits(cookieHeader: string | null, now: number): Promise<boolean>;
  /** @returns The cookie's value, or `null` for a link that is not ours or too old. */
  redeem(link: string, now: number): Promise<string | null>;
}

export function createPreviewAccess(secret: Uint8Array, log: Log): PreviewAccess {
  let passes: Promise<PreviewPasses> | null = null;
  // Only a request with a preview cookie or link needs the keys.
  const usePasses = () => (passes ??= createPreviewPasses(secret));
  return {
    async admits(cookieHeader, now) {
      const [cookie, ...others] = readCookies(cookieHeader, PREVIEW_COOKIE);
      if (others.length > 0) log.warn("cookie.repeated", { cookie: "preview" });
      if (cookie === undefined || others.length > 0) return false;
      return (await (await usePasses()).cookies.open(cookie, now)) !== null;
    },
    async redeem(link, now) {
      const { cookies, links } = await usePasses();
      return (await links.open(link, now)) === null ? null : cookies.seal({}, now);
    },
  };
}
