import { buildRequest, type RequestParts } from "../../raw-request.ts";

export const ownCookie = "__Host-chat-0123abcd=eyJhbGciOiJkaXIifQ..sealed";

export type Call = Omit<RequestParts, "host">;

/** Calls whose answers have to be exactly those of a Worker that only passes on. */
export const CALLS: readonly (readonly [what: string, call: Call])[] = [
  ...[301, 302, 303, 307, 308].map(
    (status) => [`a ${status} with cookies`, { path: `/try/redirect/${status}` }] as const,
  ),
  ["a 307 to a POST", { method: "POST", path: "/try/redirect/307", body: "a=1" }],
  ["a redirect to elsewhere", { path: "/try/redirect/elsewhere" }],
  ["a redirect with a page as its body", { path: "/try/redirect/page", headers: ["Sec-Fetch-Dest: document"] }],
  ["several Set-Cookie headers", { path: "/try/cookies/several" }],
  ["a 204", { path: "/try/status/204" }],
  ["a 205", { path: "/try/status/205" }],
  ["a 304 by ETag", { path: "/try/validators/etag", headers: ['If-None-Match: "page-1"', "Sec-Fetch-Dest: empty"] }],
  [
    "a 304 by date",
    {
      path: "/try/validators/last-modified",
      headers: ["If-Modified-Since: Wed, 01 Oct 2025 10:00:00 GMT", "Sec-Fetch-Dest: empty"],
    },
  ],
  ["a reason phrase", { path: "/try/status/reason" }],
  ["a part of a picture", { path: "/try/range/picture", headers: ["Range: bytes=100-199"] }],
  ["a part of a page", { path: "/try/range/page", headers: ["Range: bytes=0-99", "Sec-Fetch-Dest: empty"] }],
  ["a range that is not there", { path: "/try/range/picture", headers: ["Range: bytes=9000-"] }],
  ["a picture", { path: "/try/range/picture" }],
  ["HEAD of a picture", { method: "HEAD", path: "/try/range/picture" }],
  ["HEAD of a download", { method: "HEAD", path: "/try/stream/download?bytes=12345" }],
  ["a download", { path: "/try/stream/download?bytes=300000" }],
  ["odd response headers", { path: "/try/headers" }],
  ["a style sheet", { path: "/assets/shop.css", headers: ["Sec-Fetch-Dest: style"] }],
  ["an unknown path", { path: "/nowhere.txt", headers: ["Sec-Fetch-Dest: image"] }],
  ["a path that looks like a host", { path: "//evil.example/a", headers: ["Sec-Fetch-Dest: empty"] }],
  ...["gzip", "br", "deflate", "zstd", "gzip-br"].map(
    (encoding) =>
      [
        `a body encoded as ${encoding}`,
        {
          path: `/try/encoding/${encoding}`,
          headers: ["Accept-Encoding: gzip, deflate, br, zstd", "Sec-Fetch-Dest: empty"],
        },
      ] as const,
  ),
  [
    "an encoding of the browser's choice",
    {
      path: "/try/encoding/negotiated",
      headers: ["Accept-Encoding: gzip, deflate, br, zstd", "Sec-Fetch-Dest: empty"],
    },
  ],
  ["the answer to a POST", { method: "POST", path: "/cart/add", body: "product=dragon-well" }],
  ["server-sent events", { path: "/try/stream/events?count=2", headers: ["Accept: text/event-stream"] }],
  ["a body that breaks off", { path: "/try/stream/broken", headers: ["Sec-Fetch-Dest: empty"] }],
];

/** Requests that have to reach the origin exactly as through a Worker that only passes on. */
export const REQUESTS: readonly (readonly [what: string, call: Call])[] = [
  ["GET", { path: "/try/echo?a=%20+%2F&&b=" }],
  ["an escaped path", { path: "/try/echo?%zz|x" }],
  ...["POST", "PUT", "PATCH", "DELETE", "OPTIONS"].map(
    (method) =>
      [
        `${method} with a body`,
        { method, path: "/try/echo", headers: ["Content-Type: text/plain"], body: "b\u00f6dy\r\n\0" },
      ] as const,
  ),
  ["a method of WebDAV", { method: "PROPFIND", path: "/try/echo", headers: ["Depth: 1"] }],
  [
    "an upload in chunks",
    { method: "POST", path: "/try/echo", headers: ["Transfer-Encoding: chunked", "X-Body: chunks"] },
  ],
  [
    "many headers",
    {
      path: "/try/echo",
      headers: [
        "Accept: text/html;q=0.9, */*",
        "Accept-Encoding: gzip, deflate, br, zstd",
        "Authorization: Basic Og==",
        'If-None-Match: W/"a", "b"',
        "Range: bytes=0-",
        "Origin: null",
        "X-Twice: 1",
        "X-Twice: 2",
        "X-Latin: caf\u00e9",
        "X-Empty:",
        'Cookie: a=1;b="x, y" ; __Host-other=1; c',
      ],
    },
  ],
];

export function toBytes(request: RequestParts): string {
  const isChunked = request.headers?.includes("X-Body: chunks");
  return buildRequest(request) + (isChunked ? "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n" : "");
}

export interface Echo {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

/** The request as the origin received it, without the headers that only a request to another host has. */
export function readEcho(body: Buffer, toOtherHost: boolean): Echo {
  const echo: Echo = JSON.parse(String(body));
  if (!toOtherHost) return echo;
  return { ...echo, headers: echo.headers.filter(([name]) => !/^(?:cf-|x-forwarded-)/.test(name)) };
}
