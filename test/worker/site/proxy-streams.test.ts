import { createHash } from "node:crypto";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { type IncomingMessage, request as sendRequest } from "node:http";
import { join } from "node:path";
import { type Duplex } from "node:stream";
import { constants, createBrotliCompress, createBrotliDecompress, createGunzip, createGzip } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningSite, startSite } from "../../playground/site/site.ts";
import { type RawOrigin, startRawOrigin } from "../raw-origin.ts";
import { buildRequest, joinChunks, openConnection, type RawConnection } from "../raw-request.ts";
import { settings } from "../settings.ts";
import { type RunningWorkerd, startWorkerd } from "../start-workerd.ts";

const passThroughEntry = join(import.meta.dirname, "../entries/pass-through.ts");
const HOST = "www.example.com";
const DOCUMENT = ["Sec-Fetch-Dest: document"];
const TAG = '<script data-cfasync="false" async src="/_chat/widget.js"></script>';

const BLOCK = Buffer.alloc(65_536, "0123456789abcdef");
const BLOCKS = 1600;
const LARGE_BYTES = BLOCKS * BLOCK.length;
/** What one run may take more than another by chance: a garbage collection later or earlier. */
const TOLERANCE_BYTES = 20_000_000;

/** Compressors that flush what they are given, as an origin does that streams its pages. */
const CODECS = {
  gzip: () => ({
    compress: createGzip({ flush: constants.Z_SYNC_FLUSH }),
    decompress: createGunzip({ flush: constants.Z_SYNC_FLUSH }),
  }),
  br: () => ({
    compress: createBrotliCompress({ flush: constants.BROTLI_OPERATION_FLUSH }),
    decompress: createBrotliDecompress({ flush: constants.BROTLI_OPERATION_FLUSH }),
  }),
};

const running: RunningWorkerd[] = [];
afterAll(() => Promise.all(running.map((worker) => worker.close())));

interface Pair {
  readonly ours: RunningWorkerd;
  readonly bare: RunningWorkerd;
}

async function startPair(originUrl: string): Promise<Pair> {
  const vars = { ...settings, ORIGIN_URL: originUrl };
  const [ours, bare] = await Promise.all([startWorkerd({ vars }), startWorkerd({ vars, entry: passThroughEntry })]);
  running.push(ours, bare);
  return { ours, bare };
}

describe("100 MB", () => {
  let site: RunningSite;
  let pair: Pair;
  beforeAll(async () => {
    site = await startSite({ port: 0 });
    pair = await startPair(site.origin);
  });
  afterAll(() => site.close());

  it.each([
    ["a download", "/try/stream/download", {}],
    ["a page that gets the tag", "/try/stream/huge-page", { "sec-fetch-dest": "document" }],
  ])("come whole as %s, in memory that stays flat", async (_what, path, headers) => {
    const work = (worker: RunningWorkerd) => download(worker, `${path}?bytes=${LARGE_BYTES}`, headers);
    const expected = await measure(pair.bare, work);
    const got = await measure(pair.ours, work);
    expect(expected.result.bytes).toBe(LARGE_BYTES);
    expect(got.result).toEqual(expected.result);
    expect(got.grownBytes).toBeLessThan(expected.grownBytes + TOLERANCE_BYTES);
  });

  it.each([
    ["of a known length", { "content-length": LARGE_BYTES }],
    ["in chunks", { "transfer-encoding": "chunked" }],
  ])("arrive whole as an upload %s, in memory that stays flat", async (_what, headers) => {
    const work = (worker: RunningWorkerd) => upload(worker, headers);
    const expected = await measure(pair.bare, work);
    const got = await measure(pair.ours, work);
    expect(expected.result).toMatchObject({ bytes: LARGE_BYTES });
    expect(got.result).toEqual(expected.result);
    expect(got.grownBytes).toBeLessThan(expected.grownBytes + TOLERANCE_BYTES);
  });
});

describe.each([
  { what: "server-sent events", type: "text/event-stream", headers: ["Accept: text/event-stream"], begin: "" },
  { what: "a download", type: "application/octet-stream", headers: [], begin: "" },
  { what: "a page that gets the tag", type: "text/html", headers: DOCUMENT, begin: "<!doctype html><html><head>" },
  { what: "a page that gets none", type: "text/html", headers: ["Sec-Fetch-Dest: empty"], begin: "<!doctype html>" },
])("$what", ({ type, headers, begin }) => {
  let origin: RawOrigin;
  let pair: Pair;
  beforeAll(async () => {
    origin = await startRawOrigin();
    pair = await startPair(origin.origin);
  });
  afterAll(() => origin.close());

  const open = async (worker: RunningWorkerd, more: readonly string[] = []) => {
    const client = openConnection(worker.origin);
    client.socket.write(buildRequest({ path: "/a", host: HOST, headers }));
    const server = await origin.next();
    await server.until("\r\n\r\n");
    server.socket.write(toHead([`Content-Type: ${type}`, "Transfer-Encoding: chunked", ...more]));
    return { client, server };
  };

  it("passes each piece on before the next is there", async () => {
    const { client, server } = await open(pair.ours);
    if (begin !== "") server.socket.write(toChunk(begin));
    for (const piece of ["one", "two", "three", "four", "five"]) {
      server.socket.write(toChunk(`data: ${piece}\n\n`));
      await client.until(`data: ${piece}\n\n`);
    }
    server.socket.end("0\r\n\r\n");
    await client.ended;
    expect(client.received().endsWith("0\r\n\r\n")).toBe(true);
  });

  it.each(["gzip", "br"] as const)(
    "passes each piece on before the next is there, where the origin compresses with %s",
    async (encoding) => {
      const { client, server } = await open(pair.ours, [`Content-Encoding: ${encoding}`]);
      const { compress, decompress } = CODECS[encoding]();
      compress.on("data", (part: Buffer) => server.socket.write(toChunk(part.toString("latin1")), "latin1"));
      const text = readText(client, decompress);
      if (begin !== "") compress.write(begin);
      for (const piece of ["one", "two", "three"]) {
        compress.write(`data: ${piece}\n\n`);
        await expect.poll(text, { timeout: 5000 }).toContain(`data: ${piece}\n\n`);
      }
      client.socket.destroy();
    },
  );

  it("holds the origin back while the visitor does not read", async () => {
    const { client, server } = await open(pair.ours);
    if (begin !== "") server.socket.write(toChunk(begin));
    client.socket.pause();
    const chunk = toChunk(BLOCK.toString("latin1"));
    let sent = 0;
    const sending = (async () => {
      for (; sent < BLOCKS; sent += 1) if (!server.socket.write(chunk)) await once(server.socket, "drain");
      server.socket.end("0\r\n\r\n");
    })();
    await untilStill(() => sent);
    expect(sent).toBeLessThan(BLOCKS / 4);
    client.socket.resume();
    await sending;
    await client.ended;
    expect(client.received().endsWith("0\r\n\r\n")).toBe(true);
  });

  it.each(["ours", "bare"] as const)(
    "ends at the origin when the visitor goes before the answer (%s)",
    async (which) => {
      const client = openConnection(pair[which].origin);
      client.socket.write(buildRequest({ path: "/a", host: HOST, headers }));
      const server = await origin.next();
      await server.until("\r\n\r\n");
      client.socket.resetAndDestroy();
      await server.ended;
    },
  );

  it.each(["ours", "bare"] as const)("ends at the origin when the visitor goes in the middle (%s)", async (which) => {
    const { client, server } = await open(pair[which]);
    server.socket.write(toChunk(`${begin}one`));
    await client.until("one");
    client.socket.resetAndDestroy();
    await server.ended;
  });

  // An end without a reset may mean that the visitor only has nothing more to say: workerd finds out when it sends.
  it.each(["ours", "bare"] as const)(
    "ends at the origin with the next piece when the visitor hangs up (%s)",
    async (which) => {
      const { client, server } = await open(pair[which]);
      server.socket.write(toChunk(`${begin}one`));
      await client.until("one");
      client.socket.destroy();
      const pieces = setInterval(() => server.socket.write(toChunk("more")), 20);
      await server.ended;
      clearInterval(pieces);
    },
  );

  it.each(["ours", "bare"] as const)("ends for the visitor when the origin goes in the middle (%s)", async (which) => {
    const { client, server } = await open(pair[which]);
    server.socket.write(toChunk(`${begin}one`));
    await client.until("one");
    server.socket.destroy();
    await client.ended;
    expect(client.received()).not.toContain("\r\n0\r\n");
  });
});

describe("an upload", () => {
  let origin: RawOrigin;
  let pair: Pair;
  beforeAll(async () => {
    origin = await startRawOrigin();
    pair = await startPair(origin.origin);
  });
  afterAll(() => origin.close());

  const open = async (worker: RunningWorkerd) => {
    const client = openConnection(worker.origin);
    const headers = ["Transfer-Encoding: chunked"];
    client.socket.write(buildRequest({ method: "POST", path: "/a", host: HOST, headers }));
    client.socket.write(toChunk("zero"));
    const server = await origin.next();
    await server.until("zero");
    return { client, server };
  };

  it("passes each piece on before the next is there, and the answer beside it", async () => {
    const { client, server } = await open(pair.ours);
    server.socket.write(toHead(["Content-Type: text/plain", "Transfer-Encoding: chunked"]));
    for (const piece of ["one", "two", "three"]) {
      client.socket.write(toChunk(piece));
      await server.until(piece);
      server.socket.write(toChunk(`got ${piece}`));
      await client.until(`got ${piece}`);
    }
    client.socket.write("0\r\n\r\n");
    await server.until("0\r\n\r\n");
    server.socket.end("0\r\n\r\n");
    await client.ended;
  });

  it("holds the visitor back while the origin does not read", async () => {
    const { client, server } = await open(pair.ours);
    server.socket.pause();
    const chunk = toChunk(BLOCK.toString("latin1"));
    let sent = 0;
    const sending = (async () => {
      for (; sent < BLOCKS; sent += 1) if (!client.socket.write(chunk)) await once(client.socket, "drain");
      client.socket.write("0\r\n\r\n");
    })();
    await untilStill(() => sent);
    expect(sent).toBeLessThan(BLOCKS / 4);
    server.socket.resume();
    await sending;
    // Not looked for with every piece: it would be the whole upload each time.
    await expect.poll(() => server.socket.bytesRead).toBeGreaterThan(LARGE_BYTES);
    await server.until("\r\n0\r\n\r\n");
    client.socket.destroy();
  });

  it.each(["ours", "bare"] as const)("ends at the origin when the visitor goes in the middle (%s)", async (which) => {
    const { client, server } = await open(pair[which]);
    client.socket.destroy();
    await server.ended;
    expect(server.received()).not.toContain("\r\n0\r\n");
  });

  it.each([["ours"], ["bare"]] as const)("may be refused before it is over (%s)", async (which) => {
    const { client, server } = await open(pair[which]);
    server.socket.end("HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\nConnection: close\r\n\r\nno!");
    await client.until("\r\n\r\nno!");
    expect(client.received()).toMatch(/^HTTP\/1\.1 413 /);
    client.socket.destroy();
  });
});

/** The text of a body as far as it has come; still compressed or not, as its headers say. */
function readText(client: RawConnection, decompress: Duplex): () => string {
  let text = "";
  let taken = 0;
  decompress.on("data", (part: Buffer) => (text += part.toString("latin1")));
  return () => {
    const received = client.received();
    const headEnd = received.indexOf("\r\n\r\n");
    const { body } = joinChunks(received.slice(headEnd + 4));
    if (!/^content-encoding:/im.test(received.slice(0, headEnd))) return body;
    decompress.write(Buffer.from(body.slice(taken), "latin1"));
    taken = body.length;
    return text;
  };
}

function toHead(headers: readonly string[]): string {
  return ["HTTP/1.1 200 OK", ...headers, "", ""].join("\r\n");
}

function toChunk(text: string): string {
  return `${text.length.toString(16)}\r\n${text}\r\n`;
}

/** Waits until a count has not moved for a while. */
async function untilStill(count: () => number): Promise<void> {
  for (let last = -1; last !== count();) {
    last = count();
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/** Length and hash of a body, without our tag: the page's own bytes. */
async function download(
  worker: RunningWorkerd,
  path: string,
  headers: Record<string, string>,
): Promise<{ bytes: number; sha256: string }> {
  const call = sendRequest(worker.origin + path, { headers: { ...headers, host: HOST }, agent: false }).end();
  const [response]: IncomingMessage[] = await once(call, "response");
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const chunk of response ?? []) {
    const part: Buffer = bytes === 0 ? withoutTag(chunk) : chunk;
    hash.update(part);
    bytes += part.length;
  }
  return { bytes, sha256: hash.digest("hex") };
}

function withoutTag(chunk: Buffer): Buffer {
  return Buffer.from(chunk.toString("latin1").replace(TAG, ""), "latin1");
}

/** What the site says that it got. */
async function upload(worker: RunningWorkerd, headers: Record<string, string | number>): Promise<unknown> {
  const call = sendRequest(`${worker.origin}/try/upload`, {
    method: "POST",
    headers: { ...headers, host: HOST },
    agent: false,
  });
  const answered: Promise<IncomingMessage[]> = once(call, "response");
  for (let sent = 0; sent < BLOCKS; sent += 1) if (!call.write(BLOCK)) await once(call, "drain");
  call.end();
  const [response] = await answered;
  let text = "";
  for await (const chunk of response ?? []) text += String(chunk);
  const { bytes, sha256 }: { bytes: number; sha256: string } = JSON.parse(text);
  return { bytes, sha256 };
}

/** By how much the worker's process grew at its largest. */
async function measure<T>(
  worker: RunningWorkerd,
  work: (worker: RunningWorkerd) => Promise<T>,
): Promise<{ result: T; grownBytes: number }> {
  // Sets the peak back to what is held now. Source: proc_pid_clear_refs(5).
  writeFileSync(`/proc/${worker.pid}/clear_refs`, "5");
  const before = readMemory(worker, "VmRSS");
  const result = await work(worker);
  return { result, grownBytes: readMemory(worker, "VmHWM") - before };
}

function readMemory({ pid }: RunningWorkerd, field: "VmRSS" | "VmHWM"): number {
  const [, kilobytes] =
    new RegExp(`^${field}:\\s+(\\d+) kB$`, "m").exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kilobytes) * 1024;
}
