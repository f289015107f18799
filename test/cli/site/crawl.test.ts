import { afterEach, describe, expect, it } from "vitest";
import { crawl, isPage, openPage } from "../../../src/cli/site/crawl.ts";
import { startWatchedServer, type WatchedServer } from "../../attacks/watched-server.ts";

let site: WatchedServer;

async function crawlWith(robotsStatus: number) {
  site = await startWatchedServer((request, response) => {
    const status = request.url === "/robots.txt" ? robotsStatus : 200;
    response.writeHead(status, { "content-type": "text/html" }).end("<a href=/tea>Tea</a>");
  });
  const first = await openPage(new URL(site.origin));
  return crawl({ first, maxPages: 5, onPage: () => undefined });
}

describe("crawl()", () => {
  afterEach(() => site.close());

  it("follows links where the site has no robots.txt", async () => {
    const { answers, forbidden } = await crawlWith(404);
    expect([answers.map(({ url }) => url.pathname), forbidden]).toEqual([["/", "/tea"], 0]);
  });

  it("opens no further page while the server cannot say what it forbids", async () => {
    const { answers, forbidden } = await crawlWith(503);
    expect([answers.map(({ url }) => url.pathname), forbidden]).toEqual([["/"], 1]);
  });

  it("goes on where the first address leads within the site", async () => {
    site = await startWatchedServer((request, response) => {
      if (request.url === "/robots.txt") response.writeHead(404).end();
      else if (request.url === "/") response.writeHead(302, { location: "/en" }).end();
      else response.writeHead(200, { "content-type": "text/html" }).end("<a href='/list?page=2'>Next</a>");
    });
    const first = await openPage(new URL(site.origin));
    const { answers, pagePaths } = await crawl({ first, maxPages: 5, onPage: () => undefined });
    expect(answers.map(({ url }) => url.pathname)).toEqual(["/", "/en"]);
    expect([...pagePaths]).toEqual(["/", "/en", "/list"]);
  });
});

describe("isPage()", () => {
  it("takes an answer with status 200 and HTML for a page", () => {
    const url = new URL("https://www.example.com/");
    const is = (status: number, type: string) =>
      isPage({ url, status, headers: new Headers({ "content-type": type }), body: Buffer.alloc(0) });
    expect([is(200, "text/html; charset=x"), is(200, "application/xhtml+xml")]).toEqual([true, true]);
    expect([is(404, "text/html"), is(200, "application/json")]).toEqual([false, false]);
  });
});
