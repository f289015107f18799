import { createServer } from "node:http";
import { closeServer, listen } from "../playground/listen.ts";

const TAG = '<script data-cfasync="false" async src="/_chat/widget.js"></script>';

/** A page of the site, and the body that a visitor must get. */
export interface SoakPage {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly expected: Buffer;
}

const HTML = { "content-type": "text/html; charset=utf-8" };
const text = "Green tea, black tea, white tea. ".repeat(30);

function buildPage(
  path: string,
  html: string,
  after: string,
  headers: Readonly<Record<string, string>> = {},
): SoakPage {
  const at = html.indexOf(after) + after.length;
  return {
    path,
    headers: { ...HTML, ...headers },
    body: Buffer.from(html),
    expected: Buffer.from(html.slice(0, at) + TAG + html.slice(at)),
  };
}

function buildOther(path: string, type: string, body: Buffer): SoakPage {
  return { path, headers: { "content-type": type }, body, expected: body };
}

const document = (body: string) => `<!doctype html><html><head><title>Tea</title></head><body>${body}</body></html>`;

export const PAGES: readonly SoakPage[] = [
  buildPage("/", document(`<p>${text}</p>`), "<head>"),
  buildPage("/long", document(`<p>${text}</p>`.repeat(200)), "<head>"),
  buildPage("/headless", `<!doctype html>\n<p>${text}`, "<!doctype html>\n"),
  buildPage("/policy", document("<p>x"), "<head>", { "content-security-policy": "script-src 'self'; img-src https:" }),
  buildPage("/validated", document(`<p>${text}</p>`.repeat(10)), "<head>", {
    etag: '"v1"',
    "cache-control": "no-cache",
  }),
  buildOther("/fragment", "text/html", Buffer.from("{}")),
  buildOther("/picture", "image/png", Buffer.alloc(50_000, 7)),
  buildOther("/data", "application/json", Buffer.from('{"tea":"green"}')),
];

export interface Served {
  readonly origin: string;
  close(): Promise<void>;
}

/** Serves the site, and the KV of the Worker. */
export async function serveSite(): Promise<Served> {
  const pages = new Map(PAGES.map((page) => [page.path, page]));
  return serve((path, method, body) => {
    // The answer to an upload is the upload.
    if (method === "POST") return { headers: {}, body };
    const page = pages.get(path) ?? { headers: HTML, body: Buffer.from("Goodbye.") };
    return page;
  });
}

/** A KV that shows every write at once, and what the Worker has counted of browsers' outcomes. */
export async function serveStore(): Promise<Served & { readonly countOutcomes: () => number }> {
  const values = new Map<string, string>();
  let outcomes = 0;
  const served = await serve((path, method, body) => {
    if (method === "PATCH") {
      outcomes++;
      return { headers: {}, body: Buffer.alloc(0) };
    }
    if (method === "PUT") {
      values.set(decodeURIComponent(path.slice(1)), body.toString());
      return { headers: {}, body: Buffer.alloc(0) };
    }
    const keys: string[] = JSON.parse(body.toString());
    const found = Object.fromEntries(keys.map((key) => [key, values.get(key) ?? null]));
    return { headers: {}, body: Buffer.from(JSON.stringify(found)) };
  });
  return { ...served, countOutcomes: () => outcomes };
}

type Answer = { readonly headers: Readonly<Record<string, string>>; readonly body: Buffer };

async function serve(answer: (path: string, method: string, body: Buffer) => Answer): Promise<Served> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { headers, body } = answer(request.url ?? "/", request.method ?? "GET", Buffer.concat(chunks));
      const isKnown = headers["etag"] !== undefined && request.headers["if-none-match"] === headers["etag"];
      response.writeHead(isKnown ? 304 : 200, headers).end(isKnown ? undefined : body);
    });
  });
  const port = await listen(server);
  return {
    origin: `http://127.0.0.1:${port}`,
    close: () => closeServer(server),
  };
}
