import { type IncomingMessage, type ServerResponse } from "node:http";

export type Handler = (request: IncomingMessage, response: ServerResponse, url: URL) => void | Promise<void>;

/** One address of the stand-in site. */
export interface Route {
  readonly path: string;
  /** Its purpose, for the list at `/try`. */
  readonly about: string;
  readonly handle: Handler;
}

/** Answers 200 with a Content-Length, as a site without streaming does. */
export function sendHtml(response: ServerResponse, html: string | Buffer, headers: Record<string, string> = {}): void {
  send(response, html, { "content-type": "text/html; charset=utf-8", ...headers });
}

export function send(response: ServerResponse, body: string | Buffer, headers: Record<string, string>): void {
  response.writeHead(200, { ...headers, "content-length": Buffer.byteLength(body) });
  response.end(body);
}

/** A request's body, piece by piece: Node gives buffers where no encoding is set. */
export function toChunks(request: IncomingMessage): AsyncIterable<Buffer> {
  return request;
}

export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of toChunks(request)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** @returns The value; empty when there is none. */
export function readCookie(request: IncomingMessage, name: string): string {
  const pairs = (request.headers.cookie ?? "").split("; ");
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1) ?? "";
}
