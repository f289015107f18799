import { type PolicyReason } from "../policy/obstacle.ts";
import { type Policies, type PolicyDecision } from "../policy/patch-policies.ts";
import { type BodyDecision, type BodyFacts, decideByBody, hasByteOrderMark, type Undecided } from "./body-decision.ts";
import { type CharsetProgress, decideByCharset } from "./charset-decision.ts";
import { type HeadProgress, searchHead } from "./head-search.ts";
import { decideByResponse, type InjectionReason, type ResponseFacts } from "./injection.ts";

export type HeaderDecision =
  /** `policies` are the changed policies of the page, and `nonce` is for the tag. */
  | { readonly inject: true; readonly policies: Policies; readonly nonce: string | null }
  | { readonly inject: false; readonly reason: InjectionReason | PolicyReason };

interface Answer {
  readonly status: number;
  readonly headers: Headers;
}

/**
 * Whether an answer may get the tag, by its status and headers.
 *
 * @param patch Adds the chat's sources to the page's policies.
 */
export function decideByHeaders(answer: Answer, patch: (found: Policies) => PolicyDecision): HeaderDecision {
  const { headers, status } = answer;
  // A 304 has no headers of a page, except policies, which replace the stored ones.
  const decision = status === 304 ? { inject: true as const } : decideByResponse(toResponseFacts(answer));
  if (!decision.inject) return decision;
  const found = {
    enforced: headers.get("content-security-policy"),
    reportOnly: headers.get("content-security-policy-report-only"),
  };
  // Most pages have no policy, and parsing an address is slow.
  if (found.enforced === null && found.reportOnly === null) return { inject: true, policies: found, nonce: null };
  const patched = patch(found);
  if (!patched.works) return { inject: false, reason: patched.reason };
  return { inject: true, policies: patched.policies, nonce: patched.nonce };
}

function toResponseFacts({ status, headers }: Answer): ResponseFacts {
  return {
    status,
    contentType: headers.get("content-type"),
    contentEncoding: headers.get("content-encoding"),
    contentLength: headers.get("content-length"),
    contentDisposition: headers.get("content-disposition"),
    cacheControl: headers.get("cache-control"),
    embedderPolicy: headers.get("cross-origin-embedder-policy"),
    integrityPolicy: headers.get("integrity-policy"),
  };
}

export interface PlaceFacts extends Omit<BodyFacts, "from"> {
  /** Whether a header names the charset, which then overrules a `<meta charset>`. */
  readonly hasCharset: boolean;
  readonly tagBytes: number;
  /** What an earlier call with less of the same body gave. */
  readonly from?: UndecidedPlace | undefined;
}

export type PlaceDecision = DecidedPlace | UndecidedPlace;

export type DecidedPlace = Exclude<BodyDecision, Undecided>;

export type UndecidedPlace = Undecided | UndecidedCharset;

/** The tag goes in at `settled`, unless the page's charset allows no tag. */
interface UndecidedCharset {
  readonly kind: "more";
  readonly settled: number;
  readonly place: Place;
  readonly charset: CharsetProgress;
  readonly head: HeadProgress;
}

type Place = BodyDecision & { readonly kind: "insert" };

/**
 * The place of the tag by a body's beginning, or the reason why the page gets no tag.
 *
 * @param html The body so far, one character a byte.
 */
export function decidePlace(html: string, facts: PlaceFacts): PlaceDecision {
  const { from, hasCharset } = facts;
  if (from !== undefined && "place" in from) return checkCharset(html, from.place, facts, from);
  const decision = decideByBody(html, { ...facts, from });
  if (decision.kind !== "insert" || hasCharset || hasByteOrderMark(html)) return decision;
  return checkCharset(html, decision, facts);
}

function checkCharset(html: string, place: Place, facts: PlaceFacts, from?: UndecidedCharset): PlaceDecision {
  const { at } = place;
  const { isComplete, tagBytes } = facts;
  const decision = decideByCharset(html, { place: at, tagBytes, isComplete, from: from?.charset });
  if (decision.kind === "leave") return decision;
  if (decision.kind === "insert") return place;
  const { next } = searchHead(html, from?.head ?? at);
  // A page that has come to its body names no charset any more: then its reader does not wait.
  return next === null ? place : { kind: "more", settled: at, place, charset: decision.progress, head: next };
}
