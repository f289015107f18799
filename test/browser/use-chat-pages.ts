import { type Browser, type BrowserContext } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import { defaultSwitches } from "../playground/connect/switches.ts";
import { type Playground, type PlaygroundOptions, startPlayground } from "../playground/playground.ts";
import { control, instrumentedEntry } from "../worker/instrumented.ts";
import { type RunningWorker } from "../worker/start-worker.ts";
import { useServer } from "../worker/use-workers.ts";
import { type ChatPage, openChatPage } from "./chat-page.ts";
import { launchChromium } from "./chromium.ts";
import { type OwnPage, serveOwnPages } from "./own-pages.ts";

/** A visitor's browser: a new one for each test. Only tests and hooks may use it. */
export interface TestBrowser {
  readonly context: BrowserContext;
  /** Chat calls of the pages of this test, such as "POST token 200". */
  readonly calls: string[];
  /** Another visitor's browser. */
  newContext(): Promise<BrowserContext>;
  /**
   * Closes all windows and opens the browser again, without the storage of tabs.
   *
   * @param change Changes what the browser has stored, as JSON.
   */
  reopen(change?: (stored: string) => string): Promise<void>;
}

export function useBrowser(): TestBrowser {
  let chromium: Browser;
  let context: BrowserContext;
  const calls: string[] = [];

  const open = async (options: Parameters<Browser["newContext"]>[0] = {}) => {
    context = await chromium.newContext(options);
    calls.length = 0;
    context.on("response", (response) => {
      const route = /\/_chat\/(token|contacts|visitor)$/.exec(response.url())?.[1];
      if (route !== undefined) calls.push(`${response.request().method()} ${route} ${response.status()}`);
    });
  };
  beforeAll(async () => {
    chromium = await launchChromium();
  });
  afterAll(() => chromium.close());
  beforeEach(() => open());
  const close = async () => {
    // A call that a test holds back may still be on its way.
    await context.unrouteAll({ behavior: "ignoreErrors" });
    await context.close();
  };
  afterEach(close);

  return {
    get context() {
      return context;
    },
    calls,
    newContext: () => chromium.newContext(),
    async reopen(change = (stored) => stored) {
      for (const page of context.pages()) await page.close({ runBeforeUnload: true });
      const state = await context.storageState();
      await close();
      const stored: typeof state = JSON.parse(change(JSON.stringify(state)));
      await open({ storageState: stored });
    },
  };
}

/** Before each test, Connect's switches and an instrumented Worker are back to normal. */
export function usePlayground(
  options: Partial<PlaygroundOptions> | (() => Partial<PlaygroundOptions>) = {},
): Playground {
  const chosen = () => ({
    port: 0,
    transcriptDelaySeconds: 1,
    ...(typeof options === "function" ? options() : options),
  });
  const playground = useServer(() => startPlayground(chosen()));
  beforeEach(async () => {
    Object.assign(playground.connect.switches, defaultSwitches);
    if (chosen().entry === instrumentedEntry) await control(playground.worker, {});
  });
  return playground;
}

type Vars = Readonly<Record<string, string>>;

/** A site of a few pages behind an instrumented Worker, and a browser. Only tests and hooks may use it. */
export interface ChatPages extends TestBrowser {
  /** Each page of the site by its path; may be changed at any time. */
  readonly pages: Record<string, OwnPage>;
  readonly playground: Playground;
  /** Opens a page in a new tab, through the playground's Worker or another one. */
  visit(path?: string, worker?: RunningWorker): Promise<ChatPage>;
  /**
   * Another Worker in front of the same site, for a file or `describe`: the product with these settings.
   *
   * @param options With `aws`, the Worker asks the stand-in Connect.
   */
  useWorker(vars: Vars | (() => Vars), options?: { readonly aws: boolean }): RunningWorker;
}

export function useChatPages(vars: Vars = {}, sitePages: Readonly<Record<string, OwnPage>> = {}): ChatPages {
  const pages: Record<string, OwnPage> = { "/": "<body><p>Nothing but a page</p></body>", ...sitePages };
  const site = useServer(() => serveOwnPages(pages));
  const playground = usePlayground(() => ({ entry: instrumentedEntry, vars: { ORIGIN_URL: site.origin, ...vars } }));
  const browser = useBrowser();

  return {
    ...browser,
    get context() {
      return browser.context;
    },
    pages,
    playground,
    visit: (path = "/", worker = playground.worker) => openChatPage(browser.context, worker.origin + path),
    useWorker: (more, options) =>
      useServer(async () => {
        const chosen = typeof more === "function" ? more() : more;
        const settings = { ORIGIN_URL: site.origin, ...vars, ...chosen };
        const worker = await playground.addWorker({ port: 0, vars: settings, ...options });
        // The playground closes its Workers.
        return { ...worker, close: async () => undefined };
      }),
  };
}
