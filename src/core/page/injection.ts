import { parseContentType } from "./content-type.ts";

/** Why a page is left as it is. The same word goes to the log, the tests and the explain output. */
export type InjectionReason =
  | "switched-off"
  | "upgrade"
  | "method"
  | "frame"
  | "destination"
  | "excluded-path"
  | "status"
  | "content-type"
  | "charset"
  | "encoding"
  | "empty"
  | "no-transform"
  | "download"
  | "coep";

/** Whether a reason speaks of a page, and not of one of the many requests that are for none. */
export function isOfPage(reason: string): boolean {
  return !REASONS_OF_NO_PAGE.has(reason);
}

const REASONS_OF_NO_PAGE: ReadonlySet<string> = new Set(["method", "upgrade", "destination", "frame"]);

/** What the decision needs to know of a request. */
export interface RequestFacts {
  readonly method: string;
  /** The full URL. */
  readonly url: string;
  /** `Sec-Fetch-Dest`; `null` from older browsers and other programs. */
  readonly destination: string | null;
  /** `Sec-Purpose`: a prefetched page is asked for as `empty`, and shown later. */
  readonly purpose: string | null;
  readonly cacheControl: string | null;
  readonly isUpgrade: boolean;
}

/** What the decision needs to know of the origin's answer: its status and headers; the body comes later. */
export interface ResponseFacts {
  readonly status: number;
  readonly contentType: string | null;
  readonly contentEncoding: string | null;
  readonly contentLength: string | null;
  readonly contentDisposition: string | null;
  readonly cacheControl: string | null;
  /** `Cross-Origin-Embedder-Policy`. */
  readonly embedderPolicy: string | null;
}

/** Which pages the owner wants the chat on; `null` where it is switched off. */
export type InjectionScope = { readonly isIncluded: (url: string) => boolean } | null;

export type InjectionDecision =
  | { readonly inject: true }
  | { readonly inject: false; readonly reason: InjectionReason };

const FRAME_DESTINATIONS = new Set(["iframe", "frame", "embed", "object", "fencedframe"]);

// workerd decodes and encodes exactly these; any other body would be rewritten in its encoded form.
const READABLE_ENCODINGS = new Set(["gzip", "br"]);

/** @param contentEncoding Value of `Content-Encoding`, `null` without one. */
export function isReadableEncoding(contentEncoding: string | null): boolean {
  return contentEncoding === null || READABLE_ENCODINGS.has(contentEncoding);
}

/**
 * Whether the answer to a request may get the tag. A case not known here is left alone.
 *
 * @param scope Which pages the owner wants the chat on.
 */
export function decideByRequest(request: RequestFacts, scope: InjectionScope): InjectionDecision {
  if (scope === null) return { inject: false, reason: "switched-off" };
  const { method, destination, purpose, cacheControl, isUpgrade } = request;
  if (isUpgrade) return { inject: false, reason: "upgrade" };
  // A page that answers a form is a page: a live chat goes on there.
  if (method !== "GET" && method !== "HEAD" && destination !== "document") return { inject: false, reason: "method" };
  if (destination !== null && FRAME_DESTINATIONS.has(destination)) return { inject: false, reason: "frame" };
  const isPrefetch = destination === "empty" && /^prefetch\b/i.test(purpose ?? "");
  if (destination !== null && destination !== "document" && !isPrefetch)
    return { inject: false, reason: "destination" };
  if (NO_TRANSFORM.test(cacheControl ?? "")) return { inject: false, reason: "no-transform" };
  return scope.isIncluded(request.url) ? { inject: true } : { inject: false, reason: "excluded-path" };
}

/** Whether an answer may get the tag, as far as its status and headers tell. A case not known here is left alone. */
export function decideByResponse(response: ResponseFacts): InjectionDecision {
  const reason = findResponseReason(response);
  return reason === null ? { inject: true } : { inject: false, reason };
}

function findResponseReason(response: ResponseFacts): InjectionReason | null {
  const { status, contentEncoding } = response;
  if (!isDocumentStatus(status)) return "status";
  const { essence, charset } = parseContentType(response.contentType);
  if (essence !== "text/html") return "content-type";
  if (!isReadableCharset(charset)) return "charset";
  if (!isReadableEncoding(contentEncoding)) return "encoding";
  // In an encoding, no bytes at all are an error to whoever decodes them, and to no browser.
  if (response.contentLength === "0") return "empty";
  if (NO_TRANSFORM.test(response.cacheControl ?? "")) return "no-transform";
  if (isDownload(response.contentDisposition ?? "")) return "download";
  // It forbids every frame and script from elsewhere that does not opt in, and the widget's do not.
  return /^ *require-corp(?:[ ;]|$)/.test(response.embedderPolicy ?? "") ? "coep" : null;
}

/** Pages and error pages that a browser shows as the answer itself: no 204, 205, 206, 304 and no redirect. */
function isDocumentStatus(status: number): boolean {
  return status === 200 || status === 203 || (status >= 400 && status <= 599);
}

// Space and tab are all the white space that there is around a directive or type: nothing else is part of HTTP's grammar.
const NO_TRANSFORM = /(?:^|,)[\t ]*no-transform[\t ]*(?:,|$)/i;
const DISPOSITION_TYPE = /^[\t ]*([-!#$%&'*+.^`|~\w]+)[\t ]*(?:;|$)/;

/** Browsers save what has a type that they do not know, and show what has none. Source: RFC 6266 §4.2. */
function isDownload(contentDisposition: string): boolean {
  const type = DISPOSITION_TYPE.exec(contentDisposition)?.[1] ?? "inline";
  return type.toLowerCase() !== "inline";
}

/** Whether `<` and the tag's own bytes mean in this charset what they mean in ASCII. */
function isReadableCharset(label: string | null): boolean {
  // Nearly every page is in UTF-8, and a decoder is costly to make.
  if (label === null || /^utf-?8$/i.test(label)) return true;
  try {
    const { encoding } = new TextDecoder(label);
    return !encoding.startsWith("utf-16") && encoding !== "iso-2022-jp";
  } catch {
    return false;
  }
}
