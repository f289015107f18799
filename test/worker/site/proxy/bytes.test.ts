import { beforeAll, describe, expect, it } from "vitest";
import { type Exchange, exchange } from "../../raw-origin.ts";
import { type RunningWorker } from "../../start-worker.ts";
import { usePair, useRawOrigin } from "../../use-workers.ts";

const ownCookie = "__Host-chat-0123abcd=eyJhbGciOiJkaXIifQ..sealed";
const ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

/** A script of the page asks: the answer is not a page, so that nothing may change. */
const NO_PAGE = ["Sec-Fetch-Dest: empty"];

/** Every byte that is neither ASCII nor a control character. */
const HIGH_BYTES = Array.from({ length: 0x80 }, (_, index) => String.fromCodePoint(0x80 + index)).join("");

/** Paths that a URL parser would write in another way, or misread. */
const PATHS: readonly (readonly [what: string, path: string])[] = [
  ["escapes in both cases", "/a%2f%2F%41%00;b=1?c=%20+&&d=%E9%e9"],
  ["escapes that are none", "/a%zz%?%zz%"],
  ["bytes of UTF-8", "/caf\u00c3\u00a9?caf\u00c3\u00a9"],
  ["a byte of Latin-1", "/caf\u00e9"],
  ["characters that a URL parser escapes", "/'^|{}[]?'^|{}[]`<>"],
  ["dots", "/a/./b/../c/%2e%2E/d/..;/e"],
  ["backslashes", "/a\\b\\..\\c?\\"],
  ["an empty query", "/a?"],
  ["a second question mark", "/a?b?c"],
  ["a fragment", "/a?b#c"],
  ["empty segments", "//a///b//"],
  ["two slashes and a host", "//evil.example/a"],
  ["three slashes and a host", "///evil.example/a"],
  ["a backslash and a host", "/\\evil.example/a"],
  ["a user name", "/@evil.example"],
  ["a port", "/:80/a"],
  ["a whole URL", "http://evil.example/a?b"],
  ["60,000 characters", `/${"long/".repeat(12_000)}?${"q".repeat(100)}`],
];

const HEADERS: readonly (readonly [what: string, headers: readonly string[]])[] = [
  ["every byte from 0x80 on", [`X-Bytes: ${HIGH_BYTES}`, "X-Utf-8: caf\u00c3\u00a9", "Referer: http://a/\u00ff"]],
  ["empty values", ["X-Empty:", "X-Blank:   ", "Accept-Language:", "Cookie:"]],
  ["a repeated header", ["X-Twice: 1", "X-Between: 0", "x-twice: 2, 3", "X-TWICE: 1"]],
  ["two Cookie headers", ["Cookie: a=1; b=2", "Cookie: c=3"]],
  ["odd cookies", ['Cookie: =; a==; ;; b="x; y" ;c;caf\u00c3\u00a9=\u00e9; d=%00,e']],
  ["white space within", ["X-Space: a \t b   c,  d", "X-Around: \t a\t "]],
  ["odd names", ["X_Under: 1", "!#$%&'*+.^`|~: 1", "__proto__: 1", "constructor: 1"]],
  ["30,000 characters", [`X-Long: ${"long ".repeat(6000)}end`]],
  ["forms of conditions", ["If-None-Match: *", 'If-Match: "a", W/"b"', "If-Range: Wed, 01 Oct 2025 10:00:00 GMT"]],
];

/** Answers that a careless proxy gets wrong. The method is GET unless one is given. */
const ANSWERS_BY_METHOD: readonly (readonly [what: string, answer: string, method?: string])[] = [
  ["a 204", "HTTP/1.1 204 No Content\r\nContent-Type: text/html\r\nX-A: 1\r\n\r\n"],
  ["a 205", "HTTP/1.1 205 Reset Content\r\nContent-Type: text/html\r\nContent-Length: 0\r\n\r\n"],
  ["a 304", 'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\nContent-Type: text/html\r\nVary: Cookie\r\n\r\n'],
  ["a 304 with the length of its page", 'HTTP/1.1 304 Not Modified\r\nETag: W/"a"\r\nContent-Length: 77\r\n\r\n'],
  ["HEAD with a length", "HTTP/1.1 200 OK\r\nContent-Length: 12345\r\n\r\n", "HEAD"],
  [
    "HEAD without a length",
    "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n",
    "HEAD",
  ],
  ["early hints before a 200", `HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n${ANSWER}`],
  ["a 100 before a 200", `HTTP/1.1 100 Continue\r\n\r\n${ANSWER}`],
  ["a 299", "HTTP/1.1 299 Odd\r\nContent-Length: 2\r\n\r\nok"],
  ["a 418 with a page", "HTTP/1.1 418 I'm a teapot\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok"],
  ["a 999", "HTTP/1.1 999 Request denied\r\nContent-Length: 2\r\n\r\nok"],
  ["a reason phrase with high bytes", "HTTP/1.1 200 Tr\u00c3\u00a8s bien\r\nContent-Length: 2\r\n\r\nok"],
  ["no reason phrase", "HTTP/1.1 200 \r\nContent-Length: 2\r\n\r\nok"],
  ["HTTP/1.0 without a length", "HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nall of it"],
  ["a trailer", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-T\r\n\r\n2\r\nok\r\n0\r\nX-T: 1\r\n\r\n"],
  ["a body of no bytes", "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 0\r\n\r\n"],
  ["every byte from 0x80 on in a header", `HTTP/1.1 200 OK\r\nX-Bytes: ${HIGH_BYTES}\r\nContent-Length: 2\r\n\r\nok`],
  ["empty headers", "HTTP/1.1 200 OK\r\nX-Empty:\r\nX-Blank:  \r\nContent-Length: 2\r\n\r\nok"],
  [
    "repeated headers",
    "HTTP/1.1 200 OK\r\nX-Twice: 2\r\nVary: a\r\nx-twice: 1, 0\r\nVary: A\r\nContent-Length: 2\r\n\r\nok",
  ],
  [
    "a date of its own",
    "HTTP/1.1 200 OK\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\nAge: 7\r\nContent-Length: 2\r\n\r\nok",
  ],
  ["no type", "HTTP/1.1 200 OK\r\nContent-Length: 31\r\n\r\n<!doctype html><html><head></he"],
  ["an encoding without a body", "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 0\r\n\r\n"],
  ["an encoding that is not there", "HTTP/1.1 200 OK\r\nContent-Encoding: identity\r\nContent-Length: 2\r\n\r\nok"],
];

const ANSWERS = ANSWERS_BY_METHOD.map(([what, answer, method = "GET"]) => [what, answer, method] as const);

const SET_COOKIES = [
  "Set-Cookie: a=1; Path=/; Expires=Fri, 01 Jan 2100 00:00:00 GMT",
  "SET-COOKIE: a=2, b=3; Path=/a",
  "set-cookie: caf\u00c3\u00a9=\u00c3\u00a9",
  "Set-Cookie: a=1; Path=/; Expires=Fri, 01 Jan 2100 00:00:00 GMT",
  "Set-Cookie: nameless",
];

const origin = useRawOrigin();

describe.each([
  { mode: "with ORIGIN_URL", toOtherHost: true },
  { mode: "on a Route", toOtherHost: false },
])("bytes on their way, $mode", ({ toOtherHost }) => {
  const { ours, bare } = usePair(() => (toOtherHost ? { ORIGIN_URL: origin.origin } : {}));
  let host: string;
  beforeAll(() => {
    host = toOtherHost ? "www.example.com" : new URL(origin.origin).host;
  });

  const render = (path: string, headers: readonly string[] = [], method = "GET") =>
    [`${method} ${path} HTTP/1.1`, `Host: ${host}`, ...headers, "Connection: close", "", ""].join("\r\n");
  const ask = async (worker: RunningWorker, ...parts: Parameters<typeof render>): Promise<Exchange> => {
    const { asked, answered } = await exchange(worker, origin, { request: render(...parts), answer: ANSWER });
    return { asked: asked === null ? null : withoutHopHeaders(asked), answered };
  };
  const answer = async (worker: RunningWorker, bytes: string, method?: string, headers = NO_PAGE) =>
    (await exchange(worker, origin, { request: render("/a", headers, method), answer: bytes })).answered;

  describe("the URL is copied, not resolved", () => {
    it.each(PATHS)("passes on %s", async (_what, path) => {
      expect(await ask(ours, path)).toEqual(await ask(bare, path));
    });

    it.each(PATHS)("passes on %s where our cookie has to go", async (_what, path) => {
      expect(await ask(ours, path, [`Cookie: ${ownCookie}`])).toEqual(await ask(bare, path));
    });

    it("answers OPTIONS *, or fails with our page where a bare Worker fails", async () => {
      const expected = await ask(bare, "*", [], "OPTIONS");
      const got = await ask(ours, "*", [], "OPTIONS");
      if (expected.answered.startsWith("HTTP/1.1 500 ")) expect(got.answered).toMatch(/^HTTP\/1\.1 502 /);
      else expect(got).toEqual(expected);
    });
  });

  describe("request headers", () => {
    it.each(HEADERS)("pass with %s", async (_what, headers) => {
      expect(await ask(ours, "/a", headers)).toEqual(await ask(bare, "/a", headers));
    });

    it.each(HEADERS.filter(([, headers]) => !headers.some((line) => line.startsWith("Cookie:"))))(
      "pass with %s where our cookie has to go",
      async (_what, headers) => {
        expect(await ask(ours, "/a", [...headers, `Cookie: ${ownCookie}`])).toEqual(await ask(bare, "/a", headers));
      },
    );

    it("keep other cookies beside ours to the byte", async () => {
      const others = 'caf\u00c3\u00a9="x, \u00e2\u0082\u00ac" ; =; b==;  c';
      expect(await ask(ours, "/a", [`Cookie: ${others}; ${ownCookie}`])).toEqual(
        await ask(bare, "/a", [`Cookie: ${others}`]),
      );
    });

    it("keep Expect: 100-continue, and the body behind it", async () => {
      const request = `${render("/a", ["Expect: 100-continue", "Content-Length: 2"], "POST")}\u00ff\u00fe`;
      const bytes = { request, answer: ANSWER, requestEnd: "\u00ff\u00fe" };
      const [got, expected] = [await exchange(ours, origin, bytes), await exchange(bare, origin, bytes)];
      expect(withoutHopHeaders(got.asked ?? "")).toBe(expected.asked);
      expect(got.answered).toBe(expected.answered);
    });
  });

  describe("answers and their headers", () => {
    it.each(ANSWERS)("pass back %s", async (_what, bytes, method) => {
      expect(await answer(ours, bytes, method)).toBe(await answer(bare, bytes, method));
    });

    // Without that cookie the answer has to be built again, and `new Response` accepts no status above 599.
    it.each(ANSWERS.filter(([what]) => what !== "a 999" && !what.includes("before")))(
      "pass back %s, but for a cookie that poses as ours",
      async (_what, bytes, method) => {
        const planted = bytes.replace("\r\n", `\r\nSet-Cookie: ${ownCookie}; Path=/; Secure\r\n`);
        expect(await answer(ours, planted, method)).toBe(await answer(bare, bytes, method));
      },
    );

    it("are not passed back with a cookie that poses as ours and a status that only an origin can give", async () => {
      const planted = `HTTP/1.1 999 Odd\r\nSet-Cookie: ${ownCookie}; Path=/; Secure\r\nContent-Length: 2\r\n\r\nok`;
      const got = await answer(ours, planted);
      expect(got).toMatch(/^HTTP\/1\.1 502 /);
      expect(got).not.toContain("__Host-chat-");
    });

    it("keep every Set-Cookie, in its order", async () => {
      const bytes = ANSWER.replace("\r\n", `\r\n${SET_COOKIES.join("\r\n")}\r\nSet-Cookie: b=\u00e9\r\n`);
      const got = await answer(ours, bytes);
      expect(got.match(/^set-cookie:/gim)).toHaveLength(6);
      expect(got).toBe(await answer(bare, bytes));
    });

    it("keep every other Set-Cookie, in its order, where one poses as ours", async () => {
      const planted = SET_COOKIES.toSpliced(2, 0, `Set-Cookie: ${ownCookie}; Path=/; Secure`);
      const [got, expected] = [
        await answer(ours, ANSWER.replace("\r\n", `\r\n${planted.join("\r\n")}\r\n`)),
        await answer(bare, ANSWER.replace("\r\n", `\r\n${SET_COOKIES.join("\r\n")}\r\n`)),
      ];
      expect(inLowerCaseNames(got)).toBe(inLowerCaseNames(expected));
    });

    it("stay as they are on a page that gets the tag, in value, number and order", async () => {
      const html = "<!doctype html><html><head></head>ok";
      const lines = [
        `X-Bytes: ${HIGH_BYTES}`,
        "X-Empty:",
        "X-Twice: 2",
        "Set-Cookie: b=\u00e9",
        ...SET_COOKIES,
        "x-twice: 1",
        "Content-Type: text/html",
      ];
      const bytes = `HTTP/1.1 203 So \u00c3\u00a9\r\n${lines.join("\r\n")}\r\nTransfer-Encoding: chunked\r\n\r\n24\r\n${html}\r\n0\r\n\r\n`;
      const toHead = (received: string) => received.slice(0, received.indexOf("\r\n\r\n"));
      const got = await answer(ours, bytes, "GET", ["Sec-Fetch-Dest: document"]);
      const expected = await answer(bare, bytes, "GET", ["Sec-Fetch-Dest: document"]);
      expect(got).toContain("<head><script ");
      expect(toHead(got)).toBe(toHead(expected));
    });
  });

  describe("an origin with an invalid answer", () => {
    it.each([
      ["no HTTP", "SSH-2.0-OpenSSH_9.9\r\n\r\n"],
      ["a header without a colon", "HTTP/1.1 200 OK\r\nBad Header\r\n\r\n"],
      ["nothing", ""],
    ])("is answered for with 502 (%s)", async (_what, bytes) => {
      expect(await answer(ours, bytes)).toMatch(/^HTTP\/1\.1 502 /);
      expect(await answer(bare, bytes)).toBe("");
    });
  });
});

/** Without the headers that only a request to another host has. */
function withoutHopHeaders(request: string): string {
  return request.replaceAll(/^x-forwarded-.*\r\n/gm, "");
}

/** Our Worker sets some headers again, and so changes the case of their names. Case has no meaning there. */
function inLowerCaseNames(answer: string): string {
  return answer.replaceAll(/^[^:\r\n]+(?=: )/gm, (name) => name.toLowerCase());
}
