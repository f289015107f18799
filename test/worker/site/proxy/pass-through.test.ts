import { createHash, randomBytes } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { buildRequest, openConnection, sendRaw } from "../../raw-request.ts";
import { type RunningWorker } from "../../start-worker.ts";
import { usePair, useSite } from "../../use-workers.ts";
import { type Call, CALLS, ownCookie, readEcho, REQUESTS, toBytes } from "./calls.ts";

const site = useSite();

describe.each([
  { mode: "with ORIGIN_URL", toOtherHost: true },
  { mode: "on a Route", toOtherHost: false },
])("$mode", ({ toOtherHost }) => {
  const { ours, bare } = usePair(() => (toOtherHost ? { ORIGIN_URL: site.origin } : {}));
  let host: string;
  beforeAll(() => {
    // On a Route the Worker and the site share a host name: here it is the address of the stand-in site.
    host = toOtherHost ? "www.example.com" : new URL(site.origin).host;
  });

  const send = (worker: RunningWorker, call: Call) => sendRaw(worker.origin, toBytes({ ...call, host }));

  it.each(CALLS)("passes %s back as it is", async (_what, call) => {
    const [got, expected] = await Promise.all([send(ours, call), send(bare, call)]);
    expect(withoutOwnVary(got.head)).toEqual(expected.head);
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

  it("removes our cookie from the request, and leaves the others as they are", async () => {
    const headers = [`Cookie: a=1; ${ownCookie}; b="x, y";c`];
    expect(String((await send(ours, { path: "/try/cookies/echo", headers })).body)).toBe('a=1; b="x, y";c');
  });

  it("sends no Cookie header if ours was the only cookie", async () => {
    const headers = [`Cookie: ${ownCookie}`];
    expect(String((await send(ours, { path: "/try/cookies/echo", headers })).body)).toBe("(none)");
  });

  // A URL parser would turn the first two into /try/echo.
  it.each(["/try/x/%2e%2e/echo", "/try\\echo", "/try/echo?^|`{}"])(
    "passes on %s the same, with or without our cookie",
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

  it("removes our cookie from an upload too", async () => {
    const call = { method: "POST", path: "/try/echo", headers: [`Cookie: ${ownCookie}`], body: "b\u00f6dy" };
    const echo = readEcho((await send(ours, call)).body, toOtherHost);
    expect(echo).toMatchObject({ method: "POST", body: Buffer.from("b\u00f6dy", "latin1").toString("base64") });
    expect(JSON.stringify(echo)).not.toContain("__Host-chat-");
  });

  it("drops cookies that the origin sets under our cookie's name, and nothing else", async () => {
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

/** Without what a page gets that is fetched by a script. */
function withoutOwnVary(head: readonly string[]): readonly string[] {
  return head
    .filter((line) => line !== "vary: Sec-Fetch-Dest")
    .map((line) => line.replace(/^(vary: .*), Sec-Fetch-Dest$/, "$1"));
}
