import { readToken } from "./html-token.ts";

/** What the arrived part of a head tells. */
export type HeadSearch =
  /** The head has no policy. */
  | { readonly kind: "none" }
  /** The head has a policy, or a text that looks like one. `end` is where the head closes; `null` until that has arrived. */
  | { readonly kind: "policy"; readonly end: number | null }
  /** More of the head is needed. No policy begins before `settled`. */
  | { readonly kind: "more"; readonly settled: number };

const POLICY = /content-security-policy/i;
const HEAD_END = /<\/head|<body/i;
// Any other element begins the body, also without `</head>` and `<body>`. No name here has more than nine letters.
const HEAD_OR_IMPLIED_END =
  /<(?:\/head|(?!(?:html|head|meta|title|link|script|style|base|basefont|bgsound|template|noscript|noframes)\b)[a-z](?:[^\s/>]{0,9}[\s/>]|[^\s/>]{9}))/i;

/**
 * Whether a head may hold a `<meta>` policy.
 *
 * A text in a script or comment may look like a policy: that costs a closer look and changes nothing. A text that looks
 * like the head's end stops the search early.
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

// Between the tags of these elements, everything is text.
const TEXT_ELEMENT = /^(?:script|style|title|textarea|noscript|noframes|noembed|iframe|xmp|plaintext)$/;

/**
 * Where the last unfinished markup begins; the end of the text without any.
 *
 * The search goes on from there when more has arrived: the rest of a script or comment, read without its beginning, would
 * look like tags.
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
