import { createServer } from "node:http";
import { json } from "node:stream/consumers";
import { type Browser } from "playwright-core";
import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { closeServer, listen } from "../../playground/listen.ts";
import { useServer, useWorker } from "../../worker/use-workers.ts";
import { launchChromium } from "../chromium.ts";

const toPage = (head: string) =>
  `<!doctype html><html><head><meta charset="utf-8">${head}</head><body>A page</body></html>`;

/**
 * After the page was fetched ahead, the visitor goes there; a prerendered page must have loaded before. A busy browser
 * prerenders nothing, and is asked again by a reload.
 */
const GO = `<script>
const goOnceReady = async () => {
  const isReady = await (await fetch("/ready" + location.pathname)).json();
  if (isReady) location.href = "/next";
  else if (performance.now() > 4000) location.reload();
  else setTimeout(goOnceReady, 100);
};
setTimeout(goOnceReady, 1000);
</script>`;
const speculate = (action: string) =>
  `<script type="speculationrules">{"${action}":[{"source":"list","urls":["/next"],"eagerness":"immediate"}]}</script>`;

const WAYS: Readonly<Record<string, string>> = {
  "/by-link": '<link rel="prefetch" href="/next">',
  "/by-link-as-document": '<link rel="prefetch" as="document" href="/next">',
  "/by-fetch": "<script>fetch('/next').then((page) => page.text())</script>",
  "/by-prefetch-rule": speculate("prefetch"),
  "/by-prerender-rule": speculate("prerender"),
};

/** The visitor's page tells what the visitor sees, as nothing else watches it: a browser that is watched prerenders nothing. */
const REPORT = `<script>
const report = () => {
  const tags = document.querySelectorAll('script[src="/_chat/widget.js"]').length;
  const { activationStart } = performance.getEntriesByType("navigation")[0];
  void fetch("/report", { method: "POST", body: JSON.stringify({ tags, wasPrerendered: activationStart > 0 }) });
};
const show = () => setTimeout(report, 300);
if (document.prerendering) {
  addEventListener("prerenderingchange", show, true);
  addEventListener("load", () => void fetch("/prerendered", { method: "POST" }));
} else addEventListener("load", show);
</script>`;

const seenSchema = v.object({ tags: v.number(), wasPrerendered: v.boolean() });
type Seen = v.InferOutput<typeof seenSchema>;

interface Site {
  readonly origin: string;
  /** How often the next page was asked for. */
  readonly asked: () => number;
  /** What the visitor sees after the next visit. */
  readonly nextReport: () => Promise<Seen>;
  close(): Promise<void>;
}

async function serveSite(): Promise<Site> {
  let asked = 0;
  let isPrerendered = false;
  let reported = Promise.withResolvers<Seen>();
  const server = createServer(async (request, response) => {
    const path = request.url ?? "";
    if (path === "/report") {
      const seen: unknown = await json(request);
      response.writeHead(204).end();
      reported.resolve(v.parse(seenSchema, seen));
      return;
    }
    if (path === "/prerendered") isPrerendered = true;
    if (path.startsWith("/ready/")) {
      const isReady = isPrerendered || path !== "/ready/by-prerender-rule";
      response.writeHead(200, { "content-type": "application/json" }).end(String(isReady));
      return;
    }
    if (path === "/next") asked += 1;
    const kept = { "cache-control": path === "/next" ? "max-age=600" : "no-store" };
    response.writeHead(200, { "content-type": "text/html; charset=utf-8", ...kept });
    response.end(toPage(path === "/next" ? REPORT : `${WAYS[path] ?? ""}${GO}`));
  });
  const port = await listen(server);
  return {
    origin: `http://127.0.0.1:${port}`,
    asked: () => asked,
    nextReport: () => {
      asked = 0;
      reported = Promise.withResolvers();
      return reported.promise;
    },
    close: () => closeServer(server),
  };
}

const site = useServer(serveSite);
const worker = useWorker(() => ({ ORIGIN_URL: site.origin }));

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

describe("a page that was fetched ahead", () => {
  it.each([
    ["/by-link", { asked: 1, wasPrerendered: false }],
    ["/by-link-as-document", { asked: 1, wasPrerendered: false }],
    // The script's copy has no tag: the browser asks again.
    ["/by-fetch", { asked: 2, wasPrerendered: false }],
    ["/by-prefetch-rule", { asked: 1, wasPrerendered: false }],
    ["/by-prerender-rule", { asked: 1, wasPrerendered: true }],
  ])("has the chat once when the visitor goes there: %s", async (path, expected) => {
    const session = await browser.newBrowserCDPSession();
    const { browserContextId } = await session.send("Target.createBrowserContext");
    const reported = site.nextReport();
    await session.send("Target.createTarget", { url: worker.origin + path, browserContextId });
    const { tags, wasPrerendered } = await reported;
    expect({ tags, asked: site.asked(), wasPrerendered }).toEqual({ tags: 1, ...expected });
    await session.send("Target.disposeBrowserContext", { browserContextId });
  });
});
