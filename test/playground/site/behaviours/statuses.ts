import { type IncomingMessage, type ServerResponse } from "node:http";
import { type Route } from "../route.ts";

const PAGE_STATUSES = [201, 203, 403, 404, 410, 500, 503];
const EMPTY_STATUSES = [204, 205];

/** Every kind of status, with a page where a status may have one. */
export const statusRoutes: readonly Route[] = [
  ...PAGE_STATUSES.map((status) => ({
    path: `/try/status/${status}`,
    about: `${status} with a page`,
    handle: (_request: IncomingMessage, response: ServerResponse) => {
      response.writeHead(status, { "content-type": "text/html; charset=utf-8" });
      response.end(`<!doctype html><html><head><title>${status}</title></head><body><h1>${status}</h1></body></html>`);
    },
  })),
  ...EMPTY_STATUSES.map((status) => ({
    path: `/try/status/${status}`,
    about: `${status} without a body, labelled as a page`,
    handle: (_request: IncomingMessage, response: ServerResponse) => {
      response.writeHead(status, { "content-type": "text/html; charset=utf-8", "x-status": String(status) });
      response.end();
    },
  })),
  {
    path: "/try/status/reason",
    about: "a reason phrase of its own",
    handle: (_request, response) => {
      response.writeHead(200, "Fine By Me", { "content-type": "text/plain" });
      response.end("fine\n");
    },
  },
];
