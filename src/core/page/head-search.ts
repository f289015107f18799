import { readToken } from "./html-token.ts";

/** What the rest of a head tells, as far as it is here. */
export type HeadSearch =
  /** It has no policy of its own. */
  | { readonly kind: "none" }
  /** It has a policy, or something that looks like one; `end` is where the head closes, `null` while that is not here. */
  | { readonly kind: "policy"; readonly end: number | null }
  /** More is needed. Everything before `settled` is no part of a policy. */
  | { readonly kind: "more"; readonly settled: number };

const POLICY = /content-security-policy/i;
const HEAD_END = /<\/head|<body/i;
// Any other element begins the body: neither of the two tags has to be there. None of the
// names has more than nine letters.
const HEAD_OR_IMPLIED_END =
  /<(?:\/head|(?!(?:html|head|meta|title|link|script|style|base|basefont|bgsound|template|noscript|noframes)\b)[a-z](?:[^\s/>]{0,9}[\s/>]|[^\s/>]{9}))/i;

/**
 * Whether a head may hold a `<meta>` policy. What only looks like one, in a script or comment, costs a closer look and
 * nothing else; an end of the head that is none only ends the search early.
 *
 * @param html The body so far, one character a byte.
 * @param from Where the head opens.
 */
export function searchHead(html: string, from: number): HeadSearch {
  const rest = html.slice(from);
  const policy = rest.search(POLICY);
  const end = rest.search(HEAD_END);
  if (policy !== -1 && (end === -1 || policy < end)) {
    const after = rest.slice(policy).search(HEAD_OR_IMPLIED_END);
    return { kind: "policy", end: after === -1 ? null : from + policy + after };
  }
  if (end !== -1) return { kind: "none" };
  return { kind: "more", settled: findUnfinished(html, from) };
}

// What is between their tags is text, whatever it looks like.
const TEXT_ELEMENT = /^(?:script|style|title|textarea|noscript|noframes|noembed|iframe|xmp|plaintext)$/;

/**
 * Where markup begins whose end is not here, or where all that is here ends. A tag may become one that matters; and what
 * follows within a script or comment, read by itself, would look like tags.
 */
function findUnfinished(html: string, from: number): number {
  let at = from;
  for (;;) {
    const start = html.indexOf("<", at);
    if (start === -1) return html.length;
    const token = readToken(html, start);
    if (token.kind === "partial") return start;
    at = token.kind === "text" ? start + 1 : token.end;
    if (token.kind !== "tag" || !TEXT_ELEMENT.test(token.name)) continue;
    const length = html.slice(at).search(new RegExp(`</${token.name}[\\t\\n\\f\\r />]`, "i"));
    if (length === -1) return start;
    at += length;
  }
}
