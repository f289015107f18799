import { once } from "node:events";
import { type Duplex } from "node:stream";
import { constants, createBrotliCompress, createBrotliDecompress, createGunzip, createGzip } from "node:zlib";
import { describe, expect, it } from "vitest";
import { buildRequest, joinChunks, openConnection, type RawConnection } from "../../raw-request.ts";
import { type RunningWorker } from "../../start-worker.ts";
import { usePair, useRawOrigin } from "../../use-workers.ts";

const HOST = "www.example.com";
const DOCUMENT = ["Sec-Fetch-Dest: document"];

const BLOCK = Buffer.alloc(65_536, "0123456789abcdef");
const BLOCKS = 1600;
const LARGE_BYTES = BLOCKS * BLOCK.length;
/** Compressors that flush after every write, like an origin that streams its pages. */
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

describe.each([
  { what: "server-sent events", type: "text/event-stream", headers: ["Accept: text/event-stream"], begin: "" },
  { what: "a download", type: "application/octet-stream", headers: [], begin: "" },
  { what: "a page that gets the tag", type: "text/html", headers: DOCUMENT, begin: "<!doctype html><html><head>" },
  { what: "a page that gets none", type: "text/html", headers: ["Sec-Fetch-Dest: empty"], begin: "<!doctype html>" },
])("$what", ({ type, headers, begin }) => {
  const origin = useRawOrigin();
  const pair = usePair(() => ({ ORIGIN_URL: origin.origin }));

  const open = async (worker: RunningWorker, more: readonly string[] = []) => {
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

  // A connection that ends without a reset may still be read from: workerd learns of the end when it sends.
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
  const origin = useRawOrigin();
  const pair = usePair(() => ({ ORIGIN_URL: origin.origin }));

  const open = async (worker: RunningWorker) => {
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
    // Searching with every piece would read the whole upload each time.
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

/** The text of a body so far, decompressed where its headers say that it is compressed. */
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
