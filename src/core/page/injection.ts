import { parseContentType } from "./content-type.ts";

/** Why a page gets no tag. Log, tests and the doctor use the same word. */
export type InjectionReason =
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
  | "coep"
  | "integrity-policy";

/** Whether a reason is about a page, and not about a request for another kind of file. */
export function isOfPage(reason: string): boolean {
  return !REASONS_OF_NO_PAGE.has(reason);
}

const REASONS_OF_NO_PAGE: ReadonlySet<string> = new Set(["method", "upgrade", "destination", "frame"]);

/** The facts of a request that decide. */
export interface RequestFacts {
  readonly method: string;
  /** The full URL. */
  readonly url: string;
  /** `Sec-Fetch-Dest`; `null` from older browsers and other programs. */
  readonly destination: string | null;
  /** `Sec-Purpose`: a prefetch has the destination `empty`, and the page is shown later. */
  readonly purpose: string | null;
  readonly cacheControl: string | null;
  readonly isUpgrade: boolean;
}

/** The facts of the origin's answer that decide: status and headers. */
export interface ResponseFacts {
  readonly status: number;
  readonly contentType: string | null;
  readonly contentEncoding: string | null;
  readonly contentLength: string | null;
  readonly contentDisposition: string | null;
  readonly cacheControl: string | null;
  /** `Cross-Origin-Embedder-Policy`. */
  readonly embedderPolicy: string | null;
  /** `Integrity-Policy`. */
  readonly integrityPolicy: string | null;
}

/** The pages on which the owner wants the chat. */
export interface InjectionScope {
  readonly isIncluded: (url: string) => boolean;
}

export type InjectionDecision =
  | { readonly inject: true }
  | { readonly inject: false; readonly reason: InjectionReason };

const FRAME_DESTINATIONS = new Set(["iframe", "frame", "embed", "object", "fencedframe"]);

// workerd decodes these alone. The tag would go into the encoded bytes of any other body.
const READABLE_ENCODINGS = new Set(["gzip", "br"]);

/** @param contentEncoding Value of `Content-Encoding`, `null` without one. */
export function isReadableEncoding(contentEncoding: string | null): boolean {
  return contentEncoding === null || READABLE_ENCODINGS.has(contentEncoding);
}

/**
 * Whether the answer to a request may get the tag. An unknown case gets none.
 *
 * @param scope The pages on which the owner wants the chat.
 */
export function decideByRequest(request: RequestFacts, scope: InjectionScope): InjectionDecision {
  const { method, destination, purpose, cacheControl, isUpgrade } = request;
  if (isUpgrade) return { inject: false, reason: "upgrade" };
  // The answer to a form is a page too: a live chat goes on there.
  if (method !== "GET" && method !== "HEAD" && destination !== "document") return { inject: false, reason: "method" };
  if (destination !== null && FRAME_DESTINATIONS.has(destination)) return { inject: false, reason: "frame" };
  const isPrefetch = destination === "empty" && /^prefetch\b/i.test(purpose ?? "");
  if (destination !== null && destination !== "document" && !isPrefetch)
    return { inject: false, reason: "destination" };
  if (NO_TRANSFORM.test(cacheControl ?? "")) return { inject: false, reason: "no-transform" };
  return scope.isIncluded(request.url) ? { inject: true } : { inject: false, reason: "excluded-path" };
}

/** Whether an answer may get the tag, by its status and headers. An unknown case gets none. */
export function decideByResponse(response: ResponseFacts): InjectionDecision {
  const reason = findResponseReason(response);
  return reason === null ? { inject: true } : { inject: false, reason };
}

function findResponseReason(response: ResponseFacts): InjectionReason | null {
  const { status, contentEncoding } = response;
  if (!isDocumentStatus(status)) return "status";
  const { isPage, charset } = parseContentType(response.contentType);
  if (!isPage) return "content-type";
  if (!isReadableCharset(charset)) return "charset";
  if (!isReadableEncoding(contentEncoding)) return "encoding";
  // Browsers accept an empty body that is called gzip; a decoder fails on it.
  if (/^0+$/.test(response.contentLength ?? "")) return "empty";
  if (NO_TRANSFORM.test(response.cacheControl ?? "")) return "no-transform";
  if (isDownload(response.contentDisposition ?? "")) return "download";
  // Such a page loads frames and scripts of other origins only when they opt in, and the widget's do not.
  if (/^ *require-corp(?:[ ;]|$)/.test(response.embedderPolicy ?? "")) return "coep";
  // Amazon names no hash of its client, which changes.
  return blocksScripts(response.integrityPolicy ?? "") ? "integrity-policy" : null;
}

/** Statuses whose body a browser shows: not 204, 205, 206, 304 or a redirect. */
function isDocumentStatus(status: number): boolean {
  return status === 200 || status === 203 || (status >= 400 && status <= 599);
}

// Around a directive or type, HTTP's grammar allows space and tab alone.
const NO_TRANSFORM = /(?:^|,)[\t ]*no-transform[\t ]*(?:,|$)/i;
const BLOCKED_DESTINATIONS = /(?:^|,)[\t ]*blocked-destinations=\(([^()]*)\)/;
const DISPOSITION_TYPE = /^[\t ]*([-!#$%&'*+.^`|~\w]+)[\t ]*(?:;|$)/;

/** Whether an `Integrity-Policy` refuses scripts without a hash. */
function blocksScripts(integrityPolicy: string): boolean {
  return BLOCKED_DESTINATIONS.exec(integrityPolicy)?.[1]?.split(" ").includes("script") ?? false;
}

/** Whether browsers save the body: they do for an unknown type, and show it without a type. Source: RFC 6266 §4.2. */
function isDownload(contentDisposition: string): boolean {
  const type = DISPOSITION_TYPE.exec(contentDisposition)?.[1] ?? "inline";
  return type.toLowerCase() !== "inline";
}

/** Whether `<` and the tag's own bytes mean in this charset what they mean in ASCII. */
function isReadableCharset(label: string | null): boolean {
  // Nearly every page is in UTF-8, and making a decoder is slow.
  if (label === null || /^utf-?8$/i.test(label)) return true;
  try {
    const { encoding } = new TextDecoder(label);
    return !encoding.startsWith("utf-16") && encoding !== "iso-2022-jp";
  } catch {
    return false;
  }
}
