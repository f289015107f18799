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
  | "no-transform"
  | "download";

/** What the decision needs to know of a request. */
export interface RequestFacts {
  readonly method: string;
  readonly url: URL;
  /** `Sec-Fetch-Dest`; `null` from older browsers and other programs. */
  readonly destination: string | null;
  readonly cacheControl: string | null;
  readonly isUpgrade: boolean;
}

/** What the decision needs to know of the origin's answer: its status and headers; the body comes later. */
export interface ResponseFacts {
  readonly status: number;
  readonly contentType: string | null;
  readonly contentEncoding: string | null;
  readonly contentDisposition: string | null;
  readonly cacheControl: string | null;
}

/** Which pages the owner wants the chat on; `null` where it is switched off. */
export type InjectionScope = { readonly isIncluded: (url: URL) => boolean } | null;

export type InjectionDecision =
  | { readonly inject: true }
  | { readonly inject: false; readonly reason: InjectionReason };

const FRAME_DESTINATIONS = new Set(["iframe", "frame", "embed", "object", "fencedframe"]);

// workerd decodes and encodes exactly these; any other body would be rewritten in its encoded form.
const READABLE_ENCODINGS = new Set(["gzip", "br"]);

/**
 * Whether a page gets the tag, as far as headers tell. A case not known here is left alone.
 *
 * @param scope Which pages the owner wants the chat on.
 */
export function decideInjection(
  request: RequestFacts,
  response: ResponseFacts,
  scope: InjectionScope,
): InjectionDecision {
  if (scope === null) return { inject: false, reason: "switched-off" };
  const reason = findRequestReason(request) ?? findResponseReason(response);
  if (reason !== null) return { inject: false, reason };
  return scope.isIncluded(request.url) ? { inject: true } : { inject: false, reason: "excluded-path" };
}

function findRequestReason({ method, destination, cacheControl, isUpgrade }: RequestFacts): InjectionReason | null {
  if (isUpgrade) return "upgrade";
  // A page that answers a form is a page: a live chat goes on there.
  if (method !== "GET" && method !== "HEAD" && destination !== "document") return "method";
  if (destination !== null && FRAME_DESTINATIONS.has(destination)) return "frame";
  if (destination !== null && destination !== "document") return "destination";
  return hasDirective(cacheControl, "no-transform") ? "no-transform" : null;
}

function findResponseReason(response: ResponseFacts): InjectionReason | null {
  const { status, contentEncoding } = response;
  if (!isDocumentStatus(status)) return "status";
  const { essence, charset } = parseContentType(response.contentType ?? "");
  if (essence !== "text/html") return "content-type";
  if (!isReadableCharset(charset)) return "charset";
  if (contentEncoding !== null && !READABLE_ENCODINGS.has(contentEncoding)) return "encoding";
  if (hasDirective(response.cacheControl, "no-transform")) return "no-transform";
  return /^\s*attachment\b/i.test(response.contentDisposition ?? "") ? "download" : null;
}

/** Pages and error pages that a browser shows as the answer itself: no 204, 205, 206, 304 and no redirect. */
function isDocumentStatus(status: number): boolean {
  return status === 200 || status === 203 || (status >= 400 && status <= 599);
}

function hasDirective(cacheControl: string | null, name: string): boolean {
  return (cacheControl ?? "").split(",").some((directive) => directive.trim().toLowerCase() === name);
}

function parseContentType(contentType: string): { essence: string; charset: string | null } {
  const essence = contentType.split(";", 1)[0]?.trim().toLowerCase() ?? "";
  const charset = /;\s*charset\s*=\s*"?([^\s;"]*)/i.exec(contentType)?.[1] ?? null;
  return { essence, charset };
}

/** Whether `<` and the tag's own bytes mean in this charset what they mean in ASCII. */
function isReadableCharset(label: string | null): boolean {
  if (label === null) return true;
  try {
    const { encoding } = new TextDecoder(label);
    return !encoding.startsWith("utf-16") && encoding !== "iso-2022-jp";
  } catch {
    return false;
  }
}
