// The site behind every measured Worker. Its answers are made beforehand, so that no Worker waits for the site.
import { createServer, type Socket } from "node:net";
import { buildPage, buildPageHead } from "./pages.ts";

const MEGABYTE = 1024 * 1024;
const LARGE_BYTES = 100 * MEGABYTE;
/** Between an early head and the rest of its page, in milliseconds. */
const PAUSE_MS = 500;
const END_OF_HEAD = "\r\n\r\n";

type Answer = (socket: Socket) => void;

const answers = new Map<string, Answer>([
  ["/page-10-kb", send("text/html; charset=utf-8", buildPage(10 * 1024))],
  ["/page-100-kb", send("text/html; charset=utf-8", buildPage(100 * 1024))],
  ["/page-1-mb", send("text/html; charset=utf-8", buildPage(MEGABYTE))],
  ["/image-1-mb", send("image/jpeg", Buffer.alloc(MEGABYTE, "picture "))],
  ["/early-head", sendEarlyHead],
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

function sendEarlyHead(socket: Socket): void {
  const writeChunk = (bytes: Buffer) => {
    socket.write(`${bytes.length.toString(16)}\r\n`);
    socket.write(bytes);
    socket.write("\r\n");
  };
  socket.write(`HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked${END_OF_HEAD}`);
  writeChunk(buildPageHead());
  setTimeout(() => {
    writeChunk(Buffer.from("<body>late</body></html>"));
    socket.write(`0${END_OF_HEAD}`);
  }, PAUSE_MS);
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
