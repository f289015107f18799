import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { NAVIGATION_HEADERS } from "./crawl.ts";
import { type Answer, ask } from "./request.ts";
import { PLACEHOLDERS, type Settings } from "./settings.ts";
import { type RunningWorker, startLocalWorker } from "../shared/local-worker.ts";

/** The real Worker on this machine, asked of each page whether it would get the chat. */
export interface Judge {
  /** What is wrong with the owner's settings: it then judges without them. */
  readonly problems: readonly string[];
  /** @returns The Worker's own word: `null` when the page would get the chat, or why not. */
  judge(page: Answer): Promise<string | null>;
  close(): Promise<void>;
}

const PATIENCE_MS = 5000;
const POLL_MS = 5;
const LINES_OF_ONE_EVENT_MS = 200;

/**
 * Starts it, with MODE=observe, in front of a stand-in that repeats the site's answers byte for byte: so each page is asked of
 * the site once, and without what a proxy adds to a request.
 */
export async function startJudge(settings: Settings): Promise<Judge> {
  const replay = await startReplay();
  const start = (own: Settings) =>
    startLocalWorker({
      vars: { ...PLACEHOLDERS, ...own, MODE: "observe", ORIGIN_URL: replay.origin, LOG_LEVEL: "debug" },
    });
  let worker = await start(settings);
  const problems = await findProblems(worker, replay);
  if (problems.length > 0) {
    await worker.close();
    // Empty counts as not set, also where wrangler.toml says otherwise.
    worker = await start(Object.fromEntries(Object.keys(settings).map((name) => [name, PLACEHOLDERS[name] ?? ""])));
  }
  return {
    problems,
    async judge(page) {
      replay.show(page);
      const before = worker.logs.length;
      const url = new URL(page.url.pathname + page.url.search, worker.origin);
      // The dev server goes over pages itself, and stumbles over some: the Worker has judged them all the same.
      await ask(url, { headers: NAVIGATION_HEADERS }).catch(() => null);
      const line = await waitFor(() => worker.logs.slice(before).find(({ event }) => event === "page.observed")).catch(
        () => null,
      );
      // Of a page whose body cannot be decoded, the Worker says nothing.
      if (line === null) return "encoding";
      return line["outcome"] === "inject" ? null : String(line["reason"]);
    },
    async close() {
      await worker.close();
      await replay.close();
    },
  };
}

const SAMPLE: Answer = {
  url: new URL("http://sample/"),
  status: 200,
  headers: new Headers({ "content-type": "text/html; charset=utf-8" }),
  body: Buffer.from("<!doctype html><title>Sample</title>"),
};

/** With unusable settings the Worker says so at its first request, and looks at no page. */
async function findProblems(worker: RunningWorker, replay: Replay): Promise<string[]> {
  replay.show(SAMPLE);
  await ask(new URL("/", worker.origin), { headers: NAVIGATION_HEADERS });
  const word = await waitFor(() =>
    worker.logs.find(({ event }) => event === "page.observed" || event === "settings.invalid"),
  );
  // All problems are said at once, a line each.
  if (word["event"] === "settings.invalid") await sleep(LINES_OF_ONE_EVENT_MS);
  return worker.logs
    .filter(({ event }) => event === "settings.invalid")
    .map(({ message, setting }) => `${String(setting)}: ${String(message)}`);
}

async function waitFor<T>(read: () => T | undefined): Promise<T> {
  for (let left = PATIENCE_MS; left > 0; left -= POLL_MS) {
    const found = read();
    if (found !== undefined) return found;
    await sleep(POLL_MS);
  }
  throw new Error("Cannot judge a page: the Worker on this machine said nothing of it");
}

/** Of the connection that an answer came over, not of the answer. */
const CONNECTION_HEADERS = new Set([
  "connection",
  "keep-alive",
  "transfer-encoding",
  "content-length",
  "upgrade",
  "trailer",
]);

interface Replay {
  readonly origin: string;
  show(page: Answer): void;
  close(): Promise<void>;
}

async function startReplay(): Promise<Replay> {
  let shown: Answer | null = null;
  const server = createServer((_request, response) => {
    const pairs = [...(shown?.headers ?? [])].filter(([name]) => !CONNECTION_HEADERS.has(name));
    const { status = 404 } = shown ?? {};
    response.writeHead(status >= 200 && status <= 599 ? status : 502, pairs.flat());
    response.end(shown?.body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("Cannot repeat pages: no port");
  return {
    origin: `http://127.0.0.1:${address.port}`,
    show(page: Answer) {
      shown = page;
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
