import { type IncomingMessage, type ServerResponse } from "node:http";
import { type Route } from "../route.ts";

const STATUSES = [301, 302, 303, 307, 308];

/** Redirects with cookies on them, and with every kind of Location. */
export const redirectRoutes: readonly Route[] = [
  ...STATUSES.map((status) => ({
    path: `/try/redirect/${status}`,
    about: `${status} with two cookies`,
    handle: (_request: IncomingMessage, response: ServerResponse) =>
      redirect(response, status, `/try/echo?from=${status}`),
  })),
  {
    path: "/try/redirect/own-host",
    about: "302 to this site's own host, absolute",
    handle: (request, response) => redirect(response, 302, `http://${hostOf(request)}/try/echo?a=%2F%20b#c`),
  },
  {
    path: "/try/redirect/own-host-short",
    about: "302 to this site's own host, without a protocol",
    handle: (request, response) => redirect(response, 302, `//${hostOf(request)}/try/echo`),
  },
  {
    path: "/try/redirect/elsewhere",
    about: "302 to another site",
    handle: (_request, response) => redirect(response, 302, "https://elsewhere.example/x?y=1"),
  },
  {
    path: "/try/redirect/page",
    about: "302 with a page as its body",
    handle: (_request, response) => {
      response.writeHead(302, { location: "/", "content-type": "text/html; charset=utf-8" });
      response.end("<!doctype html><html><head><title>Moved</title></head><body>Moved</body></html>");
    },
  },
];

function redirect(response: ServerResponse, status: number, location: string): void {
  const cookies = [`session=${status}; Path=/; HttpOnly`, "seen=1; Expires=Fri, 01 Jan 2100 00:00:00 GMT"];
  response.writeHead(status, { location, "set-cookie": cookies, "content-length": 0 });
  response.end();
}

function hostOf(request: IncomingMessage): string {
  return request.headers.host ?? "";
}
