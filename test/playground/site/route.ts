import { type IncomingMessage, type ServerResponse } from "node:http";

export type Handler = (request: IncomingMessage, response: ServerResponse, url: URL) => void | Promise<void>;

/** One address of the stand-in site. */
export interface Route {
  readonly path: string;
  /** What it is for, as the list at `/try` says it. */
  readonly about: string;
  readonly handle: Handler;
}

/** Answers 200 with the page's length known, as a site without streaming does. */
export function sendHtml(response: ServerResponse, html: string | Buffer, headers: Record<string, string> = {}): void {
  send(response, html, { "content-type": "text/html; charset=utf-8", ...headers });
}

export function send(response: ServerResponse, body: string | Buffer, headers: Record<string, string>): void {
  response.writeHead(200, { ...headers, "content-length": Buffer.byteLength(body) });
  response.end(body);
}

/** A request's body, piece by piece: without an encoding set, Node gives buffers. */
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
