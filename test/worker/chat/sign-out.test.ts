import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { exchange } from "../raw-origin.ts";
import { buildRequest, openConnection, type RequestParts } from "../raw-request.ts";
import { settings, widgetId } from "../settings.ts";
import { type RunningWorker } from "../start-worker.ts";
import { useRawOrigin, useWorker } from "../use-workers.ts";

const HOST = "www.example.com";
const OUR_COOKIE = `__Host-chat-${createHash("sha256").update(widgetId).digest("hex").slice(0, 8)}`;
const PATTERNS = "/logout /account/sign-out/* /:language/bye{/}?";

// With MODE=on this page gets our tag at the sign-out too.
const PAGE = "<!doctype html><html><head></head><body>Goodbye</body></html>";
const GZIPPED = gzipSync(PAGE).toString("latin1");

/** What sites answer when someone signs out. */
const ANSWERS: readonly (readonly [what: string, answer: string, method?: string])[] = [
  [
    "a redirect that deletes the session",
    "HTTP/1.1 302 Found\r\nLocation: /\r\nSet-Cookie: session=; Max-Age=0\r\nSet-Cookie: seen=1\r\nContent-Length: 0\r\n\r\n",
  ],
  ["a redirect after a form", "HTTP/1.1 303 See Other\r\nLocation: /\r\nContent-Length: 2\r\n\r\nok", "POST"],
  ["a page", `HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: ${PAGE.length}\r\n\r\n${PAGE}`],
  [
    "a page in gzip",
    `HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\nContent-Length: ${GZIPPED.length}\r\n\r\n${GZIPPED}`,
  ],
  [
    "a text in gzip",
    `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Encoding: gzip\r\nContent-Length: ${GZIPPED.length}\r\n\r\n${GZIPPED}`,
  ],
  ["pieces", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nGood\r\n3\r\nbye\r\n0\r\n\r\n"],
  ["nothing", "HTTP/1.1 204 No Content\r\nX-A: 1\r\n\r\n"],
  ["a 205", "HTTP/1.1 205 Reset Content\r\nContent-Length: 0\r\n\r\n"],
  ["a 304", 'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\nVary: Cookie\r\n\r\n'],
  ["a length without a body", "HTTP/1.1 200 OK\r\nContent-Length: 12345\r\n\r\n", "HEAD"],
  ["a refusal since the session is over", "HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno"],
  ["a fault", "HTTP/1.1 500 Odd\r\nX-Bytes: \xe9\xff\r\nContent-Length: 2\r\n\r\n\xff\xfe"],
];

const MODES = [
  { MODE: "on" },
  { MODE: "off" },
  { MODE: "observe" },
  { MODE: "preview", PREVIEW_SECRET: settings.COOKIE_SECRET },
] as const;

const origin = useRawOrigin();
const workers = new Map<string, RunningWorker>(
  MODES.map((mode) => [mode.MODE, useWorker(() => ({ ORIGIN_URL: origin.origin, SIGN_OUT_PATHS: PATTERNS, ...mode }))]),
);

/** One call through a Worker: the request as the site received it, and the answer. */
async function call(parts: Pick<RequestParts, "path" | "method" | "headers">, answer: string, mode = "on") {
  const worker = workers.get(mode);
  if (worker === undefined) throw new Error(`no Worker runs in MODE=${mode}`);
  const { asked, answered } = await exchange(worker, origin, {
    request: buildRequest({ ...parts, host: HOST }),
    answer,
  });
  const headEnd = answered.indexOf("\r\n\r\n");
  const lines = answered.slice(0, headEnd).split("\r\n");
  const isOurs = (line: string) => line.toLowerCase().startsWith("set-cookie: __host-chat-");
  const toCookie = (line: string) => line.slice("set-cookie: ".length);
  return {
    asked,
    ourCookies: lines.filter(isOurs).map(toCookie),
    /** The lines that come from the site. */
    lines: lines.filter((line) => !isOurs(line) && !/^(?:cache-control|date):/i.test(line)),
    cacheControl: lines.filter((line) => /^cache-control:/i.test(line)),
    body: answered.slice(headEnd + 4),
  };
}

const plain = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok";

describe("reaching one of SIGN_OUT_PATHS", () => {
  it("deletes our cookie, and sets one that page script can read", async () => {
    const { ourCookies } = await call({ path: "/logout" }, plain);
    expect(ourCookies).toEqual([
      `${OUR_COOKIE}=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Lax`,
      expect.stringMatching(/^__Host-chat-left=[\w-]{22}; Max-Age=34560000; Path=\/; Secure; SameSite=Lax$/),
    ]);
  });

  it("marks each sign-out with another value", async () => {
    const [first, second] = [await call({ path: "/logout" }, plain), await call({ path: "/logout" }, plain)];
    expect(first.ourCookies[1]).not.toBe(second.ourCookies[1]);
  });

  it.each(MODES.flatMap(({ MODE }) => ANSWERS.map(([what, answer, method]) => ({ MODE, what, answer, method }))))(
    "changes nothing else of $what, MODE=$MODE",
    async ({ MODE, answer, method = "GET" }) => {
      const signingOut = await call({ path: "/logout", method }, answer, MODE);
      const staying = await call({ path: "/stay", method }, answer, MODE);
      expect(signingOut.ourCookies).toHaveLength(2);
      expect(staying.ourCookies).toEqual([]);
      expect(signingOut.lines).toEqual(staying.lines);
      expect(signingOut.body).toBe(staying.body);
    },
  );

  it.each([
    ['"cookies"', true],
    ['"cache", "cookies"', true],
    ['"cache", "cookies", "storage"', true],
    ['"*"', true],
    ['"storage"', false],
  ])("warns of Clear-Site-Data: %s, which deletes that cookie: %s", async (cleared, isWarned) => {
    const logs = workers.get("on")?.logs ?? expect.unreachable("no Worker runs");
    const before = logs.length;
    const { lines } = await call({ path: "/logout" }, plain.replace("\r\n", `\r\nClear-Site-Data: ${cleared}\r\n`));
    expect(lines.join()).toContain(cleared);
    const warned = logs.slice(before).filter(({ event }) => event === "sign-out.unmarked");
    expect(warned.length > 0).toBe(isWarned);
  });

  it.each(["on", "off"])("puts our tag into the page with MODE=on only (%s)", async (mode) => {
    const [, page = ""] = ANSWERS.find(([what]) => what === "a page") ?? [];
    const headers = ["Sec-Fetch-Dest: document", "Sec-Fetch-Mode: navigate"];
    const { body } = await call({ path: "/logout", headers }, page, mode);
    expect(body.includes('src="/_chat/widget.js"')).toBe(mode === "on");
  });

  it("keeps the answer out of every cache, whatever the site says", async () => {
    const others =
      "Expires: Thu, 01 Jan 2099 00:00:00 GMT\r\nCDN-Cache-Control: max-age=600\r\nSurrogate-Control: max-age=600";
    const cached = plain.replace("\r\n", `\r\nCache-Control: public, max-age=600\r\n${others}\r\n`);
    const signingOut = await call({ path: "/logout" }, cached);
    expect(signingOut.cacheControl).toEqual([expect.stringMatching(/^cache-control: private, no-store$/i)]);
    expect(signingOut.lines.join()).not.toMatch(/max-age=600|expires: thu/i);
    const staying = await call({ path: "/stay" }, cached);
    expect(staying.lines.join()).toMatch(/cdn-cache-control: max-age=600/i);
    expect(staying.cacheControl).toEqual([expect.stringMatching(/^cache-control: public, max-age=600$/i)]);
  });

  it.each(["GET", "HEAD", "POST", "PUT", "DELETE"])("works with %s", async (method) => {
    expect((await call({ path: "/logout", method }, plain)).ourCookies).toHaveLength(2);
  });

  it.each([
    "/logout?next=%2Fhome",
    "/logout?",
    "/account/sign-out/now",
    "/account/sign-out/a/b?c",
    "/account/sign-out/",
    "/de/bye",
    "/de/bye/",
  ])("signs out at %s", async (path) => {
    expect((await call({ path }, plain)).ourCookies).toHaveLength(2);
  });

  it.each([
    "/",
    "/logout/",
    "/logout2",
    "/Logout",
    "/a/logout",
    "/account/sign-out",
    "/de/at/bye",
    "/search?q=/logout",
    "/#/logout",
  ])("does nothing at %s", async (path) => {
    const { ourCookies, cacheControl } = await call({ path }, plain);
    expect(ourCookies).toEqual([]);
    expect(cacheControl).toEqual([]);
  });

  it("signs out even if the site cannot be reached", async () => {
    const { ourCookies, lines } = await call({ path: "/logout" }, "");
    expect(lines[0]).toContain("502");
    expect(ourCookies).toHaveLength(2);
  });

  it.each(["/logout", "/stay"])("hides our cookies from the site at %s", async (path) => {
    const headers = [`Cookie: a=1; ${OUR_COOKIE}=sealed; __Host-chat-left=x; b=2`];
    const { asked } = await call({ path, headers }, plain);
    expect(asked).toMatch(/^cookie: a=1; b=2\r$/im);
    expect(asked?.toLowerCase()).not.toContain("__host-chat");
  });

  it("removes a sign-out cookie that the site sets", async () => {
    const answer = plain.replace("\r\n", "\r\nSet-Cookie: __Host-chat-left=x; Path=/; Secure\r\n");
    expect((await call({ path: "/stay" }, answer)).ourCookies).toEqual([]);
    expect((await call({ path: "/logout" }, answer)).ourCookies).toHaveLength(2);
  });

  it("leaves a WebSocket alone", async () => {
    const client = openConnection(workers.get("on")?.origin ?? "");
    const upgrade = ["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13"];
    const key = "dGhlIHNhbXBsZSBub25jZQ==";
    const lines = ["GET /logout HTTP/1.1", `Host: ${HOST}`, ...upgrade, `Sec-WebSocket-Key: ${key}`];
    client.socket.write(`${lines.join("\r\n")}\r\n\r\n`);
    const server = await origin.next();
    await server.until("\r\n\r\n");
    const [, asked = ""] = /^sec-websocket-key: (.*)\r$/im.exec(server.received()) ?? [];
    const accept = createHash("sha1").update(`${asked}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
    const head = ["HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade"];
    // A text frame with the word "there".
    server.socket.write(`${head.join("\r\n")}\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n\x81\x05there`);
    await client.until("there");
    expect(client.received()).toMatch(/^HTTP\/1\.1 101 /);
    expect(client.received()).not.toContain("__Host-chat");
    client.socket.destroy();
    server.socket.destroy();
  });
});

describe("while another setting cannot be used", () => {
  const worker = useWorker(() => ({
    ORIGIN_URL: origin.origin,
    SIGN_OUT_PATHS: "/logout",
    TOKEN_TTL_SECONDS: "9000",
  }));

  it("still sets the cookie that makes our other cookie worthless", async () => {
    const request = buildRequest({ path: "/logout", host: HOST });
    const { answered } = await exchange(worker, origin, { request, answer: plain });
    expect(answered.match(/^set-cookie: .*$/gim)).toEqual([
      expect.stringMatching(/^set-cookie: __Host-chat-left=[\w-]{22}; /i),
    ]);
  });
});

describe("without SIGN_OUT_PATHS", () => {
  const worker = useWorker(() => ({ ORIGIN_URL: origin.origin }));

  it("leaves every path alone", async () => {
    const request = buildRequest({ path: "/logout", host: HOST });
    const { answered } = await exchange(worker, origin, { request, answer: plain });
    expect(answered).not.toContain("__Host-chat");
  });
});
