import type { IncomingMessage, ServerResponse } from "node:http";

/** More than the largest body that is allowed here: 32,768 bytes of attributes, JSON-escaped. */
const MAX_BODY_BYTES = 256 * 1024;
const HEARTBEAT_MS = 15_000;

/** One request to this server, and its answer. */
export interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  method: string;
  path: string;
}

export interface Feed {
  send(item: unknown): void;
}

export function replyJson({ response }: Exchange, status: number, value: unknown): void {
  reply(response, status, "application/json", JSON.stringify(value));
}

export function replyFile({ response }: Exchange, contentType: string, text: string): void {
  reply(response, 200, contentType, text);
}

function reply(response: ServerResponse, status: number, contentType: string, text: string): void {
  response.writeHead(status, { "content-type": `${contentType}; charset=utf-8`, "cache-control": "no-store" });
  response.end(text);
}

/**
 * Opens a stream of server-sent events.
 *
 * @param onClose Called once, when the reader has gone.
 */
export function openFeed({ response }: Exchange, onClose: () => void): Feed {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
  response.flushHeaders();
  const heartbeat = setInterval(() => response.write(": still here\n\n"), HEARTBEAT_MS);
  response.on("close", () => {
    clearInterval(heartbeat);
    onClose();
  });
  return { send: (item) => void response.write(`data: ${JSON.stringify(item)}\n\n`) };
}

/** @returns The parsed body; `undefined` when it is too long or no JSON. */
export async function readJson(exchange: Exchange): Promise<unknown> {
  try {
    return JSON.parse((await readBody(exchange)).toString("utf8")) as unknown;
  } catch {
    return undefined;
  }
}

/** @throws {Error} When it is too long. */
export async function readBody({ request }: Exchange): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw new Error(`Cannot read the body: longer than ${MAX_BODY_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

export function readHeader({ request }: Exchange, name: string): string | null {
  const value = request.headers[name];
  return typeof value === "string" ? value : null;
}

/**
 * Lets pages of every origin read the answer, and answers the preflight itself.
 *
 * Also pages that are not on the allow-list: their widget shows the status 400.
 *
 * @returns Whether the request was a preflight and has been answered.
 */
export function answerCrossOrigin(exchange: Exchange, headers: readonly string[]): boolean {
  const { request, response } = exchange;
  response.setHeader("vary", "origin");
  const origin = readHeader(exchange, "origin");
  if (origin !== null) response.setHeader("access-control-allow-origin", origin);
  if (request.method !== "OPTIONS") return false;
  response.writeHead(204, {
    "access-control-allow-methods": "GET, POST",
    "access-control-allow-headers": headers.join(", "),
    "access-control-max-age": "600",
  });
  response.end();
  return true;
}
