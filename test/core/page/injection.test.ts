import { describe, expect, it } from "vitest";
import {
  decideByRequest,
  decideByResponse,
  type InjectionReason,
  type RequestFacts,
  type ResponseFacts,
} from "../../../src/core/page/injection.ts";

const request: RequestFacts = {
  method: "GET",
  url: "https://www.example.com/shop",
  destination: "document",
  purpose: null,
  cacheControl: null,
  isUpgrade: false,
};
const response: ResponseFacts = {
  status: 200,
  contentType: "text/html; charset=utf-8",
  contentEncoding: null,
  contentLength: "120",
  contentDisposition: null,
  cacheControl: "public, max-age=60",
  embedderPolicy: null,
  integrityPolicy: null,
};
const scope = { isIncluded: (url: string) => !url.endsWith("/excluded") };

const forRequest = (change: Partial<RequestFacts>) => decideByRequest({ ...request, ...change }, scope);
const forResponse = (change: Partial<ResponseFacts>) => decideByResponse({ ...response, ...change });
const leave = (reason: InjectionReason) => ({ inject: false, reason });

describe("decideByRequest(), decideByResponse()", () => {
  it("take a page", () => {
    expect(forRequest({})).toEqual({ inject: true });
    expect(forResponse({})).toEqual({ inject: true });
  });

  it("takes a page asked for by HEAD, so that its headers equal those of GET", () => {
    expect(forRequest({ method: "HEAD" })).toEqual({ inject: true });
  });

  it("takes a page asked for without Sec-Fetch-Dest", () => {
    expect(forRequest({ destination: null })).toEqual({ inject: true });
  });

  it("leaves an upgrade", () => {
    expect(forRequest({ isUpgrade: true })).toEqual(leave("upgrade"));
  });

  it.each(["POST", "PUT", "DELETE", "OPTIONS", "PROPFIND"])(
    "leaves the answer to %s that is no navigation",
    (method) => {
      expect(forRequest({ method, destination: null })).toEqual(leave("method"));
    },
  );

  it("leaves a page whose Integrity-Policy refuses scripts without a hash", () => {
    for (const integrityPolicy of [
      "blocked-destinations=(script)",
      "sources=(inline), blocked-destinations=(style script)",
    ])
      expect(forResponse({ integrityPolicy })).toEqual(leave("integrity-policy"));
    for (const integrityPolicy of ["blocked-destinations=(style)", "blocked-destinations=()", "sources=(script)"])
      expect(forResponse({ integrityPolicy })).toEqual({ inject: true });
  });

  it.each(["prefetch", "prefetch;prerender", "prefetch;anonymous-client-ip"])("takes a page for %s", (purpose) => {
    expect(forRequest({ destination: "empty", purpose })).toEqual({ inject: true });
    expect(forRequest({ destination: "document", purpose })).toEqual({ inject: true });
  });

  it("leaves a page with Cross-Origin-Embedder-Policy: require-corp", () => {
    expect(forResponse({ embedderPolicy: 'require-corp; report-to="x"' })).toEqual(leave("coep"));
    for (const embedderPolicy of ["credentialless", "Require-Corp", "require-corp-x", "\u00a0require-corp"])
      expect(forResponse({ embedderPolicy })).toEqual({ inject: true });
  });

  it("injects into the page that answers a form", () => {
    expect(forRequest({ method: "POST", destination: "document" })).toEqual({ inject: true });
  });

  it.each(["iframe", "frame", "embed", "object", "fencedframe"])("leaves a page in a %s", (destination) => {
    expect(forRequest({ destination })).toEqual(leave("frame"));
  });

  it.each(["empty", "script", "image", "worker", "nested-navigate", ""])(
    "leaves what is fetched as %j",
    (destination) => {
      expect(forRequest({ destination })).toEqual(leave("destination"));
    },
  );

  it("leaves an excluded path", () => {
    expect(forRequest({ url: "https://www.example.com/excluded" })).toEqual(leave("excluded-path"));
  });

  it("leaves a page that the browser asks for with no-transform", () => {
    expect(forRequest({ cacheControl: "no-transform" })).toEqual(leave("no-transform"));
  });

  it.each([200, 203, 401, 403, 404, 410, 500, 503])("takes a page with status %i", (status) => {
    expect(forResponse({ status })).toEqual({ inject: true });
  });

  it.each([101, 201, 202, 204, 205, 206, 207, 226, 300, 301, 302, 303, 304, 307, 308, 600, 999])(
    "leaves status %i",
    (status) => {
      expect(forResponse({ status })).toEqual(leave("status"));
    },
  );

  it.each(["text/html", "TEXT/HTML", " text/html ;charset=utf-8", "text/html;"])("takes the type %j", (contentType) => {
    expect(forResponse({ contentType })).toEqual({ inject: true });
  });

  it.each([
    null,
    "",
    "text/plain",
    "text/html5",
    "application/xhtml+xml",
    "image/svg+xml",
    "application/json; a=text/html",
    "text/html, text/html",
  ])("leaves the type %j", (contentType) => {
    expect(forResponse({ contentType })).toEqual(leave("content-type"));
  });

  it.each(["utf-8", "UTF-8", '"utf8"', "windows-1252", "iso-8859-15", "Shift_JIS", "gb18030", "euc-kr"])(
    "takes the charset %s",
    (charset) => {
      expect(forResponse({ contentType: `text/html; Charset=${charset}` })).toEqual({ inject: true });
    },
  );

  it.each(["utf-16", "UTF-16LE", "utf-16be", "iso-2022-jp", "utf-7", "klingon", ""])(
    "leaves the charset %j",
    (charset) => {
      expect(forResponse({ contentType: `text/html; a=b; charset=${charset}` })).toEqual(leave("charset"));
    },
  );

  it.each([null, "gzip", "br"])("takes the encoding %s", (contentEncoding) => {
    expect(forResponse({ contentEncoding })).toEqual({ inject: true });
  });

  it.each(["zstd", "deflate", "gzip, br", "x-gzip", "identity", "aws-chunked", ""])(
    "leaves the encoding %j",
    (contentEncoding) => {
      expect(forResponse({ contentEncoding })).toEqual(leave("encoding"));
    },
  );

  it("leaves an answer without bytes", () => {
    expect(forResponse({ contentLength: "00" })).toEqual(leave("empty"));
    expect(forResponse({ contentLength: null })).toEqual({ inject: true });
  });

  it.each(["no-transform", "max-age=60,No-Transform", "no-transform , public"])("obeys %j", (cacheControl) => {
    expect(forResponse({ cacheControl })).toEqual(leave("no-transform"));
  });

  it("takes a page whose cache-control only mentions the word", () => {
    for (const cacheControl of ["no-transform-please, x=no-transform", "\u00a0no-transform", "no-transform\v"])
      expect(forResponse({ cacheControl })).toEqual({ inject: true });
  });

  it.each(["attachment", 'Attachment; filename="a.html"', " attachment", "form-data", "inlined"])(
    "leaves a download: %j",
    (disposition) => {
      expect(forResponse({ contentDisposition: disposition })).toEqual(leave("download"));
    },
  );

  it.each(['inline; filename="attachment.html"', "INLINE\t", 'filename="a.html"', "\u00a0attachment", ""])(
    "takes a page that is shown: %j",
    (contentDisposition) => {
      expect(forResponse({ contentDisposition })).toEqual({ inject: true });
    },
  );
});
