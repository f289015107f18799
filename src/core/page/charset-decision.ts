import { type HtmlToken, readToken, type TokenProgress } from "./html-token.ts";

/** What the page itself says about its charset, for the tag. */
export type CharsetDecision =
  | { readonly kind: "insert" }
  | { readonly kind: "leave"; readonly reason: "charset" | "late-charset" }
  /** The declaration may still come. */
  | { readonly kind: "more"; readonly progress: CharsetProgress };

/** How far the search for the declaration has come. */
export interface CharsetProgress {
  readonly at: number;
  readonly token: TokenProgress;
}

/** Facts beside the bytes. */
export interface CharsetFacts {
  /** Where the tag is to go. */
  readonly place: number;
  /** Length of the tag. */
  readonly tagBytes: number;
  /** Whether the body ends here. */
  readonly isComplete: boolean;
  /** What an earlier call with less of the same body gave. */
  readonly from?: CharsetProgress | undefined;
}

/**
 * How far into a page browsers look for its charset, in bytes. Source: HTML Standard, 13.2.3.2 "prescan". Chromium also
 * reads a tag to its end that begins before (measured).
 */
const PRESCAN_BYTES = 1024;

/** How far such a tag is read. */
const MAX_READ_BYTES = 2 * PRESCAN_BYTES;

const MAYBE_META = /^<(?:m(?:e(?:ta?)?)?)?$/i;

/** The escape character, with which ISO-2022-JP leaves ASCII. */
const ESCAPE = "\x1b";
const ISO_2022_JP = /charset[\t\n\f\r ]*=["'\t\n\f\r ]*(?:cs)?iso-?2022-?jp/i;

/**
 * Whether a page that names its charset itself, and not in a header, can have the tag.
 *
 * In ISO-2022-JP the tag's bytes may not mean ASCII. And the tag must not push a `<meta charset>` beyond the bytes in which
 * browsers look for it. Browsers read these bytes before they show anything, so nobody waits for the decision.
 *
 * @param html The body so far, one character a byte.
 */
export function decideByCharset(html: string, { place, tagBytes, isComplete, from }: CharsetFacts): CharsetDecision {
  if (from === undefined && html.slice(0, place).includes(ESCAPE)) return { kind: "leave", reason: "charset" };
  const beginning = html.slice(0, MAX_READ_BYTES);
  let at = from?.at ?? place;
  let progress = from?.token ?? null;
  for (;;) {
    at = html.slice(0, PRESCAN_BYTES).indexOf("<", at);
    if (at === -1) at = Math.min(html.length, PRESCAN_BYTES);
    if (at === PRESCAN_BYTES) return { kind: "insert" };
    const token = readToken(beginning, at, progress);
    progress = null;
    switch (token.kind) {
      case "partial":
        if (isComplete || (html.length >= PRESCAN_BYTES && !mayBeMeta(html, at))) return { kind: "insert" };
        if (html.length > MAX_READ_BYTES) return { kind: "leave", reason: "late-charset" };
        return { kind: "more", progress: { at, token: token.progress } };
      case "text":
        at += 1;
        break;
      case "comment":
      case "doctype":
        at = token.end;
        break;
      case "tag": {
        const text = html.slice(at, token.end);
        if (namesCharset(token, text)) return decideByDeclaration(text, token.end + tagBytes);
        at = token.end;
        break;
      }
    }
  }
}

/** Whether an unfinished tag may be a `<meta>`. */
function mayBeMeta(html: string, at: number): boolean {
  return MAYBE_META.test(html.slice(at, at + "<meta".length));
}

function decideByDeclaration(meta: string, end: number): CharsetDecision {
  if (ISO_2022_JP.test(meta)) return { kind: "leave", reason: "charset" };
  return end > PRESCAN_BYTES ? { kind: "leave", reason: "late-charset" } : { kind: "insert" };
}

function namesCharset({ name, attributes }: HtmlToken & { readonly kind: "tag" }, text: string): boolean {
  if (name !== "meta") return false;
  return attributes.includes("charset") || (attributes.includes("http-equiv") && /charset/i.test(text));
}
