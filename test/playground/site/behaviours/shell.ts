import { type Route, send, sendHtml } from "../route.ts";

/** Stores the page at installation, and answers every later navigation with it. */
const WORKER = `const SHELL = "/try/shell/";
addEventListener("install", (event) => {
  event.waitUntil(caches.open("shell").then((cache) => cache.add(SHELL)).then(() => skipWaiting()));
});
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("fetch", (event) => {
  if (event.request.mode === "navigate") event.respondWith(caches.match(SHELL));
});
`;

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Shell</title>
</head>
<body>
<main><h1>Shell</h1><p id="place"></p></main>
<script>
document.getElementById("place").textContent = location.pathname;
navigator.serviceWorker.register("/try/shell/worker.js");
</script>
</body>
</html>
`;

/** A site whose service worker stores its only page: a script fetches it once, and no navigation reaches the network. */
export const shellRoutes: readonly Route[] = [
  {
    path: "/try/shell/",
    about: "a page that a service worker keeps",
    handle: (_request, response) => sendHtml(response, PAGE),
  },
  {
    path: "/try/shell/worker.js",
    about: "its service worker",
    handle: (_request, response) => send(response, WORKER, { "content-type": "text/javascript" }),
  },
];
