import { type Log, toLogFields } from "../adapters/log.ts";
import { type Fetch, fetchOrigin } from "../adapters/origin.ts";
import { insertTag } from "../adapters/tag-inserter.ts";
import { isOwnSetCookie } from "../core/cookie-header.ts";
import { isLoop, toPublicLocation } from "../core/forwarding.ts";
import { applyHeaderEdits, type HeaderEdit } from "../core/header-edits.ts";
import { decideInjection, type RequestFacts, type ResponseFacts } from "../core/injection.ts";
import { buildPageResponseEdits } from "../core/page-headers.ts";
import { renderScriptTag } from "../core/script-tag.ts";
import { renderBadGateway } from "./bad-gateway.ts";

/** Answers a request that is not for one of our own routes. */
export type Site = (request: Request) => Promise<Response>;

export interface SiteOptions {
  /** The origin where it is another host; `null` on a Route. */
  readonly originUrl: URL | null;
  /** `null`: pages are left alone, since the chat is switched off or misconfigured. */
  readonly injection: PageInjection | null;
  readonly fetch: Fetch;
  readonly log: Log;
}

/** What goes into pages, and into which. */
export interface PageInjection {
  readonly chatPath: string;
  /** `false` where our script has to run before the page's own snippet. */
  readonly async: boolean;
  readonly isIncluded: (url: URL) => boolean;
}

/**
 * Answers everything that is not ours: the origin's bytes, with one tag in documents.
 *
 * Whatever fails here, the visitor gets the origin's page.
 */
export function createSite(options: SiteOptions): Site {
  const { originUrl, fetch, log } = options;
  return async (request) => {
    if (originUrl !== null && isLoop(request.url, originUrl)) {
      log.error("origin.loop", { message: "ORIGIN_URL is this Worker's own address" });
      return renderBadGateway();
    }
    let response: Response;
    try {
      response = await fetchOrigin(request, originUrl, fetch);
    } catch (error) {
      log.error("origin.unreachable", toLogFields(error));
      return renderBadGateway();
    }
    // A 101 carries a live socket: whatever wraps it loses that.
    if (isUpgrade(request)) return response;
    try {
      return toVisitorResponse(request, response, options);
    } catch (error) {
      log.error("page.left-alone", { reason: "fault", ...toLogFields(error) });
      return response;
    }
  };
}

/** The site while `ORIGIN_URL` is no address: there is no page to pass on, and passing on to elsewhere would leak cookies. */
export function createUnusableSite(): Site {
  return async () => renderBadGateway();
}

/** Every change of an answer. All decisions come first: once the body is taken, nothing may throw. */
function toVisitorResponse(request: Request, response: Response, options: SiteOptions): Response {
  const { injection, log } = options;
  const cookies = response.headers.getSetCookie();
  const allowedCookies = cookies.filter((cookie) => !isOwnSetCookie(cookie));
  const edits = buildLocationEdits(request, response, options.originUrl);
  const decision = decideInjection(toRequestFacts(request), toResponseFacts(response), injection);
  if (!decision.inject) log.debug("page.left-alone", { reason: decision.reason, status: response.status });
  const page = decision.inject ? injection : null;
  if (page !== null) edits.push(...buildPageResponseEdits(response.headers));
  if (page === null && edits.length === 0 && allowedCookies.length === cookies.length) return response;

  const body = page === null ? response.body : insertPageTag(request, response, page, log);
  const changed = new Response(body, response);
  applyHeaderEdits(changed.headers, edits);
  if (allowedCookies.length < cookies.length) {
    changed.headers.delete("set-cookie");
    for (const cookie of allowedCookies) changed.headers.append("set-cookie", cookie);
  }
  return changed;
}

function insertPageTag(request: Request, { body, status }: Response, page: PageInjection, log: Log) {
  if (body === null) return null;
  return insertTag(body, {
    tag: renderScriptTag({ chatPath: page.chatPath, async: page.async, nonce: null }),
    isNavigation: request.headers.get("sec-fetch-dest") === "document",
    onLeft: (reason) => log.debug("page.left-alone", { reason, status }),
  });
}

function buildLocationEdits(request: Request, response: Response, originUrl: URL | null): HeaderEdit[] {
  const location = response.headers.get("location");
  if (location === null || originUrl === null) return [];
  const publicLocation = toPublicLocation(location, request.url, originUrl);
  return publicLocation === location ? [] : [["location", publicLocation]];
}

function toRequestFacts(request: Request): RequestFacts {
  return {
    method: request.method,
    url: new URL(request.url),
    destination: request.headers.get("sec-fetch-dest"),
    cacheControl: request.headers.get("cache-control"),
    isUpgrade: isUpgrade(request),
  };
}

function toResponseFacts({ status, headers }: Response): ResponseFacts {
  return {
    status,
    contentType: headers.get("content-type"),
    contentEncoding: headers.get("content-encoding"),
    contentDisposition: headers.get("content-disposition"),
    cacheControl: headers.get("cache-control"),
  };
}

function isUpgrade(request: Request): boolean {
  return request.headers.has("upgrade");
}
