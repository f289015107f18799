import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { type RunningSite, startSite } from "../playground/site/site.ts";
import { instrumentedEntry } from "./instrumented.ts";
import { type RawOrigin, startRawOrigin } from "./raw-origin.ts";
import { settings } from "./settings.ts";
import { type RunningWorker, startWorker, type WorkerOptions } from "./start-worker.ts";

const passThroughEntry = join(import.meta.dirname, "./entries/pass-through.ts");

/** Settings of a Worker beside `settings`; a function where they name something that starts before it. */
type Vars = Readonly<Record<string, string>> | (() => Readonly<Record<string, string>>);

/** A server that is empty until a hook starts it: only tests and later hooks may use it. */
interface Later<T> {
  readonly server: T;
  start(): Promise<void>;
}

function later<T extends { close(): Promise<void> }>(start: () => Promise<T>): Later<T> {
  const server: T = Object.create({ close: async () => undefined });
  return {
    server,
    async start() {
      Object.assign(server, await start());
    },
  };
}

/** Starts servers, all at once, before the tests of this file or `describe`, and closes them afterwards. */
function registerHooks(...servers: readonly Later<{ close(): Promise<void> }>[]): void {
  beforeAll(async () => {
    await Promise.all(servers.map((each) => each.start()));
  });
  afterAll(async () => {
    await Promise.all(servers.map(({ server }) => server.close()));
  });
}

/** Starts a server before the tests of this file or `describe`, and closes it afterwards. */
export function useServer<T extends { close(): Promise<void> }>(start: () => Promise<T>): T {
  const started = later(start);
  registerHooks(started);
  return started.server;
}

/** The playground's site. */
export const useSite = (): RunningSite => useServer(() => startSite({ port: 0 }));

export const useRawOrigin = (): RawOrigin => useServer(startRawOrigin);

/** The product. */
export const useWorker = (vars?: Vars, options?: WorkerOptions): RunningWorker => useServer(starterOf(vars, options));

/** The product with the instrumented entry. */
export const useInstrumented = (vars?: Vars, options?: WorkerOptions): RunningWorker =>
  useWorker(vars, { entry: instrumentedEntry, ...options });

export interface Pair {
  /** The product. */
  readonly ours: RunningWorker;
  /** The Worker that only passes on, to compare the product with. */
  readonly bare: RunningWorker;
}

export function usePair(vars?: Vars): Pair {
  const ours = later(starterOf(vars));
  const bare = later(starterOf(vars, { entry: passThroughEntry }));
  registerHooks(ours, bare);
  return { ours: ours.server, bare: bare.server };
}

function starterOf(vars: Vars = {}, options: WorkerOptions = {}): () => Promise<RunningWorker> {
  return () => startWorker({ vars: { ...settings, ...(typeof vars === "function" ? vars() : vars) }, ...options });
}
