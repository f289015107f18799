import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { openConnection, type RawConnection } from "../../raw-request.ts";
import { type RunningWorker } from "../../start-worker.ts";
import { usePair, useRawOrigin } from "../../use-workers.ts";
import {
  type Frame,
  framesOf,
  joinFragments,
  type Message,
  OPCODE,
  ORIGIN,
  toBytes,
  toClose,
  VISITOR,
} from "./frames.ts";

// The example of RFC 6455 §1.3.
const KEY = "dGhlIHNhbXBsZSBub25jZQ==";
const HANDSHAKE_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
const EVERY_BYTE = Buffer.from(Array.from({ length: 256 }, (_, index) => index));

/** Frames of a WebSocket, in the order they are sent. */
const MESSAGES: readonly (readonly [what: string, frames: readonly Frame[]])[] = [
  ["a text", [{ opcode: OPCODE.text, payload: Buffer.from("caf\u00e9 \u{1f375}") }]],
  ["an empty text", [{ opcode: OPCODE.text, payload: Buffer.alloc(0) }]],
  ["every byte", [{ opcode: OPCODE.binary, payload: EVERY_BYTE }]],
  ["125 bytes", [{ opcode: OPCODE.binary, payload: Buffer.alloc(125, EVERY_BYTE) }]],
  ["126 bytes", [{ opcode: OPCODE.binary, payload: Buffer.alloc(126, EVERY_BYTE) }]],
  ["70,000 bytes", [{ opcode: OPCODE.binary, payload: Buffer.alloc(70_000, EVERY_BYTE) }]],
  ["a megabyte", [{ opcode: OPCODE.binary, payload: Buffer.alloc(1_000_000, EVERY_BYTE) }]],
  [
    "a text in fragments",
    [
      { opcode: OPCODE.text, payload: Buffer.from("one, "), isFinal: false },
      { opcode: OPCODE.continuation, payload: Buffer.from("two, "), isFinal: false },
      { opcode: OPCODE.continuation, payload: Buffer.from("three") },
    ],
  ],
  ["three messages", ["one", "two", "three"].map((text) => ({ opcode: OPCODE.text, payload: Buffer.from(text) }))],
];

const CLOSES: readonly (readonly [what: string, payload: Buffer])[] = [
  ["no code", Buffer.alloc(0)],
  ["1000", toClose(1000, "")],
  ["1001 with a reason", toClose(1001, "going away")],
  ["1011", toClose(1011, "")],
  ["3000 with a reason", toClose(3000, "caf\u00e9")],
  ["4999 with the longest reason", toClose(4999, "r".repeat(123))],
];

const origin = useRawOrigin();
const { ours, bare } = usePair(() => ({ ORIGIN_URL: origin.origin }));

describe("a WebSocket", () => {
  it.each(MESSAGES)("carries %s to the origin", async (_what, frames) => {
    const [got, expected] = await throughBoth(async ({ client, server }) => {
      for (const frame of frames) client.socket.write(toBytes(frame, VISITOR));
      return readMessages(server, frames);
    });
    expect(got).toEqual(joinFragments(frames));
    expect(got).toEqual(expected);
  });

  it.each(MESSAGES)("carries %s to the visitor", async (_what, frames) => {
    const [got, expected] = await throughBoth(async ({ client, server }) => {
      for (const frame of frames) server.socket.write(toBytes(frame, ORIGIN));
      return readMessages(client, frames);
    });
    expect(got).toEqual(joinFragments(frames));
    expect(got).toEqual(expected);
  });

  it.each(CLOSES)("carries the visitor's close with %s, and the origin's answer to it", async (_what, payload) => {
    const [got, expected] = await throughBoth(async ({ client, server }) => {
      client.socket.write(toBytes({ opcode: OPCODE.close, payload }, VISITOR));
      const asked = await readFrame(server, 0);
      server.socket.end(toBytes({ opcode: OPCODE.close, payload }, ORIGIN));
      return { asked, answered: await readFrame(client, 0) };
    });
    expect(got).toEqual(expected);
    expect(got.asked).toMatchObject({ opcode: OPCODE.close, payload });
  });

  it.each(CLOSES)("carries the origin's close with %s, and the visitor's answer to it", async (_what, payload) => {
    const [got, expected] = await throughBoth(async ({ client, server }) => {
      server.socket.write(toBytes({ opcode: OPCODE.close, payload }, ORIGIN));
      const asked = await readFrame(client, 0);
      client.socket.write(toBytes({ opcode: OPCODE.close, payload }, VISITOR));
      return { asked, answered: await readFrame(server, 0) };
    });
    expect(got).toEqual(expected);
    expect(got.asked).toMatchObject({ opcode: OPCODE.close, payload });
  });

  it("goes on after a ping from either side, as through a Worker that only passes on", async () => {
    const ping = { opcode: OPCODE.ping, payload: Buffer.from("there?") };
    const text = { opcode: OPCODE.text, payload: Buffer.from("after") };
    const [got, expected] = await throughBoth(async ({ client, server }) => {
      for (const frame of [ping, text]) client.socket.write(toBytes(frame, VISITOR));
      await expect.poll(() => framesOf(server)).toContainEqual(expect.objectContaining(text));
      for (const frame of [ping, text]) server.socket.write(toBytes(frame, ORIGIN));
      await expect.poll(() => framesOf(client)).toContainEqual(expect.objectContaining(text));
      return { visitor: framesOf(client), origin: framesOf(server) };
    });
    expect(got).toEqual(expected);
  });

  it("goes on both ways at once", async () => {
    const texts = Array.from({ length: 200 }, (_, index) => `message ${index}`);
    const frames = texts.map((text) => ({ opcode: OPCODE.text, payload: Buffer.from(text) }));
    const [got] = await throughBoth(async ({ client, server }) => {
      for (const frame of frames) {
        client.socket.write(toBytes(frame, VISITOR));
        server.socket.write(toBytes(frame, ORIGIN));
      }
      return Promise.all([readMessages(client, frames), readMessages(server, frames)]);
    });
    for (const side of got) expect(side.map(({ payload }) => payload.toString())).toEqual(texts);
  });

  it("ends for the visitor when the origin breaks off", async () => {
    const [got, expected] = await throughBoth(async ({ client, server }) => {
      server.socket.resetAndDestroy();
      await client.ended;
      return client.received().length;
    });
    expect(got).toBe(expected);
  });

  it("ends at the origin when the visitor breaks off", async () => {
    const [got, expected] = await throughBoth(async ({ client, server }) => {
      client.socket.resetAndDestroy();
      await server.ended;
      return framesOf(server);
    });
    expect(got).toEqual(expected);
  });

  it("keeps its handshake, but for our cookie", async () => {
    const cookie = "Cookie: a=1; __Host-chat-0123abcd=sealed; b=2";
    const [ourSide, bareSide] = [await connect(ours, [cookie]), await connect(bare, ["Cookie: a=1; b=2"])];
    expect(headOf(ourSide.server).replaceAll(/^x-forwarded-.*\r\n/gm, "")).toBe(headOf(bareSide.server));
    expect(headOf(ourSide.client)).toBe(headOf(bareSide.client));
    for (const { client } of [ourSide, bareSide]) client.socket.destroy();
  });
});

interface Sides {
  readonly client: RawConnection;
  readonly server: RawConnection;
}

/** Does the same through our Worker and through the one that only passes on. */
async function throughBoth<T>(work: (sides: Sides) => Promise<T>): Promise<[got: T, expected: T]> {
  const results: T[] = [];
  for (const worker of [ours, bare]) {
    const sides = await connect(worker);
    results.push(await work(sides));
    sides.client.socket.destroy();
    sides.server.socket.destroy();
  }
  const [got, expected] = results;
  if (got === undefined || expected === undefined) throw new Error("Cannot be: two went in");
  return [got, expected];
}

async function connect(worker: RunningWorker, headers: readonly string[] = []): Promise<Sides> {
  const client = openConnection(worker.origin);
  const lines = [
    "GET /chat?a=%2F HTTP/1.1",
    "Host: www.example.com",
    "Upgrade: websocket",
    "Connection: Upgrade",
    `Sec-WebSocket-Key: ${KEY}`,
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Protocol: chat, superchat",
    "Origin: http://www.example.com",
    ...headers,
  ];
  client.socket.write(`${lines.join("\r\n")}\r\n\r\n`);
  const server = await origin.next();
  await server.until("\r\n\r\n");
  const accept = createHash("sha1")
    .update(/^sec-websocket-key: (.*)$/im.exec(server.received())?.[1] ?? "")
    .update(HANDSHAKE_GUID)
    .digest("base64");
  server.socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\nSec-WebSocket-Protocol: superchat\r\nX-A: 1\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n\r\n`,
  );
  await client.until("\r\n\r\n");
  return { client, server };
}

/** The head as received, without the key, which differs for every connection. */
function headOf(connection: RawConnection): string {
  const [head = ""] = connection.received().split("\r\n\r\n", 1);
  return `${head}\r\n`.replaceAll(/^sec-websocket-(?:key|accept):.*\r\n/gim, "");
}

/** Waits for as many whole messages as were sent. */
async function readMessages(connection: RawConnection, sent: readonly Frame[]): Promise<Message[]> {
  const wanted = joinFragments(sent).length;
  await expect.poll(() => joinFragments(framesOf(connection)).length, { timeout: 10_000 }).toBe(wanted);
  return joinFragments(framesOf(connection));
}

async function readFrame(connection: RawConnection, index: number): Promise<Frame> {
  await expect.poll(() => framesOf(connection).length, { timeout: 10_000 }).toBeGreaterThan(index);
  const frame = framesOf(connection)[index];
  if (frame === undefined) throw new Error("Cannot be: it has come");
  return frame;
}
