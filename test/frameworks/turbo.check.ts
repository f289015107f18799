import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { type Browser, type BrowserContext } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type ChatPage, toChatPage } from "../browser/chat-page.ts";
import { launchChromium } from "../browser/chromium.ts";
import { closeServer, listen } from "../playground/listen.ts";
import { type Playground, startPlayground } from "../playground/playground.ts";
import { installApp } from "./install.ts";
import { openWatched } from "./watched-page.ts";

const NAMES = ["first", "second", "third"];
const OPEN_BUTTON = "#amazon-connect-open-widget-button";

interface TurboSite {
  readonly origin: string;
  close(): Promise<void>;
}

/** Three pages with Turbo Drive, set up as in its handbook. */
async function startTurboSite(): Promise<TurboSite> {
  const folder = await installApp("turbo-app");
  const turbo = readFileSync(join(folder, "node_modules/@hotwired/turbo/dist/turbo.es2017-umd.js"));
  const server = createServer((request, response) => {
    const name = request.url?.slice(1) ?? "";
    const isPage = NAMES.includes(name);
    response.writeHead(200, { "content-type": isPage ? "text/html; charset=utf-8" : "text/javascript" });
    response.end(isPage ? renderPage(name) : turbo);
  });
  return {
    origin: `http://127.0.0.1:${await listen(server)}`,
    close: () => closeServer(server),
  };
}

function renderPage(name: string): string {
  const links = NAMES.map((other) => `<a href="/${other}">${other}</a>`).join("\n");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<link rel="icon" href="data:,">
<title>${name}</title>
<script src="/turbo.js" defer></script>
</head>
<body><nav>${links}</nav><h1>${name}</h1></body>
</html>
`;
}

let site: TurboSite;
let playground: Playground;
let browser: Browser;
beforeAll(async () => {
  site = await startTurboSite();
  playground = await startPlayground({ port: 0, transcriptDelaySeconds: 1, vars: { ORIGIN_URL: site.origin } });
  browser = await launchChromium();
});
afterAll(async () => {
  await browser.close();
  await playground.close();
  await site.close();
});

describe("a site with Turbo Drive", () => {
  let context: BrowserContext;
  let visit: ChatPage;
  let problems: readonly string[];
  beforeEach(async () => {
    context = await browser.newContext();
    const watched = await openWatched(context);
    ({ problems } = watched);
    visit = toChatPage(watched.page);
    await visit.page.goto(`${playground.worker.origin}/first`);
    await visit.page.locator(OPEN_BUTTON).waitFor();
    await visit.page.evaluate(() => Object.assign(window, { isSamePage: true }));
  });
  afterEach(() => context.close());

  const shown = (name: string) => visit.page.getByRole("heading", { name, exact: true }).waitFor();
  const goTo = async (name: string) => {
    await visit.page.getByRole("link", { name, exact: true }).click();
    await shown(name);
  };
  const count = (selector: string) => visit.page.locator(selector).count();

  /** Expects our elements and those of Amazon's client once, in the page that was loaded first. */
  const expectOneWidget = async () => {
    await visit.page.locator(OPEN_BUTTON).first().waitFor({ state: "attached", timeout: 3000 });
    expect(await count("#amazon-connect-chat-widget")).toBe(1);
    expect(await count('script[src="/_chat/widget.js"]')).toBe(1);
    expect(await count(`script[src^="${playground.connect.origin}"]`)).toBe(1);
    expect(await visit.page.evaluate(() => Reflect.get(window, "isSamePage"))).toBe(true);
  };

  it("has the chat once on every page", async () => {
    for (const name of ["second", "third", "first", "second"]) {
      await goTo(name);
      await expectOneWidget();
    }
    expect(problems).toEqual([]);
  });

  it("has one chat that works on a page that Turbo restores from its cache", async () => {
    await goTo("second");
    await visit.page.goBack();
    await shown("first");
    await expectOneWidget();
    await visit.page.locator(OPEN_BUTTON).click({ timeout: 3000 });
    await visit.say("back again");
    expect(await visit.messages()).toEqual(["back again"]);
  });

  it("keeps a running chat as one chat", async () => {
    const before = playground.connect.contacts().length;
    await visit.open();
    await visit.say("one");
    await goTo("second");
    await visit.chat.getByText("one", { exact: true }).waitFor({ timeout: 3000 });
    await visit.say("two");
    await visit.page.goBack();
    await shown("first");
    await visit.say("three");
    expect(await visit.messages()).toEqual(["one", "two", "three"]);
    expect(playground.connect.contacts()).toHaveLength(before + 1);
    await expectOneWidget();
  });
});
