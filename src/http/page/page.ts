import { createTagWriter } from "./rewriter.ts";
import { insertTag, type SmallBody } from "./tag-inserter.ts";
import { type BodyReason } from "../../core/page/body-decision.ts";
import { type ChatSources } from "../../core/policy/chat-sources.ts";
import { type PolicyReason } from "../../core/policy/obstacle.ts";
import { patchPolicies } from "../../core/policy/patch-policies.ts";
import { parseContentType } from "../../core/page/content-type.ts";
import { toFingerprint } from "../../core/page/fingerprint.ts";
import { type HeaderEdit } from "../../core/headers/header-edits.ts";
import { decideByRequest, type InjectionReason, type RequestFacts } from "../../core/page/injection.ts";
import { decideByHeaders } from "../../core/page/page-decision.ts";
import {
  buildPageEdits,
  buildStoredPageEdits,
  buildTaglessCopyEdits,
  toReadableEncodings,
} from "../../core/page/headers.ts";
import { toOriginConditions } from "../../core/page/validators.ts";
import { renderScriptTag } from "../../core/page/script-tag.ts";
import { SMALL_PAGE_BYTES } from "../../limits.ts";

/** The pages that get the chat, and what is inserted. */
export interface PageInjection {
  readonly chatPath: string;
  /** `false` where our script has to run before the page's own snippet. */
  readonly async: boolean;
  /** @param url The full URL. */
  readonly isIncluded: (url: string) => boolean;
  readonly sources: ChatSources;
}

/** The changes of a request for a possible page. */
export interface RequestPlan {
  readonly edits: readonly HeaderEdit[];
  /** Whether a 304 or 206 may be about bytes without our tag. */
  readonly isAmbiguous: boolean;
}

/** The changes of an answer. */
export interface ResponsePlan {
  readonly edits: readonly HeaderEdit[];
  /** `null`: the body stays as it is. */
  readonly toBody: ((body: ReadableStream<Uint8Array>) => Promise<ReadableStream<Uint8Array> | Uint8Array>) | null;
}

/** Whether a page got the tag, or the reason why not. */
export type PageOutcome =
  | { readonly inject: true }
  | {
      readonly inject: false;
      readonly reason: InjectionReason | PolicyReason | BodyReason;
      /** Status of the answer; absent where the request decided. */
      readonly status?: number;
    };

/** Called once with the outcome, possibly after the response has begun. */
export type ReportOutcome = (outcome: PageOutcome) => void;

/** The transformation of pages, from request to answer. */
export interface Pages {
  /** @returns `null` for what gets no tag whatever the answer is. */
  planRequest(request: Request, report: ReportOutcome): RequestPlan | null;
  /**
   * For a request that gets no tag.
   *
   * @returns The changes of an answer that would be a page if a visitor had asked for it; `null` for any other.
   */
  planTaglessCopy(request: Request, response: Response): ResponsePlan | null;
  /** @returns `null` for an answer that is left alone. */
  planResponse(request: Request, response: Response, report: ReportOutcome): ResponsePlan | null;
}

/** Under this policy the chat needs every change that there is. */
const STRICT_POLICY = "default-src 'self'";

export function createPages(injection: PageInjection): Pages {
  const { chatPath, async, sources } = injection;
  const usualTag = renderScriptTag({ chatPath, async, nonce: null });
  const usualWriter = createTagWriter(usualTag);
  const strict = patchPolicies(
    { enforced: STRICT_POLICY, reportOnly: null },
    sources,
    `https://any.example${chatPath}/`,
  );
  // Of all that is put into pages: the same page with another tag is another page.
  const version = toFingerprint(JSON.stringify([usualTag, strict]));
  // Without `Sec-Fetch-Dest: document` fewer bodies count as documents, so the same page may have no tag.
  const versionFor = (request: Request) => (isNavigation(request) ? version : `${version}p`);
  const toOwnSource = ({ url }: Request) => `${new URL(url).origin}${chatPath}/`;
  const decide = (request: Request, response: Response) =>
    decideByHeaders(response, (found) => patchPolicies(found, sources, toOwnSource(request)));

  return {
    planRequest(request, report) {
      const leave = (reason: InjectionReason) => {
        report({ inject: false, reason });
        return null;
      };
      const decision = decideByRequest(toRequestFacts(request), injection);
      if (!decision.inject) return leave(decision.reason);
      const conditions = toOriginConditions(request.headers, versionFor(request));
      // A request that is not known to be for a page is sent once only.
      if (conditions.isAmbiguous && !mayShowPage(request.headers)) return leave("destination");
      return {
        isAmbiguous: conditions.isAmbiguous,
        edits: [...conditions.edits, ...buildEncodingEdits(request)],
      };
    },

    planTaglessCopy(request, response) {
      const { headers, status } = response;
      // Most such answers are pictures and scripts.
      if (status === 304 || !parseContentType(headers.get("content-type")).isPage) return null;
      const facts = toRequestFacts(request);
      const isRead = facts.method === "GET" || facts.method === "HEAD";
      if (!isRead || facts.destination === null || isNavigation(request)) return null;
      const asked = decideByRequest({ ...facts, destination: "document" }, injection);
      const decision = decide(request, response);
      // For a page, the Worker would have asked for an encoding that it can read.
      if (!asked.inject || !(decision.inject || decision.reason === "encoding")) return null;
      return { edits: buildTaglessCopyEdits(headers), toBody: null };
    },

    planResponse(request, response, report) {
      const { headers, status } = response;
      const decision = decide(request, response);
      if (!decision.inject) {
        report({ inject: false, reason: decision.reason, status });
        return null;
      }
      const { nonce, policies } = decision;
      const pageVersion = versionFor(request);
      if (status === 304) return { edits: buildStoredPageEdits(headers, policies, pageVersion), toBody: null };
      const options = {
        writer: nonce === null ? usualWriter : createTagWriter(renderScriptTag({ chatPath, async, nonce })),
        isNavigation: isNavigation(request),
        hasCharset: parseContentType(headers.get("content-type")).charset !== null,
        small: toSmallBody(headers),
        patchPolicy: (policy: string) =>
          patchPolicies({ enforced: policy, reportOnly: null }, sources, toOwnSource(request)),
        onDecided: (reason: BodyReason | PolicyReason | null) =>
          report(reason === null ? { inject: true } : { inject: false, reason, status }),
      };
      return { edits: buildPageEdits(headers, policies, pageVersion), toBody: (body) => insertTag(body, options) };
    },
  };
}

/** The size of a body that arrives at once. */
function toSmallBody(headers: Headers): SmallBody | null {
  const contentLength = headers.get("content-length");
  const transferred = contentLength === null ? Number.POSITIVE_INFINITY : Number(contentLength);
  const isCompressed = headers.has("content-encoding");
  // A page shrinks to a quarter, or to less.
  if (!(transferred <= (isCompressed ? SMALL_PAGE_BYTES / 4 : SMALL_PAGE_BYTES))) return null;
  return { length: isCompressed ? null : transferred };
}

function buildEncodingEdits(request: Request): HeaderEdit[] {
  const acceptEncoding = request.headers.get("accept-encoding");
  if (acceptEncoding === null || !isNavigation(request)) return [];
  const readable = toReadableEncodings(acceptEncoding);
  return readable === acceptEncoding ? [] : [["accept-encoding", readable]];
}

function isNavigation({ headers }: Request): boolean {
  return headers.get("sec-fetch-dest") === "document";
}

function mayShowPage(headers: Headers): boolean {
  return headers.has("sec-fetch-dest") || /\btext\/html\b/i.test(headers.get("accept") ?? "");
}

function toRequestFacts(request: Request): RequestFacts {
  return {
    method: request.method,
    url: request.url,
    destination: request.headers.get("sec-fetch-dest"),
    purpose: request.headers.get("sec-purpose"),
    cacheControl: request.headers.get("cache-control"),
    isUpgrade: request.headers.has("upgrade"),
  };
}
