import { brotliCompressSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { SMALL_PAGE_BYTES } from "../../../src/limits.ts";
import { buildRequest, openConnection, parseResponse, type RawConnection, type RawResponse } from "../raw-request.ts";
import { type RunningWorker } from "../start-worker.ts";
import { usePair, useRawOrigin } from "../use-workers.ts";
import { NAVIGATION, TAG } from "./page-cases.ts";

const HOST = "www.example.com";
const origin = useRawOrigin();
const { ours, bare } = usePair(() => ({ ORIGIN_URL: origin.origin }));

const PAGE = `<!doctype html><html><head><meta charset="utf-8"><title>Small</title></head><body>${"<p>One.</p>".repeat(200)}<p>End.</body></html>`;
const withTag = (page: string) => page.replace("<head>", `<head>${TAG}`);
const bytesOf = (bytes: Buffer) => bytes.toString("latin1");

/** @param length What `Content-Length` says; `null` sends the page in chunks. */
function toHead(length: number | null, headers: readonly string[] = []): string {
  const framing = length === null ? "Transfer-Encoding: chunked" : `Content-Length: ${length}`;
  return ["HTTP/1.1 200 OK", "Content-Type: text/html", framing, ...headers, "", ""].join("\r\n");
}

async function ask(worker: RunningWorker): Promise<{ client: RawConnection; server: RawConnection }> {
  const client = openConnection(worker.origin);
  client.socket.write(buildRequest({ path: "/a", host: HOST, headers: [...NAVIGATION, "Accept-Encoding: gzip, br"] }));
  const server = await origin.next();
  await server.until("\r\n\r\n");
  return { client, server };
}

/** Sends an answer in pieces and closes the connection. */
async function send(worker: RunningWorker, ...pieces: readonly string[]): Promise<RawResponse> {
  const { client, server } = await ask(worker);
  for (const piece of pieces) server.socket.write(piece, "latin1");
  server.socket.end();
  await client.ended;
  return parseResponse(client.received());
}

const lengthOf = ({ head }: RawResponse) => head.find((line) => line.startsWith("content-length:"));

/** On a busy machine, a page may take longer than the Worker waits for one: then it comes in pieces, without a length. */
const expectOneArray = (ask: () => Promise<RawResponse>) =>
  expect
    .poll(async () => {
      const got = await ask();
      expect(bytesOf(got.body)).toBe(withTag(PAGE));
      return lengthOf(got);
    })
    .toBe(`content-length: ${withTag(PAGE).length}`);

describe("a small page", () => {
  it("comes back as one array, with its length", async () => {
    await expectOneArray(() => send(ours, toHead(PAGE.length), PAGE));
  });

  it.each([
    ["gzip", gzipSync],
    ["br", brotliCompressSync],
  ])("comes back as one array where it is compressed with %s", async (encoding, compress) => {
    const body = bytesOf(compress(PAGE));
    await expectOneArray(() => send(ours, toHead(body.length, [`Content-Encoding: ${encoding}`]), body));
  });

  it("is complete where it comes in many pieces", async () => {
    const pieces = PAGE.match(/[^]{1,20}/g) ?? [];
    const got = await send(ours, toHead(PAGE.length), ...pieces);
    expect(bytesOf(got.body)).toBe(withTag(PAGE));
  });

  it("is complete where it is far larger than its compressed bytes", async () => {
    const page = PAGE.replace("One.", "One.".repeat(300_000));
    const body = bytesOf(gzipSync(page));
    expect(body.length).toBeLessThan(SMALL_PAGE_BYTES / 4);
    const got = await send(ours, toHead(body.length, ["Content-Encoding: gzip"]), body);
    expect(bytesOf(got.body)).toBe(withTag(page));
    // It is not held until its end.
    expect(lengthOf(got)).toBeUndefined();
  });

  it.each([
    ["without a length", null],
    ["of more bytes", SMALL_PAGE_BYTES + 1],
  ])("differs from a page %s, which streams", async (_what, length) => {
    const page = PAGE.padEnd(length ?? PAGE.length, " ");
    const body = length === null ? `${page.length.toString(16)}\r\n${page}\r\n0\r\n\r\n` : page;
    const got = await send(ours, toHead(length), body);
    expect(bytesOf(got.body)).toBe(withTag(page));
    expect(lengthOf(got)).toBeUndefined();
  });
});

describe("a small page whose length is a lie", () => {
  /** On a busy machine, the page comes in pieces: the runtime may then drop the last piece of one that breaks off. */
  const expectBrokenOff = async (answer: readonly string[], expected: (body: string) => string) => {
    const plain = await send(bare, ...answer);
    expect(plain.isWhole).toBe(false);
    await expect
      .poll(async () => {
        const { body, isWhole } = await send(ours, ...answer);
        return { body: bytesOf(body), isWhole };
      })
      .toEqual({ body: expected(bytesOf(plain.body)), isWhole: false });
  };

  it("arrives as far as it came, and breaks off, where it is shorter", async () => {
    await expectBrokenOff([toHead(PAGE.length + 100), PAGE], withTag);
  });

  it("arrives as far as it came where not even its head did", async () => {
    await expectBrokenOff([toHead(PAGE.length), "<!doctype html><ht"], () => "<!doctype html><ht");
  });

  it("ends where its length says", async () => {
    const answer = [toHead(PAGE.length - 20), PAGE] as const;
    const [got, expected] = [await send(ours, ...answer), await send(bare, ...answer)];
    expect(bytesOf(got.body)).toBe(withTag(bytesOf(expected.body)));
    expect(got.isWhole).toBe(true);
  });

  it("arrives as far as it can be decoded where it is compressed", async () => {
    const body = bytesOf(gzipSync(PAGE));
    const got = await send(ours, toHead(body.length + 10, ["Content-Encoding: gzip"]), body);
    expect(withTag(PAGE).startsWith(bytesOf(got.body))).toBe(true);
    expect(bytesOf(got.body)).toContain("<p>End.");
    expect(got.isWhole).toBe(false);
  });
});

describe("a damaged page", () => {
  const long = PAGE.replace("One.", "One.".repeat(20_000));
  const inChunks = (body: string) => `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
  const gzip = (page: string) => bytesOf(gzipSync(page));
  const brotli = (page: string) => bytesOf(brotliCompressSync(page));

  // Browsers show all of these, without a word.
  it.each([
    ["a line break behind its gzip", "gzip", (page: string) => `${gzip(page)}\r\n`],
    ["a comment behind its gzip", "gzip", (page: string) => `${gzip(page)}<!-- cached -->`],
    ["no checksum", "gzip", (page: string) => gzip(page).slice(0, -8)],
    ["bytes behind its brotli", "br", (page: string) => `${brotli(page)}xx`],
  ])("with %s is whole, and ends as a whole page", async (_what, encoding, damage) => {
    for (const page of [PAGE, long]) {
      const body = damage(page);
      const headers = [`Content-Encoding: ${encoding}`];
      for (const answer of [
        [toHead(body.length, headers), body],
        [toHead(null, headers), inChunks(body)],
      ]) {
        const got = await send(ours, ...answer);
        expect(bytesOf(got.body)).toBe(withTag(page));
        expect(got.isWhole).toBe(true);
      }
    }
  });

  it.each([0, 10, 20, 60])("ends, with what can be decoded, where the bytes from %d on are wrong", async (at) => {
    const body = Buffer.concat([gzipSync(PAGE).subarray(0, at), Buffer.alloc(100, 0x55)]);
    const got = await send(ours, toHead(body.length, ["Content-Encoding: gzip"]), bytesOf(body));
    expect(withTag(PAGE).startsWith(bytesOf(got.body))).toBe(true);
    expect(got).toMatchObject({ status: 200, isWhole: true });
  });
});

describe("a long page that breaks off", () => {
  it.each([
    ["with a length", (page: string) => toHead(page.length + 100) + page],
    ["in chunks", (page: string) => `${toHead(null)}${(page.length + 100).toString(16)}\r\n${page}`],
  ])("arrives as far as it came: %s", async (_what, toAnswer) => {
    const page = PAGE.padEnd(200_000, "One. ");
    const got = await send(ours, toAnswer(page));
    expect(bytesOf(got.body)).toBe(withTag(page));
    expect(got.isWhole).toBe(false);
  });
});

describe("a small page that stalls", () => {
  it.each([
    ["before its head", "<!doctype html>", "<!doctype html>"],
    [
      "in its head",
      "<!doctype html><html><head><meta charset=utf-8><title>Sm",
      `<head>${TAG}<meta charset=utf-8><title>Sm`,
    ],
    ["in its body", PAGE.slice(0, 500), withTag(PAGE).slice(400, 500)],
  ])("%s is sent as far as it is there", async (_what, first, received) => {
    const { client, server } = await ask(ours);
    server.socket.write(toHead(PAGE.length) + first);
    await client.until(received);
    expect(client.received()).not.toContain("End.");
    const rest = PAGE.slice(first.length);
    server.socket.write(rest);
    await client.until("End.");
    server.socket.end();
    await client.ended;
    const got = parseResponse(client.received());
    expect(bytesOf(got.body)).toBe(withTag(first + rest));
    expect(got.isWhole).toBe(true);
  });

  it("ends for the visitor when the origin goes", async () => {
    const { client, server } = await ask(ours);
    server.socket.write(toHead(PAGE.length) + PAGE.slice(0, 500));
    await client.until(TAG);
    server.socket.destroy();
    await client.ended;
    const got = parseResponse(client.received());
    expect(bytesOf(got.body)).toBe(withTag(PAGE.slice(0, 500)));
    expect(got.isWhole).toBe(false);
  });

  it("ends at the origin when the visitor goes", async () => {
    const { client, server } = await ask(ours);
    server.socket.write(toHead(PAGE.length) + PAGE.slice(0, 500));
    await client.until(TAG);
    client.socket.resetAndDestroy();
    await server.ended;
  });
});
