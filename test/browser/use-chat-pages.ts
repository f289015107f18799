import { type Browser, type BrowserContext } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import { defaultSwitches } from "../playground/connect/switches.ts";
import { type Playground, startPlayground } from "../playground/playground.ts";
import { control, instrumentedEntry } from "../worker/instrumented.ts";
import { type ChatPage, openChatPage } from "./chat-page.ts";
import { launchChromium } from "./chromium.ts";
import { type OwnPage, type OwnPages, serveOwnPages } from "./own-pages.ts";

type StorageState = Awaited<ReturnType<BrowserContext["storageState"]>>;

/** A site of a few pages behind the Worker, and a new browser for each test. Only tests and hooks may use it. */
export interface ChatPages {
  /** The site's own address, without the Worker. */
  readonly siteOrigin: string;
  /** Each page by its path; may be changed at any time. */
  readonly pages: Record<string, OwnPage>;
  readonly playground: Playground;
  readonly chromium: Browser;
  readonly context: BrowserContext;
  /** Chat calls of the pages, such as "POST token 200". */
  readonly calls: string[];
  /** Opens a page through the Worker in a new tab. */
  visit(path?: string, playground?: Playground): Promise<ChatPage>;
  /** Takes another browser, with what an earlier one has stored. */
  openBrowser(stored?: StorageState): Promise<void>;
  startPlayground(vars: Vars): Promise<Playground>;
}

type Vars = Readonly<Record<string, string>>;

export function useChatPages(vars: Vars = {}, sitePages: Readonly<Record<string, OwnPage>> = {}): ChatPages {
  let site: OwnPages;
  let playground: Playground;
  let chromium: Browser;
  let context: BrowserContext;
  let calls: string[];
  const started: Playground[] = [];

  const start = async (more: Vars): Promise<Playground> => {
    const options = { port: 0, transcriptDelaySeconds: 1, entry: instrumentedEntry };
    const running = await startPlayground({ ...options, vars: { ORIGIN_URL: site.origin, ...vars, ...more } });
    started.push(running);
    return running;
  };
  const openBrowser = async (stored?: StorageState) => {
    context = await chromium.newContext(stored === undefined ? {} : { storageState: stored });
    calls = [];
    context.on("response", (response) => {
      const route = /\/_chat\/(token|contacts|visitor)$/.exec(response.url())?.[1];
      if (route !== undefined) calls.push(`${response.request().method()} ${route} ${response.status()}`);
    });
  };

  beforeAll(async () => {
    site = await serveOwnPages();
    Object.assign(site.pages, { "/": "<body><p>Nothing but a page</p></body>", ...sitePages });
    playground = await start({});
    chromium = await launchChromium();
  });
  afterAll(async () => {
    await chromium.close();
    for (const running of started) await running.close();
    await site.close();
  });
  beforeEach(async () => {
    Object.assign(playground.connect.switches, defaultSwitches);
    await control(playground.worker, {});
    await openBrowser();
  });
  afterEach(() => context.close());

  return {
    get siteOrigin() {
      return site.origin;
    },
    get pages() {
      return site.pages;
    },
    get playground() {
      return playground;
    },
    get chromium() {
      return chromium;
    },
    get context() {
      return context;
    },
    get calls() {
      return calls;
    },
    visit: (path = "/", { worker } = playground) => openChatPage(context, worker.origin + path),
    openBrowser,
    startPlayground: start,
  };
}
