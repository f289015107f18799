/** The tag that a page gets. */
export const TAG = '<script data-cfasync="false" async src="/_chat/widget.js"></script>';

export const NAVIGATION = ["Sec-Fetch-Dest: document", "Sec-Fetch-Mode: navigate"];

/** Pages, and the text right before the tag. */
export const PAGES: readonly (readonly [path: string, after: string])[] = [
  ["/", "<head>"],
  ["/shop/green", "<head>"],
  ["/no-such-page", "<head>"],
  ["/try/document/plain", "<head>"],
  ["/try/document/no-head", "<html>\n"],
  ["/try/document/no-html", "<!doctype html>\n"],
  ["/try/document/text-only", "<!doctype html>\n"],
  ["/try/document/upper-case", "<HEAD PROFILE='x>y'>"],
  ["/try/document/comment-first", "<![endif]-->\n<html>\n<head>"],
  ["/try/document/byte-order-mark", "<html>\n<head>"],
  ["/try/document/xml-declaration", "<html>\n<head>"],
  ["/try/document/template-head", "<!doctype html>\n<html>\n"],
  ["/try/document/unclosed-select", "<head>"],
  ["/try/document/framing", "<head>"],
  ["/try/charset/utf-8", "<head>"],
  ["/try/charset/windows-1252", "<head>"],
  ["/try/charset/none", "<head>"],
  ["/try/charset/shift-jis", "<head>"],
  ["/try/status/203", "<head>"],
  ["/try/status/404", "<head>"],
  ["/try/status/503", "<head>"],
  ["/try/validators/etag", "<head>"],
  ["/try/stream/pieces", "<head>"],
  ["/try/stream/early-doctype", "<head>"],
  ["/try/stream/slow", "<head>"],
  ["/try/stream/large-page", "<head>"],
];

/** Answers that are no page by their headers: headers and body stay. */
export const UNTOUCHED: readonly (readonly [reason: string, path: string, headers: readonly string[]])[] = [
  ["destination", "/assets/shop.css", ["Sec-Fetch-Dest: style"]],
  ["status", "/try/range/picture", [...NAVIGATION, "Range: bytes=0-99"]],
  ["status", "/try/status/204", NAVIGATION],
  ["status", "/try/redirect/page", NAVIGATION],
  ["content-type", "/try/document/xhtml", NAVIGATION],
  ["content-type", "/assets/shop.css", NAVIGATION],
  ["charset", "/try/charset/utf-16", NAVIGATION],
  ["charset", "/try/charset/unknown", NAVIGATION],
  ["encoding", "/try/encoding/zstd", NAVIGATION],
  ["encoding", "/try/encoding/deflate", NAVIGATION],
  ["encoding", "/try/encoding/gzip-br", NAVIGATION],
  ["no-transform", "/try/document/no-transform", NAVIGATION],
  ["download", "/try/document/download", NAVIGATION],
  ["excluded-path", "/product/dragon-well", NAVIGATION],
];

/** Pages that are fetched for another use: only `Vary` is added, so that a browser does not show this copy as a page. */
export const TAGLESS_COPIES: readonly (readonly [reason: string, path: string, headers: readonly string[]])[] = [
  ["frame", "/try/document/plain", ["Sec-Fetch-Dest: iframe"]],
  ["destination", "/try/document/plain", ["Sec-Fetch-Dest: empty"]],
  ["destination", "/try/encoding/zstd", ["Sec-Fetch-Dest: empty"]],
];

/** Answers that are no page by their body: the body stays. */
export const NO_DOCUMENTS: readonly (readonly [reason: string, path: string, headers: readonly string[]])[] = [
  ["empty", "/try/document/empty", NAVIGATION],
  ["not-html", "/try/document/json", NAVIGATION],
  ["not-html", "/try/charset/utf-16-unlabelled", NAVIGATION],
  ["amp", "/try/document/amp", NAVIGATION],
  ["fragment", "/try/document/fragment", []],
];
