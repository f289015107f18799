import { type RequestListener } from "node:http";
import { type Page } from "playwright-core";
import { launchChromium } from "../../browser/chromium.ts";
import { type Target } from "../attack.ts";
import { withServer } from "../with-server.ts";

export interface AttackedPage {
  readonly html: string;
  readonly policy?: string;
}

/** A site whose every address is this page. */
export function answerPage({ html, policy }: AttackedPage): RequestListener {
  const headers = policy === undefined ? {} : { "content-security-policy": policy };
  return (_request, response) =>
    response.writeHead(200, { "content-type": "text/html; charset=utf-8", ...headers }).end(html);
}

/** Gives a browser's empty page, and the origin of a Worker in front of the site. */
export function withPage(
  { startBare }: Target,
  site: RequestListener,
  attempt: (page: Page, origin: string) => Promise<boolean>,
): Promise<boolean> {
  return withServer(site, async (shop) => {
    const [worker, browser] = await Promise.all([startBare({ ORIGIN_URL: shop.origin }), launchChromium()]);
    try {
      return await attempt(await browser.newPage(), worker.origin);
    } finally {
      await browser.close();
    }
  });
}
