import { MAX_HEAD_SEARCH_BYTES } from "../../limits.ts";
import { readToken, skipWhiteSpace, type TokenProgress } from "./html-token.ts";

/** Why a body gets no tag though its headers call it a page. */
export type BodyReason =
  | "empty"
  | "not-html"
  | "fragment"
  | "amp"
  | "no-head-found"
  | "charset"
  | "late-charset"
  | "parsers-disagree";

/** What the beginning of a body tells. Positions count bytes from its start. */
export type BodyDecision =
  /** `isInHead`: a `<head>` tag is right before the place. Else the place is before the markup that opens the head. */
  | { readonly kind: "insert"; readonly at: number; readonly isInHead: boolean }
  | { readonly kind: "leave"; readonly reason: BodyReason }
  | Undecided;

/** More of the body is needed. The tag goes in at `settled` or later, so the bytes before it can be sent on. */
export interface Undecided {
  readonly kind: "more";
  readonly settled: number;
  readonly seen: Seen;
  /** How far the markup at `settled` has been read. */
  readonly token: TokenProgress | null;
}

/** What was found before a position, so that the search can go on from there. */
export interface Seen {
  readonly isDocument: boolean;
  readonly hasMarkup: boolean;
}

/** Facts beside the bytes. */
export interface BodyFacts {
  /** Whether the body ends here. */
  readonly isComplete: boolean;
  /** Whether the browser sent `Sec-Fetch-Dest: document`; without that header, only a doctype or `<html>` makes a document. */
  readonly isNavigation: boolean;
  /** What an earlier call with less of the same body gave. */
  readonly from?: Undecided | undefined;
}

/** In UTF-8, as Windows-1252 shows it. */
const BYTE_ORDER_MARK = "ï»¿";

// Before the head is open, browsers ignore every end tag but these.
const END_TAGS_THAT_OPEN_THE_HEAD = new Set(["/head", "/body", "/html", "/br"]);

/**
 * Where a browser opens the head of a document, which is where the tag goes in.
 *
 * It takes a browser's own steps and stops at the head's first byte. So a `head` in a template, a script or an image, or a
 * misplaced or missing one, cannot mislead it.
 *
 * @param prefix The body's beginning, read as Windows-1252: one character a byte, whatever the page's charset.
 * Source: HTML Standard, 13.2.6.4.2 "before html" and 13.2.6.4.3 "before head" insertion modes.
 */
export function decideByBody(prefix: string, { isComplete, isNavigation, from }: BodyFacts): BodyDecision {
  let { isDocument, hasMarkup } = from?.seen ?? { isDocument: isNavigation, hasMarkup: false };
  let at = from?.settled ?? 0;
  let progress = from?.token ?? null;
  const toMore = (token: TokenProgress | null): BodyDecision => {
    if (isComplete) return leave("empty");
    if (prefix.length > MAX_HEAD_SEARCH_BYTES) return leave("no-head-found");
    return { kind: "more", settled: at, seen: { isDocument, hasMarkup }, token };
  };
  if (at === 0) {
    if (BYTE_ORDER_MARK.startsWith(prefix) && prefix.length < BYTE_ORDER_MARK.length) return toMore(null);
    if (hasByteOrderMark(prefix)) at = BYTE_ORDER_MARK.length;
  }
  for (;;) {
    at = skipWhiteSpace(prefix, at);
    if (at > MAX_HEAD_SEARCH_BYTES) return leave("no-head-found");
    const token = readToken(prefix, at, progress);
    progress = null;
    switch (token.kind) {
      case "partial":
        return toMore(token.progress);
      case "text":
        // Browsers drop a NUL, but not the white space around it: a tag there would move the white space.
        if (!hasMarkup || prefix[at] === "\0") return leave("not-html");
        return isDocument ? { kind: "insert", at, isInHead: false } : leave("fragment");
      case "comment":
        at = token.end;
        break;
      case "doctype":
        isDocument = true;
        hasMarkup = true;
        at = token.end;
        break;
      case "tag":
        hasMarkup = true;
        if (token.name === "html") {
          if (token.attributes.includes("amp")) return leave("amp");
          isDocument = true;
        } else if (!token.name.startsWith("/") || END_TAGS_THAT_OPEN_THE_HEAD.has(token.name)) {
          if (!isDocument) return leave("fragment");
          const isInHead = token.name === "head";
          return { kind: "insert", at: isInHead ? token.end : at, isInHead };
        }
        at = token.end;
        break;
    }
  }
}

function leave(reason: BodyReason): BodyDecision {
  return { kind: "leave", reason };
}

/** Whether a body begins with the mark that makes it UTF-8 for every browser, whatever else it says. */
export function hasByteOrderMark(prefix: string): boolean {
  return prefix.startsWith(BYTE_ORDER_MARK);
}
