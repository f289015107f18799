import { type ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { type Route, sendHtml } from "../route.ts";

const HEAD = '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>Streamed</title>\n';
const STEP_MS = 100;

/** Bodies that arrive slowly, or never completely. */
export const streamRoutes: readonly Route[] = [
  {
    path: "/try/stream/early-flush",
    about: "the head at once, the rest a second later",
    handle: async (_request, response) => {
      response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
      response.write(HEAD);
      await sleep(1000);
      response.end("</head>\n<body><p>The rest.</p></body>\n</html>\n");
    },
  },
  {
    path: "/try/stream/early-doctype",
    about: "the doctype and html at once, the head a second later",
    handle: async (_request, response) => {
      response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
      response.write('<!doctype html>\n<html lang="en">\n<!-- still');
      await sleep(1000);
      response.end(" thinking -->\n<head><title>Late</title></head>\n<body><p>The rest.</p></body>\n</html>\n");
    },
  },
  {
    path: "/try/stream/pieces",
    about: "a page byte by byte up to its body, so that every mark-up is cut somewhere",
    handle: async (_request, response) => {
      response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
      for (const char of `<!-- a > b -->${HEAD}`) {
        response.write(char);
        await sleep(1);
      }
      response.end("</head>\n<body><p>Pieces.</p></body>\n</html>\n");
    },
  },
  {
    path: "/try/stream/slow",
    about: "a page in ten pieces over a second",
    handle: async (_request, response) => {
      response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
      response.write(`${HEAD}</head>\n<body>\n`);
      for (let step = 1; step <= 10; step += 1) {
        await sleep(STEP_MS);
        response.write(`<p>Piece ${step} of 10.</p>\n`);
      }
      response.end("</body>\n</html>\n");
    },
  },
  {
    path: "/try/stream/broken",
    about: "a page whose connection breaks in the middle",
    handle: async (_request, response) => {
      response.writeHead(200, { "content-type": "text/html; charset=utf-8", "content-length": 100_000 });
      response.write(`${HEAD}</head>\n<body>\n<p>The beginning.</p>\n`);
      await sleep(STEP_MS);
      response.destroy();
    },
  },
  {
    path: "/try/stream/broken-early",
    about: "a page whose connection breaks before its head",
    handle: async (_request, response) => {
      response.writeHead(200, { "content-type": "text/html; charset=utf-8", "content-length": 100_000 });
      response.write("<!doctype html>\n<!-- still");
      await sleep(STEP_MS);
      response.destroy();
    },
  },
  {
    path: "/try/stream/large-page",
    about: "a page of 1 MB",
    handle: (_request, response) =>
      sendHtml(response, `${HEAD}</head>\n<body>\n${paragraphs(1_000_000)}</body></html>`),
  },
  {
    path: "/try/stream/download",
    about: "as many bytes as ?bytes= says, 10 MB without it",
    handle: (_request, response, url) =>
      sendBlocks(response, {
        bytes: Number(url.searchParams.get("bytes") ?? 10_000_000),
        block: Buffer.alloc(65_536, "0123456789abcdef"),
        headers: { "content-type": "application/octet-stream" },
      }),
  },
  {
    path: "/try/stream/huge-page",
    about: "a page of as many bytes as ?bytes= says, 10 MB without it, never whole in memory",
    handle: (_request, response, url) =>
      sendBlocks(response, {
        bytes: Number(url.searchParams.get("bytes") ?? 10_000_000),
        first: `${HEAD}</head>\n<body>\n`,
        block: Buffer.from(paragraphs(65_536)),
        headers: { "content-type": "text/html; charset=utf-8" },
      }),
  },
  {
    path: "/try/stream/events",
    about: "server-sent events, five a second; ?count= of them, 10 without it",
    handle: async (request, response, url) => {
      const first = Number(request.headers["last-event-id"] ?? 0) + 1;
      const count = Number(url.searchParams.get("count") ?? 10);
      response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
      for (let id = first; id < first + count && !response.destroyed; id += 1) {
        response.write(`id: ${id}\ndata: tick ${id}\n\n`);
        await sleep(2 * STEP_MS);
      }
      response.end();
    },
  },
];

interface Blocks {
  readonly bytes: number;
  readonly first?: string;
  /** Sent again and again; the last time, cut off at the length. */
  readonly block: Buffer;
  readonly headers: Record<string, string>;
}

/** Sends no faster than the other side reads. */
async function sendBlocks(response: ServerResponse, { bytes, first = "", block, headers }: Blocks): Promise<void> {
  response.writeHead(200, { ...headers, "content-length": bytes });
  await pipeline(function* toParts() {
    yield Buffer.from(first);
    for (let left = bytes - first.length; left > 0; left -= block.length) yield block.subarray(0, left);
  }, response);
}

function paragraphs(bytes: number): string {
  const paragraph = '<p class="story">The kettle sang, and the leaves unfolded slowly in the pot.</p>\n';
  return paragraph.repeat(Math.ceil(bytes / paragraph.length));
}
