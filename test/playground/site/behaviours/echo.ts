import { createHash } from "node:crypto";
import { readBody, type Route, toChunks } from "../route.ts";

/** Answers with the request that the site received. */
export const echoRoutes: readonly Route[] = [
  {
    path: "/try/echo",
    about: "method, URL, headers and body of any request, as JSON",
    handle: async (request, response) => {
      const body = await readBody(request);
      const { method, url, rawHeaders } = request;
      const headers = rawHeaders.flatMap((name, index) =>
        index % 2 === 0 ? [[name.toLowerCase(), rawHeaders[index + 1]]] : [],
      );
      response.writeHead(200, { "content-type": "application/json", "x-method": method ?? "" });
      response.end(JSON.stringify({ method, url, headers, body: body.toString("base64") }));
    },
  },
  {
    path: "/try/upload",
    about: "length and SHA-256 of an upload of any size, and how many pieces it came in",
    handle: async (request, response) => {
      const hash = createHash("sha256");
      let bytes = 0;
      let pieces = 0;
      for await (const chunk of toChunks(request)) {
        hash.update(chunk);
        bytes += chunk.length;
        pieces += 1;
      }
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify({ bytes, pieces, sha256: hash.digest("hex") }));
    },
  },
  {
    path: "/try/upload/progress",
    about: "answers while the upload is still under way: one line per piece received",
    handle: async (request, response) => {
      response.writeHead(200, { "content-type": "text/plain" });
      response.flushHeaders();
      for await (const chunk of toChunks(request)) response.write(`${chunk.length}\n`);
      response.end("done\n");
    },
  },
  {
    path: "/try/headers",
    about: "headers that are easily lost: repeated, odd, and with bytes beyond ASCII",
    handle: (_request, response) => {
      response.setHeader("Content-Type", "text/plain");
      response.setHeader("Link", ["</a.css>; rel=preload", "</b.js>; rel=preload"]);
      response.setHeader("Vary", ["Accept", "Accept-Language"]);
      response.setHeader("X-Latin", "caf\u00e9");
      response.setHeader("X-Empty", "");
      response.setHeader("X-Comma", "a,b,  c");
      response.setHeader("Server", "playground/1");
      response.end("headers\n");
    },
  },
];
