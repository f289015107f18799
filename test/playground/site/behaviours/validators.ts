import { type IncomingMessage, type ServerResponse } from "node:http";
import { type Route } from "../route.ts";

const PAGE = Buffer.from(
  `<!doctype html>\n<html lang="en">\n<head><title>Kept</title></head>\n<body>${"<p>Kept.</p>\n".repeat(200)}</body></html>\n`,
);
const PICTURE = Buffer.from(Array.from({ length: 5000 }, (_, index) => index % 251));
const ETAG = '"page-1"';
const MODIFIED_AT = "Wed, 01 Oct 2025 10:00:00 GMT";

/** Validators and ranges: 304, 206 and 416. */
export const validatorRoutes: readonly Route[] = [
  {
    path: "/try/validators/etag",
    about: "a page with a strong ETag; 304 when the browser has it",
    handle: (request, response) => {
      const headers = { etag: ETAG, "cache-control": "no-cache", "content-type": "text/html; charset=utf-8" };
      const known = request.headers["if-none-match"]?.replace(/^W\//, "") === ETAG;
      sendUnlessKnown(response, known, headers);
    },
  },
  {
    path: "/try/validators/last-modified",
    about: "a page with Last-Modified alone; 304 when the browser has it",
    handle: (request, response) => {
      const headers = {
        "last-modified": MODIFIED_AT,
        "cache-control": "no-cache",
        "content-type": "text/html; charset=utf-8",
      };
      sendUnlessKnown(response, request.headers["if-modified-since"] === MODIFIED_AT, headers);
    },
  },
  {
    path: "/try/validators/policy",
    about: "a page with an ETag and a Content-Security-Policy",
    handle: (request, response) => {
      const headers = {
        etag: ETAG,
        "content-security-policy": "script-src 'self'",
        "cache-control": "no-cache",
        "content-type": "text/html; charset=utf-8",
      };
      sendUnlessKnown(response, request.headers["if-none-match"] === ETAG, headers);
    },
  },
  {
    path: "/try/validators/busy",
    about: "a page whose origin answers 304, and is too busy for more",
    handle: (request, response) => {
      const isKnown = request.headers["if-none-match"] === ETAG;
      response.writeHead(isKnown ? 304 : 503, { etag: ETAG, "content-type": "text/html; charset=utf-8" });
      response.end(isKnown ? undefined : "<!doctype html><p>Too busy.</p>");
    },
  },
  {
    path: "/try/validators/style",
    about: "a style sheet with a strong ETag",
    handle: (request, response) => {
      const headers = { etag: '"style-1"', "cache-control": "no-cache", "content-type": "text/css; charset=utf-8" };
      sendUnlessKnown(response, request.headers["if-none-match"] === '"style-1"', headers);
    },
  },
  {
    path: "/try/validators/digest",
    about: "a page with Content-MD5, Digest and Repr-Digest",
    handle: (_request, response) => {
      response.writeHead(200, {
        "content-type": "text/html; charset=utf-8",
        "content-md5": "Q2hlY2sgSW50ZWdyaXR5IQ==",
        digest: "sha-256=X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=",
        "content-digest": "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:",
        "repr-digest": "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:",
        "content-length": PAGE.length,
      });
      response.end(PAGE);
    },
  },
  {
    path: "/try/range/picture",
    about: "5,000 bytes that can be asked for in parts",
    handle: (request, response) => sendRange(request, response, PICTURE, "image/png"),
  },
  {
    path: "/try/range/page",
    about: "a page that can be asked for in parts",
    handle: (request, response) => sendRange(request, response, PAGE, "text/html; charset=utf-8"),
  },
];

function sendUnlessKnown(response: ServerResponse, isKnown: boolean, headers: Record<string, string>): void {
  response.writeHead(isKnown ? 304 : 200, isKnown ? headers : { ...headers, "content-length": PAGE.length });
  response.end(isKnown ? undefined : PAGE);
}

/** Understands `bytes=a-b`, `bytes=a-` and `bytes=-n`: tests ask for no other range. */
function sendRange(request: IncomingMessage, response: ServerResponse, whole: Buffer, type: string): void {
  const headers = { "content-type": type, "accept-ranges": "bytes", etag: ETAG };
  const [, first = "", last = ""] = /^bytes=(\d*)-(\d*)$/.exec(request.headers.range ?? "") ?? [];
  if (first === "" && last === "") {
    response.writeHead(200, { ...headers, "content-length": whole.length });
    response.end(whole);
    return;
  }
  const start = first === "" ? whole.length - Number(last) : Number(first);
  const end = first === "" || last === "" ? whole.length - 1 : Math.min(Number(last), whole.length - 1);
  if (start > end) {
    response.writeHead(416, { ...headers, "content-range": `bytes */${whole.length}`, "content-length": 0 });
    response.end();
    return;
  }
  const part = whole.subarray(start, end + 1);
  response.writeHead(206, {
    ...headers,
    "content-range": `bytes ${start}-${end}/${whole.length}`,
    "content-length": part.length,
  });
  response.end(part);
}
