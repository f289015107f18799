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

/** How far into a page browsers look for its charset, in bytes. Source: HTML Standard, 13.2.3.2 "prescan". */
const PRESCAN_BYTES = 1024;

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
  const beginning = html.slice(0, PRESCAN_BYTES);
  let at = from?.at ?? place;
  let progress = from?.token ?? null;
  for (;;) {
    at = beginning.indexOf("<", at);
    if (at === -1) at = beginning.length;
    const token = readToken(beginning, at, progress);
    progress = null;
    switch (token.kind) {
      case "partial":
        return isComplete || html.length >= PRESCAN_BYTES
          ? { kind: "insert" }
          : { kind: "more", progress: { at, token: token.progress } };
      case "text":
        at += 1;
        break;
      case "comment":
      case "doctype":
        at = token.end;
        break;
      case "tag": {
        const text = beginning.slice(at, token.end);
        if (namesCharset(token, text)) return decideByDeclaration(text, token.end + tagBytes);
        at = token.end;
        break;
      }
    }
  }
}

function decideByDeclaration(meta: string, end: number): CharsetDecision {
  if (ISO_2022_JP.test(meta)) return { kind: "leave", reason: "charset" };
  return end > PRESCAN_BYTES ? { kind: "leave", reason: "late-charset" } : { kind: "insert" };
}

function namesCharset({ name, attributes }: HtmlToken & { readonly kind: "tag" }, text: string): boolean {
  if (name !== "meta") return false;
  return attributes.includes("charset") || (attributes.includes("http-equiv") && /charset/i.test(text));
}
