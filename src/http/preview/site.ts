import { type Log, toLogFields } from "../../adapters/log.ts";
import { readWhile } from "../site/read-while.ts";
import { isOfPage } from "../../core/page/injection.ts";
import { forbidKeeping } from "../forbid-keeping.ts";
import { type PageOutcome } from "../page/page.ts";
import { type PreviewAccess } from "./access.ts";
import { type Site } from "../site/site.ts";

interface PreviewSiteOptions {
  readonly on: Site;
  readonly off: Site;
  readonly preview: PreviewAccess;
  readonly now: () => number;
  readonly log: Log;
}

/** The site, with the chat and an explanation in the headers for browsers with a preview cookie, and unchanged for others. */
export function createPreviewSite({ on, off, preview, now, log }: PreviewSiteOptions): Site {
  const isAdmitted = async ({ headers }: Request) => {
    try {
      return await preview.admits(headers.get("cookie"), now());
    } catch (error) {
      log.error("page.left-alone", { reason: "fault", ...toLogFields(error) });
      return false;
    }
  };
  return async (request) => {
    if (!(await isAdmitted(request))) return off(request);
    const found: { outcome: PageOutcome | null } = { outcome: null };
    const response = await on(request, (outcome) => {
      found.outcome = outcome;
    });
    if (request.headers.has("upgrade")) return response;
    const isWaiting = () => found.outcome === null;
    const [body, copy] = isWaiting() && response.body !== null ? response.body.tee() : [response.body, null];
    // The headers explain a decision that depends on the body, so the answer waits for the decision here.
    if (copy !== null) await readWhile(isWaiting, copy);
    return explain(new Response(body, response), found.outcome);
  };
}

function explain(response: Response, outcome: PageOutcome | null): Response {
  if (outcome === null || (!outcome.inject && !isOfPage(outcome.reason))) return response;
  const decision = outcome.inject ? "injected" : `left-alone; reason=${outcome.reason}`;
  response.headers.set("x-persistent-chat", decision);
  response.headers.append("server-timing", `chat;desc="${outcome.inject ? "injected" : outcome.reason}"`);
  forbidKeeping(response.headers);
  return response;
}
