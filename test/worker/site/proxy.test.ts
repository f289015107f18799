import { createHash, randomBytes } from "node:crypto";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningSite, startSite } from "../../playground/site/site.ts";
import { buildRequest, openConnection, type RequestParts, sendRaw } from "../raw-request.ts";
import { settings } from "../settings.ts";
import { type RunningWorker } from "../start-worker.ts";
import { startWorkerd } from "../start-workerd.ts";

const passThroughEntry = join(import.meta.dirname, "../entries/pass-through.ts");
const ownCookie = "__Host-chat-0123abcd=eyJhbGciOiJkaXIifQ..sealed";

type Call = Omit<RequestParts, "host">;

/** What has to come back exactly as through a Worker that only passes on. */
const CALLS: readonly (readonly [what: string, call: Call])[] = [
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
const REQUESTS: readonly (readonly [what: string, call: Call])[] = [
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

let site: RunningSite;
const running: RunningWorker[] = [];

beforeAll(async () => {
  site = await startSite({ port: 0 });
});
afterAll(async () => {
  await Promise.all(running.map((worker) => worker.close()));
  await site.close();
});

async function start(vars: Record<string, string>, entry?: string): Promise<RunningWorker> {
  const worker = await startWorkerd({ vars: { ...settings, ...vars }, ...(entry && { entry }) });
  running.push(worker);
  return worker;
}

describe.each([
  { mode: "with ORIGIN_URL", toOtherHost: true },
  { mode: "on a Route", toOtherHost: false },
])("$mode", ({ toOtherHost }) => {
  let ours: RunningWorker;
  let bare: RunningWorker;
  let host: string;

  beforeAll(async () => {
    const vars: Record<string, string> = toOtherHost ? { ORIGIN_URL: site.origin } : {};
    [ours, bare] = await Promise.all([start(vars), start(vars, passThroughEntry)]);
    // On a Route the Worker and the site share a host name; here that is the stand-in site's own address.
    host = toOtherHost ? "www.example.com" : new URL(site.origin).host;
  });

  const send = (worker: RunningWorker, call: Call) => sendRaw(worker.origin, toBytes({ ...call, host }));

  it.each(CALLS)("passes %s back as it is", async (_what, call) => {
    const [got, expected] = await Promise.all([send(ours, call), send(bare, call)]);
    expect(got.head).toEqual(expected.head);
    expect(got.body.equals(expected.body)).toBe(true);
    expect(got.isWhole).toBe(expected.isWhole);
  });

  it.each(REQUESTS)("passes on %s as it is", async (_what, call) => {
    const [got, expected] = await Promise.all([send(ours, call), send(bare, call)]);
    expect(readEcho(got.body, toOtherHost)).toEqual(readEcho(expected.body, toOtherHost));
  });

  it("keeps a redirect a redirect, with both cookies", async () => {
    const { head, status } = await send(ours, { path: "/try/redirect/302" });
    expect(status).toBe(302);
    expect(head).toContain("location: /try/echo?from=302");
    expect(head.filter((line) => line.startsWith("set-cookie: "))).toHaveLength(2);
  });

  it("keeps our cookie from the origin, and the others as they are", async () => {
    const headers = [`Cookie: a=1; ${ownCookie}; b="x, y";c`];
    expect(String((await send(ours, { path: "/try/cookies/echo", headers })).body)).toBe('a=1; b="x, y";c');
  });

  it("sends no Cookie header where ours was the only one", async () => {
    const headers = [`Cookie: ${ownCookie}`];
    expect(String((await send(ours, { path: "/try/cookies/echo", headers })).body)).toBe("(none)");
  });

  // Written anew, the first two would become /try/echo.
  it.each(["/try/x/%2e%2e/echo", "/try\\echo", "/try/echo?^|`{}"])(
    "passes on %s the same, whether our cookie is with it or not",
    async (path) => {
      const call = { path, headers: ["Cookie: a=1"] };
      const withOurs = { path, headers: [`Cookie: a=1; ${ownCookie}`] };
      const [got, expected] = await Promise.all([send(ours, withOurs), send(bare, call)]);
      expect(got.status).toBe(expected.status);
      if (got.status === 200) {
        expect(readEcho(got.body, toOtherHost)).toEqual(readEcho(expected.body, toOtherHost));
      }
    },
  );

  it("keeps our cookie from the origin with an upload too", async () => {
    const call = { method: "POST", path: "/try/echo", headers: [`Cookie: ${ownCookie}`], body: "b\u00f6dy" };
    const echo = readEcho((await send(ours, call)).body, toOtherHost);
    expect(echo).toMatchObject({ method: "POST", body: Buffer.from("b\u00f6dy", "latin1").toString("base64") });
    expect(JSON.stringify(echo)).not.toContain("__Host-chat-");
  });

  it("drops what the origin would set under our cookie's name, and nothing else", async () => {
    const [got, expected] = await Promise.all([
      send(ours, { path: "/try/cookies/plant" }),
      send(bare, { path: "/try/cookies/plant" }),
    ]);
    expect(expected.head.filter((line) => /__host-chat-/i.test(line))).toHaveLength(4);
    expect(got.head).toEqual(expected.head.filter((line) => !/__host-chat-/i.test(line)));
    expect(got.body.equals(expected.body)).toBe(true);
  });

  it("passes a WebSocket both ways", async () => {
    const socket = openConnection(ours.origin);
    socket.socket.write(
      handshake(host, [`Cookie: a=1; ${ownCookie}`, "Sec-WebSocket-Protocol: chat, other"]),
      "latin1",
    );
    await socket.until("\r\n\r\n");
    expect(socket.received()).toMatch(/^HTTP\/1\.1 101 /);
    expect(socket.received()).toMatch(/\r\nsec-websocket-protocol: chat\r\n/i);
    expect(socket.received()).toMatch(/\r\nx-cookie: a=1\r\n/i);
    socket.socket.write(maskedFrame("hello"));
    await socket.until("\x81\x05hello");
    socket.socket.write(maskedFrame("bye"));
    await socket.until("\x88\x05\x0f\xa0bye");
    socket.socket.destroy();
  });

  it.each([
    ["the beginning", "/try/web-socket", 101],
    ["the refusal", "/try/elsewhere", 404],
  ])("passes %s of a WebSocket untouched, but for a cookie under our name", async (_what, path, status) => {
    const heads = [ours, bare].map(async (worker) => {
      const connection = openConnection(worker.origin);
      connection.socket.write(handshake(host, []).replace("/try/web-socket", path));
      await connection.until("\r\n\r\n");
      connection.socket.destroy();
      return connection.received();
    });
    const [got, expected] = await Promise.all(heads);
    expect(got).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(got).toBe(expected?.replace(/^set-cookie: __host-chat-.*\r\n/im, ""));
    expect(ours.logs).not.toContainEqual(expect.objectContaining({ reason: "fault" }));
  });

  it("passes each event on as it comes", async () => {
    const connection = openConnection(ours.origin);
    connection.socket.write(toBytes({ path: "/try/stream/events?count=4", host }), "latin1");
    await connection.until("data: tick 1\n");
    expect(connection.received()).not.toContain("data: tick 3\n");
    await connection.until("data: tick 4\n");
    connection.socket.destroy();
  });

  it("passes an upload on while it comes in", async () => {
    const connection = openConnection(ours.origin);
    const headers = ["Transfer-Encoding: chunked"];
    connection.socket.write(buildRequest({ method: "POST", path: "/try/upload/progress", host, headers }));
    connection.socket.write("5\r\nfirst\r\n");
    await connection.until("5\n");
    connection.socket.write("6\r\nsecond\r\n0\r\n\r\n");
    await connection.until("6\n");
    await connection.until("done\n");
    connection.socket.destroy();
  });

  it("passes a large upload on unchanged", async () => {
    const body = randomBytes(3_000_000).toString("latin1");
    const answer = await send(ours, { method: "POST", path: "/try/upload", body });
    const sha256 = createHash("sha256").update(body, "latin1").digest("hex");
    expect(JSON.parse(String(answer.body))).toMatchObject({ bytes: 3_000_000, sha256 });
  });
});

describe("with ORIGIN_URL alone", () => {
  let ours: RunningWorker;
  beforeAll(async () => {
    ours = await start({ ORIGIN_URL: site.origin });
  });
  const send = (call: Call) => sendRaw(ours.origin, toBytes({ ...call, host: "www.example.com:8443" }));

  it("tells the origin the truth about visitor and public host, and nothing forged", async () => {
    const forged = [
      "CF-Connecting-IP: 192.0.2.7",
      "X-Forwarded-For: 203.0.113.1",
      "X-Forwarded-Host: evil.example",
      "X-Real-IP: 203.0.113.1",
      "CF-Ray: 1",
      "Forwarded: for=203.0.113.1",
    ];
    const { headers } = readEcho((await send({ path: "/try/echo", headers: forged })).body, false);
    expect(headers).toContainEqual(["x-forwarded-host", "www.example.com:8443"]);
    expect(headers).toContainEqual(["x-forwarded-proto", "http"]);
    expect(headers).toContainEqual(["x-forwarded-for", "192.0.2.7"]);
    expect(headers).toContainEqual(["host", new URL(site.origin).host]);
    expect(JSON.stringify(headers)).not.toMatch(/203\.0\.113\.1|evil\.example|cf-ray/);
  });

  it.each([
    ["/try/redirect/own-host", "location: http://www.example.com:8443/try/echo?a=%2F%20b#c"],
    ["/try/redirect/own-host-short", "location: //www.example.com:8443/try/echo"],
    ["/try/redirect/elsewhere", "location: https://elsewhere.example/x?y=1"],
  ])("leads %s to where the public host is", async (path, location) => {
    const { head, status } = await send({ path });
    expect(status).toBe(302);
    expect(head).toContain(location);
    expect(head.filter((line) => line.startsWith("set-cookie: "))).toHaveLength(2);
  });

  it("sends a path that looks like a host to the origin", async () => {
    const { status, body } = await send({ path: "//127.0.0.1:1/x" });
    expect(status).toBe(404);
    expect(String(body)).toContain("There is no such page");
  });
});

describe("where the origin cannot be reached", () => {
  let ours: RunningWorker;
  beforeAll(async () => {
    ours = await start({ ORIGIN_URL: "http://127.0.0.1:1" });
  });

  it("answers 502 with a page of ours that nobody keeps", async () => {
    const response = await fetch(`${ours.origin}/shop?x=secret`);
    const page = await response.text();
    expect(response.status).toBe(502);
    expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(page).toContain("<h1>This site cannot be reached right now</h1>");
    expect(page).not.toMatch(/127\.0\.0\.1|secret|_chat/);
  });

  it("answers HEAD and POST so too", async () => {
    const head = await sendRaw(ours.origin, buildRequest({ method: "HEAD", path: "/", host: "www.example.com" }));
    expect(head.status).toBe(502);
    expect(head.body).toHaveLength(0);
    const post = await fetch(ours.origin, { method: "POST", body: "a=1" });
    expect(post.status).toBe(502);
  });

  it("logs why", async () => {
    await fetch(ours.origin);
    await expect.poll(() => ours.logs).toContainEqual(expect.objectContaining({ event: "origin.unreachable" }));
  });
});

describe("where ORIGIN_URL is the address that was asked for", () => {
  it("answers 502 at once, and logs why", async () => {
    const worker = await start({ ORIGIN_URL: site.origin });
    const answer = await sendRaw(worker.origin, buildRequest({ path: "/", host: new URL(site.origin).host }));
    expect(answer.status).toBe(502);
    await expect.poll(() => worker.logs).toContainEqual(expect.objectContaining({ event: "origin.loop" }));
  });
});

describe("for a host that there cannot be", () => {
  it.each(["/", "/_chat/health"])("answers %s with 502", async (path) => {
    const worker = await start({ ORIGIN_URL: site.origin });
    expect((await sendRaw(worker.origin, buildRequest({ path, host: "www example com" }))).status).toBe(502);
  });
});

describe("with a bug of ours", () => {
  it("still shows the origin's page as it is", async () => {
    const worker = await start({ ORIGIN_URL: site.origin }, join(import.meta.dirname, "../entries/faulty-site.ts"));
    const headers = ["Sec-Fetch-Dest: document"];
    const answer = await sendRaw(worker.origin, toBytes({ path: "/", host: "www.example.com", headers }));
    expect(answer.status).toBe(200);
    expect(String(answer.body)).toBe(await (await fetch(site.origin)).text());
    await expect
      .poll(() => worker.logs)
      .toContainEqual(expect.objectContaining({ event: "page.left-alone", reason: "fault", message: "a bug of ours" }));
  });
});

function toBytes(request: RequestParts): string {
  const isChunked = request.headers?.includes("X-Body: chunks");
  return buildRequest(request) + (isChunked ? "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n" : "");
}

interface Echo {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

/** What the origin received; without what is meant to differ where the origin is another host. */
function readEcho(body: Buffer, toOtherHost: boolean): Echo {
  const echo: Echo = JSON.parse(String(body));
  if (!toOtherHost) return echo;
  return { ...echo, headers: echo.headers.filter(([name]) => !/^(?:cf-|x-forwarded-)/.test(name)) };
}

function handshake(host: string, headers: readonly string[]): string {
  return [
    "GET /try/web-socket HTTP/1.1",
    `Host: ${host}`,
    "Upgrade: websocket",
    "Connection: Upgrade",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version: 13",
    ...headers,
    "",
    "",
  ].join("\r\n");
}

/** A short text frame as a browser sends it, with a mask of zeros. */
function maskedFrame(text: string): Buffer {
  return Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), Buffer.from(text)]);
}
