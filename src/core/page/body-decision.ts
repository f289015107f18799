import { MAX_HEAD_SEARCH_BYTES } from "../../limits.ts";
import { readToken, skipWhiteSpace } from "./html-token.ts";

/** Why a body gets no tag though its headers call it a page. */
export type BodyReason = "empty" | "not-html" | "fragment" | "amp" | "no-head-found" | "charset" | "late-charset";

/** What the beginning of a body tells. Positions count bytes from its start. */
export type BodyDecision =
  | { readonly kind: "insert"; readonly at: number }
  | { readonly kind: "leave"; readonly reason: BodyReason }
  /** More of the body is needed. The tag goes in at `settled` or later, so the bytes before it can be sent on. */
  | { readonly kind: "more"; readonly settled: number; readonly seen: Seen };

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
  /** Where an earlier call on the same body stopped. */
  readonly from?: { readonly settled: number; readonly seen: Seen };
}

// UTF-8 sequences, as Windows-1252 shows them.
const UTF8_BYTE_ORDER_MARK = "ï»¿";

// `<html amp>`, `<html amp4email>`, and `<html ⚡>` in UTF-8.
const AMP_ATTRIBUTE = /^(?:amp|âš¡)/;

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
  if (at === 0) {
    if (UTF8_BYTE_ORDER_MARK.startsWith(prefix) && prefix.length < UTF8_BYTE_ORDER_MARK.length) {
      return isComplete ? leave("empty") : { kind: "more", settled: 0, seen: { isDocument, hasMarkup } };
    }
    if (prefix.startsWith(UTF8_BYTE_ORDER_MARK)) at = UTF8_BYTE_ORDER_MARK.length;
  }
  for (;;) {
    at = skipWhiteSpace(prefix, at);
    if (at > MAX_HEAD_SEARCH_BYTES) return leave("no-head-found");
    const token = readToken(prefix, at);
    switch (token.kind) {
      case "partial":
        if (isComplete) return leave("empty");
        return prefix.length > MAX_HEAD_SEARCH_BYTES
          ? leave("no-head-found")
          : { kind: "more", settled: at, seen: { isDocument, hasMarkup } };
      case "text":
        // Browsers drop a NUL, but not the white space around it: a tag there would move the white space.
        if (!hasMarkup || prefix[at] === "\0") return leave("not-html");
        return isDocument ? { kind: "insert", at } : leave("fragment");
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
          if (token.attributes.some((name) => AMP_ATTRIBUTE.test(name))) return leave("amp");
          isDocument = true;
        } else if (!token.name.startsWith("/") || END_TAGS_THAT_OPEN_THE_HEAD.has(token.name)) {
          if (!isDocument) return leave("fragment");
          return { kind: "insert", at: token.name === "head" ? token.end : at };
        }
        at = token.end;
        break;
    }
  }
}

function leave(reason: BodyReason): BodyDecision {
  return { kind: "leave", reason };
}

/** How far into a page browsers look for its charset, in bytes. Source: HTML Standard, 13.2.3.2 "prescan". */
const PRESCAN_BYTES = 1024;

/** The escape character, with which ISO-2022-JP leaves ASCII. */
const ESCAPE = "\x1b";

/**
 * Why a page that names its charset itself, and not in a header, gets no tag; `null` where it gets one.
 *
 * In ISO-2022-JP the tag's bytes may not mean ASCII. And the tag must not push a `<meta charset>` beyond the bytes in which
 * browsers look for it.
 *
 * @param html The body so far, one character a byte. The decision does not wait for more.
 * @param place Where the tag is to go.
 * @param tagBytes Length of the tag.
 */
export function decideByCharset(html: string, place: number, tagBytes: number): "charset" | "late-charset" | null {
  if (html.slice(0, place).includes(ESCAPE)) return "charset";
  const beginning = html.slice(place, PRESCAN_BYTES).toLowerCase();
  let end = 0;
  for (let start = beginning.indexOf("<meta"); start !== -1; start = beginning.indexOf("<meta", end)) {
    end = beginning.indexOf(">", start) + 1;
    if (end === 0) return null;
    const meta = beginning.slice(start, end);
    if (/charset[\t\n\f\r ]*=["'\t\n\f\r ]*(?:cs)?iso-?2022-?jp/.test(meta)) return "charset";
    // Every such element counts: in a description the word may mean nothing.
    if (meta.includes("charset") && place + end + tagBytes > PRESCAN_BYTES) return "late-charset";
  }
  return null;
}
