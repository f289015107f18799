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
// Any other element begins the body: neither of the two tags has to be there.
const HEAD_OR_IMPLIED_END =
  /<(?:\/head|(?!(?:html|head|meta|title|link|script|style|base|basefont|bgsound|template|noscript|noframes)\b)[a-z])/i;

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
  // A tag that is not whole yet may become one that matters.
  const lastTag = rest.lastIndexOf("<");
  const isOpen = lastTag !== -1 && !rest.includes(">", lastTag);
  return { kind: "more", settled: isOpen ? from + lastTag : html.length };
}
