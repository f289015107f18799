import { type Log, toLogFields } from "../../adapters/log.ts";
import { forbidKeeping } from "../forbid-keeping.ts";
import { readPathname } from "../../core/settings/chosen-paths.ts";
import { matches, type Pattern } from "../../core/settings/pattern.ts";
import { type Site } from "./site.ts";
import { renderSignOutCookies } from "../chat/visitor-cookie.ts";

interface SignOutOptions {
  readonly paths: readonly Pattern[];
  /** `null` while the widget is not known: then our cookie stays, and the mark of the sign-out makes it worthless. */
  readonly widgetId: string | null;
  readonly log: Log;
}

/**
 * The site, which signs the visitor out of the chat at these paths.
 *
 * The site's answer does not matter: it may redirect a visitor who signs out, or refuse since the session is over. Only an
 * answer that has the browser delete all cookies takes the mark away by which the pages of other tabs clear the chat.
 */
export function signOutAt(site: Site, { paths, widgetId, log }: SignOutOptions): Site {
  const isSignOut = (url: string) => {
    const pathname = readPathname(url);
    return paths.some((pattern) => matches(pattern, pathname));
  };
  return async (request) => {
    const response = await site(request);
    try {
      // A 101 carries a live socket, which a new response would lose.
      if (response.webSocket !== null || !isSignOut(request.url)) return response;
      const cookies = await renderSignOutCookies(widgetId);
      const signedOut = new Response(response.body, response);
      for (const cookie of cookies) signedOut.headers.append("set-cookie", cookie);
      forbidKeeping(signedOut.headers);
      if (deletesMark(signedOut.headers.get("clear-site-data") ?? ""))
        log.warn("sign-out.unmarked", { message: UNMARKED });
      return signedOut;
    } catch (error) {
      log.error("sign-out.missed", toLogFields(error));
      return response;
    }
  };
}

const UNMARKED =
  "Clear-Site-Data deletes the cookie by which open pages notice that their visitor has signed out. Name what it is to clear without cookies";

/** Source: W3C "Clear Site Data", 3.1: what is cleared is named in quotes. */
function deletesMark(cleared: string): boolean {
  return /"(?:cookies|\*)"/.test(cleared);
}
