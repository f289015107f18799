import { createServer } from "node:http";
import { closeServer, listen } from "../playground/listen.ts";

/** A page's body, or the whole page and its headers. */
export type OwnPage = string | { readonly html: string; readonly headers: Readonly<Record<string, string>> };

/** A site of a few pages, written by a test. */
export interface OwnPages {
  readonly origin: string;
  /** Each page by its path; may be changed at any time. */
  readonly pages: Record<string, OwnPage>;
  close(): Promise<void>;
}

export async function serveOwnPages(pages: Record<string, OwnPage> = {}): Promise<OwnPages> {
  const server = createServer((request, response) => {
    const page = pages[new URL(request.url ?? "", "http://localhost").pathname];
    const { html, headers } = typeof page === "object" ? page : { html: wrap(page ?? ""), headers: {} };
    const isKnown =
      (headers["etag"] !== undefined && request.headers["if-none-match"] === headers["etag"]) ||
      (headers["last-modified"] !== undefined && request.headers["if-modified-since"] === headers["last-modified"]);
    const status = page === undefined ? 404 : isKnown ? 304 : 200;
    response.writeHead(status, { "content-type": "text/html; charset=utf-8", ...headers });
    response.end(isKnown ? undefined : html);
  });
  const port = await listen(server);
  return {
    origin: `http://127.0.0.1:${port}`,
    pages,
    close: () => closeServer(server),
  };
}

function wrap(body: string): string {
  return `<!doctype html><html><head><title>A page</title></head>${body}</html>`;
}
