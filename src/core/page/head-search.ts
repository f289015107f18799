import { readToken, skipWhiteSpace, type TokenProgress } from "./html-token.ts";
import { beginText, findTextEnd, isTextElement, type TextProgress } from "./text-element.ts";

/** What the arrived part of a head holds. Positions count bytes from the body's start. */
export interface HeadSearch {
  /** No policy is unfinished before this position: the bytes before it can be sent on. */
  readonly settled: number;
  /** The elements before `settled` that may be policies. */
  readonly policies: readonly PolicyElement[];
  /** Where the search goes on when more has arrived; `null` where the body has begun. */
  readonly next: HeadProgress | null;
}

/** A `<meta http-equiv>` that may be a policy. */
export interface PolicyElement {
  readonly at: number;
  readonly end: number;
}

/** How far a head has been read. */
export interface HeadProgress {
  readonly at: number;
  readonly token: TokenProgress | null;
  /** `null` outside of text elements. */
  readonly text: TextProgress | null;
  readonly around: Surroundings;
}

/** Where in a head the search is. */
interface Surroundings {
  readonly isAfterHead: boolean;
  /** How many templates are open. Their content is no part of the document. */
  readonly templates: number;
  /** How many `svg` and `math` are open within templates. */
  readonly foreign: number;
}

/** A name may be written with references for its characters. */
const POLICY = /content-security-policy|&#/i;

/** An unfinished tag that begins so may become a `<meta>`. */
const MAYBE_META = /^<(?:m|$)/i;

/** Browsers keep these in the head; any other element opens the body. `</head>` does not: a policy behind it still counts. */
const HEAD_ELEMENTS = new Set(
  "html,head,meta,title,link,script,style,base,basefont,bgsound,template,noscript,noframes".split(","),
);
const END_TAGS_THAT_OPEN_THE_BODY = new Set(["/body", "/html", "/br"]);
const FOREIGN = new Set(["svg", "math"]);

/**
 * Searches a head for `<meta>` policies, tag by tag, so that no text in a script, a comment or a description misleads it.
 *
 * @param html The body so far, one character a byte.
 * @param from Where the head opens, or where an earlier call with less of the same body stopped.
 */
export function searchHead(html: string, from: number | HeadProgress): HeadSearch {
  let { at, token: progress, text, around } = typeof from === "number" ? toBeginning(from) : from;
  const policies: PolicyElement[] = [];
  for (;;) {
    if (text !== null) {
      const end = findTextEnd(html, text);
      if (typeof end !== "number") {
        return { settled: html.length, policies, next: { at, token: null, text: end, around } };
      }
      at = end;
      text = null;
    }
    const start = skipWhiteSpace(html, at);
    const token = readToken(html, start, progress);
    progress = null;
    switch (token.kind) {
      case "partial": {
        const settled = MAYBE_META.test(html.slice(start, start + 2)) ? start : html.length;
        return { settled, policies, next: { at: start, token: token.progress, text, around } };
      }
      case "text":
        if (around.templates === 0) return { settled: start, policies, next: null };
        at = findMarkup(html, start + 1);
        break;
      case "comment":
      case "doctype":
        at = token.end;
        break;
      case "tag": {
        const { attributes, end, name } = token;
        if (opensBody(name, around)) return { settled: start, policies, next: null };
        around = pass(around, name, html[end - 2] === "/");
        const isMeta = around.templates === 0 && name === "meta" && attributes.includes("http-equiv");
        if (isMeta && POLICY.test(html.slice(start, end))) policies.push({ at: start, end });
        if (isTextElement(name) && around.foreign === 0) text = beginText(name, end);
        at = end;
        break;
      }
    }
  }
}

function toBeginning(at: number): HeadProgress {
  return { at, token: null, text: null, around: { isAfterHead: false, templates: 0, foreign: 0 } };
}

function findMarkup(html: string, from: number): number {
  const at = html.indexOf("<", from);
  return at === -1 ? html.length : at;
}

function opensBody(name: string, { isAfterHead, templates }: Surroundings): boolean {
  // Everything behind this tag is text.
  if (templates > 0) return name === "plaintext";
  if (name.startsWith("/")) return END_TAGS_THAT_OPEN_THE_BODY.has(name);
  return !HEAD_ELEMENTS.has(name) || (isAfterHead && name === "noscript");
}

/** The surroundings behind a tag. */
function pass(around: Surroundings, name: string, isClosed: boolean): Surroundings {
  const { isAfterHead, templates, foreign } = around;
  if (name === "/template" && templates > 0) return { isAfterHead, templates: templates - 1, foreign: 0 };
  if (templates > 0 && FOREIGN.has(name)) return isClosed ? around : { ...around, foreign: foreign + 1 };
  if (foreign > 0) return FOREIGN.has(name.slice(1)) ? { ...around, foreign: foreign - 1 } : around;
  if (name === "template") return { ...around, templates: templates + 1 };
  return name === "/head" && templates === 0 ? { ...around, isAfterHead: true } : around;
}
