import { type Log, toLogFields } from "../../adapters/log.ts";
import { fetchOrigin, type Origin } from "../../adapters/origin.ts";
import { parseContentType } from "../../core/page/content-type.ts";
import { isOwnSetCookie } from "../../core/headers/cookies.ts";
import { isLoop, toPublicLocation } from "../../core/headers/forwarding.ts";
import { applyHeaderEdits, type HeaderEdit } from "../../core/headers/header-edits.ts";
import { dropPageEtags, UNCONDITIONAL } from "../../core/page/validators.ts";
import { renderBadGateway } from "./bad-gateway.ts";
import { type ResponsePlan, type RequestPlan, type Pages, type ReportOutcome } from "../page/page.ts";

/** Answers a request that is not for one of our routes. */
export type Site = (request: Request, report?: ReportOutcome) => Promise<Response>;

export interface SiteOptions extends Origin {
  /** `null`: pages are unchanged, since the chat is switched off or misconfigured. */
  readonly pages: Pages | null;
  readonly log: Log;
}

/**
 * Answers with the origin's bytes, and inserts the tag into documents.
 *
 * After any failure here, the visitor gets the origin's page.
 */
export function createSite({ pages, log, ...origin }: SiteOptions): Site {
  const logOutcome: ReportOutcome = (outcome) => {
    if (outcome.inject) return log.debug("page.injected");
    const { reason, status } = outcome;
    log.debug("page.left-alone", { reason, ...(status !== undefined && { status }) });
  };
  return async (request, report = logOutcome) => {
    const page = failOpen(log, () => pages?.planRequest(request, report) ?? null);
    let response: Response;
    try {
      if (origin.originUrl !== null && isLoop(request.url, origin.originUrl)) {
        log.error("origin.loop", { message: "ORIGIN_URL is this Worker's own address" });
        return renderBadGateway();
      }
      response = await fetchOrigin(request, origin, page?.edits ?? dropPageEtags(request.headers));
    } catch (error) {
      log.error("origin.unreachable", toLogFields(error));
      return renderBadGateway();
    }
    try {
      if (pages !== null && page !== null) return await toPage(request, response, { origin, page, pages, report });
      return await toVisitorResponse(request, response, origin, pages?.planTaglessCopy(request, response) ?? null);
    } catch (error) {
      log.error("page.left-alone", { reason: "fault", ...toLogFields(error) });
      // A status that no new response can have, such as 999: the answer can only be passed on unchanged.
      return response.headers.getSetCookie().some(isOwnSetCookie) ? renderBadGateway() : response;
    }
  };
}

/** The site while `ORIGIN_URL` is no address: there is no page to pass on, and another host would get the visitor's cookies. */
export function createUnusableSite(): Site {
  return async () => renderBadGateway();
}

function failOpen<T>(log: Log, work: () => T | null): T | null {
  try {
    return work();
  } catch (error) {
    log.error("page.left-alone", { reason: "fault", ...toLogFields(error) });
    return null;
  }
}

interface PageContext {
  readonly origin: Origin;
  readonly page: RequestPlan;
  readonly pages: Pages;
  readonly report: ReportOutcome;
}

/** The answer for a possible page, with our tag where it is one. */
async function toPage(request: Request, response: Response, context: PageContext): Promise<Response> {
  const { origin, page, pages, report } = context;
  if (!isOfOtherBytes(request, response, page)) {
    return toVisitorResponse(request, response, origin, pages.planResponse(request, response, report));
  }
  // Only the whole answer tells whether the current page gets the tag.
  const whole = await fetchOrigin(request, origin, [...page.edits, ...UNCONDITIONAL]);
  // The second answer may fail where the origin is busy; the first one is good.
  const change = whole.ok ? pages.planResponse(request, whole, report) : null;
  const unused = change === null ? whole : response;
  await unused.body?.cancel().catch(() => undefined);
  return toVisitorResponse(request, change === null ? response : whole, origin, change);
}

/** Whether an answer is about a page without our tag, of which the visitor has a copy or a part. */
function isOfOtherBytes({ method }: Request, { status, headers }: Response, { isAmbiguous }: RequestPlan): boolean {
  // A POST must not be sent twice.
  if (method !== "GET" && method !== "HEAD") return false;
  if (status === 304) return isAmbiguous;
  return status === 206 && parseContentType(headers.get("content-type")).isPage;
}

/** The answer with all changes. All decisions come first: after the body is taken, nothing may throw. */
async function toVisitorResponse(
  request: Request,
  response: Response,
  origin: Origin,
  change: ResponsePlan | null,
): Promise<Response> {
  const cookies = response.headers.getSetCookie();
  const allowedCookies = cookies.filter((cookie) => !isOwnSetCookie(cookie));
  const edits = [...buildLocationEdits(request, response, origin.originUrl), ...(change?.edits ?? [])];
  const toBody = change?.toBody ?? null;
  if (toBody === null && edits.length === 0 && allowedCookies.length === cookies.length) return response;

  const body = response.body === null || toBody === null ? response.body : await toBody(response.body);
  // The response itself is the options object: only so a 101 keeps its live socket.
  const changed = new Response(body, response);
  applyHeaderEdits(changed.headers, edits);
  if (allowedCookies.length < cookies.length) {
    changed.headers.delete("set-cookie");
    for (const cookie of allowedCookies) changed.headers.append("set-cookie", cookie);
  }
  return changed;
}

function buildLocationEdits(request: Request, response: Response, originUrl: URL | null): HeaderEdit[] {
  const location = response.headers.get("location");
  if (location === null || originUrl === null) return [];
  const publicLocation = toPublicLocation(location, request.url, originUrl);
  return publicLocation === location ? [] : [["location", publicLocation]];
}
