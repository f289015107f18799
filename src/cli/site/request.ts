import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { brotliDecompressSync, constants, gunzipSync, inflateSync, zstdDecompressSync } from "node:zlib";

const TIMEOUT_MS = 15_000;
/** All that matters is in a page's head, which is shorter. */
const MAX_BODY_BYTES = 2_000_000;
/** Longest body after decompression. */
const MAX_DECODED_BYTES = 64_000_000;
/** More encodings than any server applies, one on top of the other. */
const MAX_ENCODINGS = 3;

export interface RequestOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** An answer as it came over the wire: not decoded, and no redirect followed. */
export interface Answer {
  readonly url: URL;
  readonly status: number;
  readonly headers: Headers;
  /** Cut off after 2 MB. */
  readonly body: Buffer;
}

/** The site does not answer. */
export class UnreachableError extends Error {}

/**
 * Sends one request with these headers, `Host`, `Connection` and, for a body, `Content-Length`.
 *
 * `fetch` would set `Sec-Fetch` headers of its own and follow redirects.
 *
 * @throws {UnreachableError} With the reason in plain words.
 */
export function sendRequest(url: URL, { method = "GET", headers = {}, body }: RequestOptions = {}): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const fail = (error: Error) => reject(new UnreachableError(`Cannot reach ${url.href}: ${explain(error)}`));
  const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
  const send = url.protocol === "https:" ? requestHttps : requestHttp;
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const request = send(url, { method, headers: { ...headers, ...length }, agent: false, signal }, (response) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const finish = () =>
      resolve({
        url,
        status: response.statusCode ?? 0,
        headers: toHeaders(response.rawHeaders),
        body: Buffer.concat(chunks),
      });
    response.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes < MAX_BODY_BYTES) return;
      finish();
      response.destroy();
    });
    response.once("end", finish);
    response.once("error", fail);
  });
  request.once("error", fail);
  request.end(body);
  return promise;
}

/** The body as text, decoded by its encoding and its charset. Empty where it cannot be decoded. */
export function readText(answer: Answer): string {
  const label = /charset\s*=\s*"?([^\s;"]+)/i.exec(answer.headers.get("content-type") ?? "")?.[1] ?? "utf-8";
  try {
    return new TextDecoder(label).decode(decodeBody(answer) ?? undefined);
  } catch {
    return "";
  }
}

/** The body without its `Content-Encoding`; `null` where it cannot be decoded. */
export function decodeBody({ body, headers }: Answer): Buffer | null {
  try {
    return decode(body, headers.get("content-encoding"));
  } catch {
    return null;
  }
}

function decode(body: Buffer, encodings: string | null): Buffer {
  // The encoding that was applied last comes off first. A body that was cut off gives what is there.
  const limit = { maxOutputLength: MAX_DECODED_BYTES };
  const flushed = { ...limit, finishFlush: constants.Z_SYNC_FLUSH };
  const names = (encodings ?? "").toLowerCase().split(",");
  if (names.length > MAX_ENCODINGS) throw new Error("Cannot decode a body that is packed again and again");
  return names.reduceRight((bytes, padded) => {
    const name = padded.trim();
    if (name === "gzip") return gunzipSync(bytes, flushed);
    if (name === "deflate") return inflateSync(bytes, flushed);
    if (name === "br") return brotliDecompressSync(bytes, { ...limit, finishFlush: constants.BROTLI_OPERATION_FLUSH });
    if (name === "zstd") return zstdDecompressSync(bytes, { ...limit, finishFlush: constants.ZSTD_e_flush });
    return bytes;
  }, body);
}

function toHeaders(raw: readonly string[]): Headers {
  const headers = new Headers();
  for (let at = 0; at + 1 < raw.length; at += 2) headers.append(raw[at] ?? "", raw[at + 1] ?? "");
  return headers;
}

const REASONS: Readonly<Record<string, string | undefined>> = {
  ENOTFOUND: "there is no such host",
  EAI_AGAIN: "its host cannot be looked up: is this machine online?",
  ECONNREFUSED: "nothing listens there",
  ECONNRESET: "the connection was cut",
  EHOSTUNREACH: "its network is out of reach from here",
  ETIMEDOUT: "no answer",
  CERT_HAS_EXPIRED: "its certificate has expired",
  DEPTH_ZERO_SELF_SIGNED_CERT: "its certificate is signed by nobody that is trusted",
  ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is for another host",
};

function explain(error: Error): string {
  if (error.name === "AbortError" || error.name === "TimeoutError") return `no answer within ${TIMEOUT_MS / 1000} s`;
  const code = "code" in error ? String(error.code) : "";
  return REASONS[code] ?? error.message;
}

/** @returns `null` for a body that is no JSON. */
export function readJson(answer: Answer): unknown {
  return parseJson(readText(answer));
}

/** @returns `null` for a text that is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
