import { type Route, sendHtml } from "../route.ts";

/** Cookies in both directions, and a site that tries to plant the Worker's own. */
export const cookieRoutes: readonly Route[] = [
  {
    path: "/try/cookies/several",
    about: "three Set-Cookie headers, two of one name",
    handle: (_request, response) => {
      response.writeHead(200, {
        "content-type": "text/plain",
        "set-cookie": [
          "a=1; Path=/; Expires=Fri, 01 Jan 2100 00:00:00 GMT",
          "a=2; Path=/try; HttpOnly",
          'b="x, y; z"; SameSite=Lax',
        ],
      });
      response.end("three cookies\n");
    },
  },
  {
    path: "/try/cookies/plant",
    about: "tries to set and to delete the Worker's cookie, among two of its own",
    handle: (_request, response) => {
      response.writeHead(200, {
        "content-type": "text/plain",
        "content-length": 8,
        "set-cookie": [
          "first=1; Path=/; Expires=Fri, 01 Jan 2100 00:00:00 GMT",
          "__Host-chat-0123abcd=planted; Path=/; Secure",
          "__host-CHAT-0123abcd=; Max-Age=0; Path=/; Secure",
          "=__Host-chat-0123abcd=nameless; Path=/; Secure",
          // U+00A0 in UTF-8: white space to some readers.
          "\u00c2\u00a0__Host-chat-0123abcd=behind; Path=/; Secure",
          "last=2; Path=/",
        ],
      });
      response.end("planted\n");
    },
  },
  {
    path: "/try/cookies/plant-on-page",
    about: "the same on a page",
    handle: (_request, response) => {
      response.setHeader("set-cookie", ["first=1", "__Host-chat-0123abcd=planted; Path=/; Secure", "last=2"]);
      sendHtml(response, "<!doctype html><html><head><title>Planted</title></head><body>Planted.</body></html>");
    },
  },
  {
    path: "/try/cookies/echo",
    about: "the Cookie header as this site got it",
    handle: (request, response) => {
      response.writeHead(200, { "content-type": "text/plain" });
      response.end(request.headers.cookie ?? "(none)");
    },
  },
];
