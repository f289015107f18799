import { type Log, toLogFields } from "../../adapters/log.ts";
import { forbidKeeping } from "../forbid-keeping.ts";
import { type Site } from "./site.ts";
import { renderLeaveCookies } from "../chat/visitor-cookie.ts";

interface SignOutOptions {
  /** `null` while it is not known: then only the mark is left, which makes our cookie worthless. */
  readonly widgetId: string | null;
  readonly isSignOut: (url: string) => boolean;
  readonly log: Log;
}

/**
 * The site with one thing more: reaching a sign-out path makes the browser leave its visitor.
 *
 * Whatever the site answers: a visitor who wants to leave may be redirected, or refused since the session is over.
 */
export function leaveOnSignOut(site: Site, { widgetId, isSignOut, log }: SignOutOptions): Site {
  return async (request) => {
    const response = await site(request);
    try {
      // A 101 carries a live socket: whatever wraps it loses that.
      if (response.webSocket !== null || !isSignOut(request.url)) return response;
      const cookies = await renderLeaveCookies(widgetId);
      const left = new Response(response.body, response);
      for (const cookie of cookies) left.headers.append("set-cookie", cookie);
      forbidKeeping(left.headers);
      return left;
    } catch (error) {
      log.error("sign-out.missed", toLogFields(error));
      return response;
    }
  };
}
