import { createServer, type Server, type Socket } from "node:net";
import { type Arbitrary, array, assert as assertProperty, asyncProperty } from "fast-check";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { listen } from "../../playground/listen.ts";
import { openConnection } from "../../worker/raw-request.ts";
import { settings } from "../../worker/settings.ts";
import { type RunningWorkerd, startWorkerd } from "../../worker/start-workerd.ts";
import { FUZZ_TIMEOUT_MS, fuzzed } from "../fuzz.ts";
import { mutated } from "../mutation.ts";

const PAGE = "<!doctype html><html><head><title>x</title></head><body>y</body></html>";
const TAG = '<script data-cfasync="false" async src="/_chat/widget.js"></script>';
const request = (line: string, ...headers: string[]) =>
  [`${line} HTTP/1.1`, "Host: www.example.com", ...headers, "Connection: close", "", ""].join("\r\n");
const COOKIE = "Cookie: a=b; __Host-chat-1234abcd=xyz; c=d";
const REQUESTS = [
  request("GET /", "Sec-Fetch-Dest: document", COOKIE, "Accept-Encoding: gzip, br"),
  request("GET /a%20b/../c?x=1", 'If-None-Match: "x-c1a2b3", W/"y"', "Range: bytes=0-5", "CF-Connecting-IP: 1.2.3.4"),
  request("GET http://www.example.com/abs", "X-Forwarded-For: 1.2.3.4", "Accept: text/html", "Accept-Language: de"),
  request("HEAD /shop/", "If-Modified-Since: Sat, 01 Jan 2000 00:00:00 GMT", "Sec-Fetch-Dest: document"),
  request("GET /bye/now", "Sec-Fetch-Dest: document", COOKIE),
  request(
    "GET /live",
    "Upgrade: websocket",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version: 13",
  ),
  request("GET /_chat/widget.js", 'If-None-Match: "x"'),
  request("GET /_chat/health"),
  request("DELETE /_chat/visitor", "Sec-Fetch-Site: same-origin", COOKIE),
  `${request("POST /_chat/token", "Sec-Fetch-Site: same-origin", "Content-Type: application/json", "Content-Length: 2", COOKIE)}{}`,
  `${request("POST /form", "Content-Type: text/plain", "Transfer-Encoding: chunked")}3\r\nabc\r\n0\r\n\r\n`,
];
const FRAGMENTS = [
  "\r\n", "\n", "\r\n ", ":", " ", "\t", "\0", "\u00e9", "\u00ff", "/", "//", "//evil.example/", "\\", "%", "%2f", "%00", "%c3%28", "..", "?", "#",
  "@evil.example", "http://", "https://", "[", "]", "[::1]", ":99999", ":", "xn--a", "*", "_chat", "/_chat/token", "/_chat/contacts", "/_chat/",
  "Host: evil.example\r\n", "Host: [\r\n", "Content-Length: 3\r\n", "Transfer-Encoding: chunked\r\n", "Expect: 100-continue\r\n",
  "Cookie: __Host-chat-left=1\r\n", "cookie: =__host-chat-a=1\r\n", "__Host-chat-", "__HOST-CHAT-x=", ",", ";", "=", '"', "W/", "-c1",
  "Cookie: \u00c2\u00a0__Host-chat-a=1\r\n", "\u00e2\u0080\u0080", "\u00c2\u0085", "\u00ef\u00bb\u00bf", "\u00a0", "\u00ed\u00a0\u0080", "\u0085",
  "Sec-Fetch-Dest: document\r\n", "Sec-Purpose: prefetch\r\n", "Origin: null\r\n", "Accept-Encoding: ,,;q=x\r\n", "X_Forwarded_For: 1\r\n",
  "OPTIONS", "CONNECT", "TRACE", "PURGE", "HTTP/1.0", "HTTP/2", "x".repeat(9000),
]; // prettier-ignore

/** The head of each request that arrived at the site. */
const asked: string[] = [];
let site: Server;
let siteOrigin: string;
let worker: RunningWorkerd;

beforeAll(async () => {
  site = createServer(answer);
  siteOrigin = `http://127.0.0.1:${await listen(site)}`;
  worker = await startWorkerd({
    vars: { ...settings, ORIGIN_URL: siteOrigin, SIGN_OUT_PATHS: "/bye/*", LOG_LEVEL: "error" },
  });
});
afterEach(() => {
  // There is no KV here; and a request that cannot be passed on is known by its answer.
  const known = new Set<unknown>(["origin.unreachable", "chat.refused", "store.unavailable"]);
  expect(worker.logs.filter(({ event }) => !known.has(event))).toEqual([]);
  expect(worker.complaints).toEqual([]);
});
afterAll(async () => {
  await worker.close();
  await new Promise((resolve) => site.close(resolve));
});

/** Answers any request with the page: the refusals of a strict server would say nothing about the Worker. */
function answer(socket: Socket): void {
  let received = "";
  socket.setEncoding("latin1").on("error", () => undefined);
  socket.on("data", (text: string) => {
    const hadHead = received.includes("\r\n\r\n");
    received += text;
    if (hadHead || !received.includes("\r\n\r\n")) return;
    asked.push(received.slice(0, received.indexOf("\r\n\r\n")));
    const body = received.startsWith("HEAD ") ? "" : PAGE;
    const head = [
      "HTTP/1.1 200 OK",
      "Content-Type: text/html",
      `Content-Length: ${PAGE.length}`,
      'ETag: "x"',
      "Connection: close",
    ];
    socket.end([...head, "", body].join("\r\n"));
  });
}

/** Does not wait for the rest of a request that announces more bytes than it sends. */
const PATIENCE_MS = 150;

async function send(bytes: string): Promise<string> {
  const connection = openConnection(worker.origin);
  const { socket } = connection;
  socket.setTimeout(PATIENCE_MS, () => socket.destroy()).write(bytes, "latin1");
  await connection.ended;
  return connection.received();
}

/** Whether a request is whole and for a possible host: Cloudflare brings no other request to a Worker. */
function isWellFormed(bytes: string): boolean {
  if (REQUESTS.includes(bytes)) return true;
  const [head = "", ...body] = bytes.split("\r\n\r\n");
  const [line = "", ...headers] = head.split("\r\n");
  const [host, ...otherHosts] = headers.filter((header) => /^host:/i.test(header));
  return (
    /^[A-Z]+ (?:http:\/\/www\.example\.com)?\/[\x21-\x7e]* HTTP\/1\.1$/.test(line) &&
    headers.every((header) => /^(?!content-length|transfer-encoding|expect)[\w-]+:[\t\x20-\x7e]*$/i.test(header)) &&
    host !== undefined &&
    URL.canParse(`http://${host.slice("host:".length).trim()}`) &&
    otherHosts.length === 0 &&
    body.join("") === ""
  );
}

function expectProperAnswer(bytes: string, received: string): void {
  for (const [answer, status] of received.matchAll(/^HTTP\/1\.1 (\d+)(?:(?!^HTTP\/1\.1 )[^])*/gm)) {
    const isKnown =
      Number(status) < 500 ||
      // workerd does not know this method.
      status === "501" ||
      answer.includes("STORE_UNAVAILABLE") ||
      (status === "502" && !isWellFormed(bytes));
    expect(isKnown ? "" : answer).toBe("");
    expect(answer.split(TAG).length).toBeLessThanOrEqual(2);
  }
}

function expectHarmless(head: string): void {
  const [line, ...headers] = head.split("\r\n");
  expect(line).toMatch(/^[A-Z]+ \/\S* HTTP\/1\.1$/);
  expect(headers.filter((header) => /^host:/i.test(header))).toEqual([`Host: ${new URL(siteOrigin).host}`]);
  expect(headers.filter((header) => /^cookie:(?:.*[;,])?[^!-<>-~]*__host-chat-/i.test(header))).toEqual([]);
  expect(headers.filter((header) => /^(?:cf-|x-real-ip|true-client-ip|forwarded:)/i.test(header))).toEqual([]);
}

describe("a request", () => {
  it("of any bytes is answered, and reaches no other site", { timeout: FUZZ_TIMEOUT_MS }, async () => {
    const requests: Arbitrary<readonly string[]> = array(mutated(REQUESTS, FRAGMENTS, 2), {
      minLength: 1,
      maxLength: 24,
    });
    await assertProperty(
      asyncProperty(requests, async (few) => {
        asked.length = 0;
        await Promise.all(few.map(async (bytes) => expectProperAnswer(bytes, await send(bytes))));
        for (const head of asked) expectHarmless(head);
      }),
      fuzzed(30),
    );
  });
});
