import { type PolicyReason } from "../policy/obstacle.ts";
import { type Policies, type PolicyDecision } from "../policy/patch-policies.ts";
import { type BodyDecision, type BodyFacts, decideByBody, decideByCharset } from "./body-decision.ts";
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
  };
}

export interface PlaceFacts extends BodyFacts {
  /** Whether a header names the charset, which then overrules a `<meta charset>`. */
  readonly hasCharset: boolean;
  readonly tagBytes: number;
}

/**
 * The place of the tag by a body's beginning, or the reason why the page gets no tag.
 *
 * @param html The body so far, one character a byte.
 */
export function decidePlace(html: string, facts: PlaceFacts): BodyDecision {
  const decision = decideByBody(html, facts);
  if (decision.kind !== "insert" || facts.hasCharset) return decision;
  const reason = decideByCharset(html, decision.at, facts.tagBytes);
  return reason === null ? decision : { kind: "leave", reason };
}
