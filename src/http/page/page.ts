import { insertTag } from "./tag-inserter.ts";
import { type BodyReason } from "../../core/page/body-decision.ts";
import { type ChatSources } from "../../core/policy/chat-sources.ts";
import { type PolicyReason } from "../../core/policy/obstacle.ts";
import { patchPolicies } from "../../core/policy/patch-policies.ts";
import { parseContentType } from "../../core/page/content-type.ts";
import { toFingerprint } from "../../core/page/fingerprint.ts";
import { type HeaderEdit } from "../../core/headers/header-edits.ts";
import { decideByRequest, type InjectionReason, type RequestFacts } from "../../core/page/injection.ts";
import { decideByHeaders } from "../../core/page/page-decision.ts";
import { buildPageEdits, buildStoredPageEdits, toReadableEncodings } from "../../core/page/headers.ts";
import { toOriginConditions } from "../../core/page/validators.ts";
import { renderScriptTag } from "../../core/page/script-tag.ts";

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
  readonly toBody: ((body: ReadableStream<Uint8Array>) => ReadableStream<Uint8Array>) | null;
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
  /** @returns `null` for an answer that is left alone. */
  planResponse(request: Request, response: Response, report: ReportOutcome): ResponsePlan | null;
}

// Increase this when the same tag and sources give other bytes or headers than before.
const TRANSFORMATION = 3;

export function createPages(injection: PageInjection): Pages {
  const { chatPath, async, sources } = injection;
  const version = toFingerprint(JSON.stringify([TRANSFORMATION, chatPath, async, sources]));
  // Without `Sec-Fetch-Dest: document` fewer bodies count as documents, so the same page may have no tag.
  const versionFor = (request: Request) => (isNavigation(request) ? version : `${version}p`);
  const usualTag = renderScriptTag({ chatPath, async, nonce: null });

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

    planResponse(request, response, report) {
      const { headers, status } = response;
      const own = () => `${new URL(request.url).origin}${chatPath}/`;
      const decision = decideByHeaders(response, (found) => patchPolicies(found, sources, own()));
      if (!decision.inject) {
        report({ inject: false, reason: decision.reason, status });
        return null;
      }
      const { nonce, policies } = decision;
      const pageVersion = versionFor(request);
      if (status === 304) return { edits: buildStoredPageEdits(headers, policies, pageVersion), toBody: null };
      const options = {
        tag: nonce === null ? usualTag : renderScriptTag({ chatPath, async, nonce }),
        isNavigation: isNavigation(request),
        hasCharset: parseContentType(headers.get("content-type")).charset !== null,
        patchPolicy: (policy: string) => patchPolicies({ enforced: policy, reportOnly: null }, sources, own()),
        onDecided: (reason: BodyReason | PolicyReason | null) =>
          report(reason === null ? { inject: true } : { inject: false, reason, status }),
      };
      return { edits: buildPageEdits(headers, policies, pageVersion), toBody: (body) => insertTag(body, options) };
    },
  };
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
