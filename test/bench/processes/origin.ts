// The site behind every measured Worker. Its answers are made beforehand, so that no Worker waits for the site.
import { createServer, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { PAGE_KINDS, toPath } from "../page-kinds.ts";
import { buildPage, buildPageHead, buildPageInPieces } from "./pages.ts";

const MEGABYTE = 1024 * 1024;
const LARGE_BYTES = 100 * MEGABYTE;
/** Between two pieces of a page, and how long a receiver is slow, in milliseconds. */
const PAUSE_MS = 200;
const COMPRESS = { plain: (body: Buffer) => body, gzip: gzipSync, br: brotliCompressSync } as const;
const END_OF_HEAD = "\r\n\r\n";
const LAST_CHUNK = `0${END_OF_HEAD}`;

type Answer = (socket: Socket) => void;

const answers = new Map<string, Answer>([
  ...PAGE_KINDS.map((kind): [string, Answer] => {
    const body = COMPRESS[kind.encoding](buildPage(kind.bytes));
    const encoding = kind.encoding === "plain" ? "" : `\r\nContent-Encoding: ${kind.encoding}`;
    const answer = kind.hasLength ? send : sendChunked;
    return [toPath(kind), answer(`text/html; charset=utf-8${encoding}`, body)];
  }),
  ["/image-1-mb", send("image/jpeg", Buffer.alloc(MEGABYTE, "picture "))],
  ["/in-pieces", (socket) => void sendInPieces(socket)],
  ["/stalling", (socket) => void sendStalling(socket)],
  ["/large-page", (socket) => void sendLarge(socket, "text/html; charset=utf-8")],
  ["/large-file", (socket) => void sendLarge(socket, "application/octet-stream")],
  ["/upload", send("text/plain", Buffer.from("received"))],
]);
const notModified = Buffer.from('HTTP/1.1 304 Not Modified\r\nETag: "page"\r\nCache-Control: max-age=0\r\n\r\n');

const server = createServer({ noDelay: true }, (socket) => {
  let head = "";
  let bodyBytesLeft = 0;
  let answer: Answer | undefined;
  socket.on("error", () => socket.destroy());
  socket.on("data", (chunk) => {
    let bodyBytes = chunk.length;
    if (answer === undefined) {
      head += chunk.toString("latin1");
      const end = head.indexOf(END_OF_HEAD);
      if (end === -1) return;
      bodyBytes = head.length - end - END_OF_HEAD.length;
      answer = chooseAnswer(head);
      bodyBytesLeft = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
      head = "";
      if (bodyBytesLeft > MEGABYTE) pauseOnce(socket);
    }
    bodyBytesLeft -= bodyBytes;
    if (bodyBytesLeft > 0) return;
    answer(socket);
    answer = undefined;
  });
});
server.listen(0, "127.0.0.1");

process.on("message", () => process.send?.(server.address()));
process.once("disconnect", () => process.exit());

function chooseAnswer(head: string): Answer {
  if (/\r\nif-none-match:/i.test(head)) return (socket) => socket.write(notModified);
  const path = head.slice(head.indexOf(" ") + 1, head.indexOf(" HTTP/"));
  return answers.get(path) ?? ((socket) => socket.end("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"));
}

function send(contentType: string, body: Buffer): Answer {
  const head = `HTTP/1.1 200 OK\r\nContent-Type: ${contentType}\r\nContent-Length: ${body.length}\r\nETag: "page"\r\nCache-Control: max-age=0\r\n\r\n`;
  const whole = Buffer.concat([Buffer.from(head), body]);
  return (socket) => socket.write(whole);
}

function sendChunked(contentType: string, body: Buffer): Answer {
  const head = `HTTP/1.1 200 OK\r\nContent-Type: ${contentType}\r\nTransfer-Encoding: chunked\r\nETag: "page"\r\nCache-Control: max-age=0\r\n\r\n`;
  const whole = Buffer.concat([Buffer.from(head), toChunk(body), Buffer.from(LAST_CHUNK)]);
  return (socket) => socket.write(whole);
}

function toChunk(bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from("\r\n")]);
}

/** A page whose head, beginning and end leave one after the other. */
async function sendInPieces(socket: Socket): Promise<void> {
  socket.write(`HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked${END_OF_HEAD}`);
  for (const [index, piece] of buildPageInPieces().entries()) {
    if (index > 0) await sleep(PAUSE_MS);
    socket.write(toChunk(piece));
  }
  socket.write(LAST_CHUNK);
}

/** A small page of which only the head comes in the first flight. */
async function sendStalling(socket: Socket): Promise<void> {
  const page = buildPage(10 * 1024);
  const head = buildPageHead().length;
  socket.write(`HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: ${page.length}${END_OF_HEAD}`);
  socket.write(page.subarray(0, head));
  await sleep(PAUSE_MS);
  socket.write(page.subarray(head));
}

/** Sends as fast as the other side reads: bytes that it does not read must not pile up here. */
async function sendLarge(socket: Socket, contentType: string): Promise<void> {
  socket.write(
    `HTTP/1.1 200 OK\r\nContent-Type: ${contentType}\r\nContent-Length: ${LARGE_BYTES}\r\nCache-Control: max-age=0\r\n\r\n`,
  );
  const page = buildPage(MEGABYTE);
  for (let sentBytes = 0; sentBytes < LARGE_BYTES; sentBytes += page.length) {
    if (!socket.write(page)) await new Promise((resolve) => socket.once("drain", resolve));
  }
}

/** A receiver that is slow for a while: a Worker that does not wait for it fills its memory. */
function pauseOnce(socket: Socket): void {
  socket.pause();
  setTimeout(() => socket.resume(), PAUSE_MS);
}
