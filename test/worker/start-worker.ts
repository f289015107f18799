import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { bundleWorker } from "./bundle-worker.ts";
import { readWranglerToml } from "./wrangler-toml.ts";

export interface WorkerOptions {
  /** Settings and secrets of this Worker. */
  readonly vars?: Readonly<Record<string, string>>;
  /** Another entry file than the product's, for a Worker with a fault or to compare with. */
  readonly entry?: string;
  /** How often an address may call each chat route in a minute; without it, there is no limit. */
  readonly callsPerMinute?: number;
  /** 0 = any free port. */
  readonly port?: number;
  /** Folder that keeps KV for the next run; without it, KV is empty at each start. */
  readonly persistTo?: string;
  /** File to which the Worker's log lines are added, each with the time, as a log collector adds it. */
  readonly logFile?: string;
  /** The time in seconds, for the log file; absent = the machine's. */
  readonly now?: () => number;
}

/** A Worker that answers requests. */
export interface AnsweringWorker {
  readonly origin: string;
  /** What the Worker logged: its own JSON lines, parsed. */
  readonly logs: readonly Record<string, unknown>[];
  /** Messages of workerd itself, such as an uncaught exception. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

export interface RunningWorker extends AnsweringWorker {
  /** Runs the scheduled handler, as a cron trigger does. */
  runScheduled(): Promise<void>;
}

const UNLIMITED = 1_000_000_000;

/** Sends the Worker's requests on, to this machine only: a test that asks the internet fails. */
const LOCAL_NETWORK = {
  name: "local-network",
  modules: true,
  script: "export default { fetch: (request, { network }) => network.fetch(request) }",
  serviceBindings: { network: { network: { allow: ["local"] } } },
};

/** Starts a Worker in Miniflare, with what wrangler.toml binds to it. */
export async function startWorker(options: WorkerOptions = {}): Promise<RunningWorker> {
  const {
    vars,
    entry,
    callsPerMinute = UNLIMITED,
    port = 0,
    persistTo,
    logFile,
    now = () => Date.now() / 1000,
  } = options;
  const configuration = readWranglerToml();
  const logs: Record<string, unknown>[] = [];
  const complaints: string[] = [];
  const product = {
    name: "product",
    modules: [{ type: "ESModule" as const, path: "worker.js", contents: await bundleWorker(entry) }],
    compatibilityDate: configuration.compatibility_date,
    bindings: { ...configuration.vars, ...vars },
    kvNamespaces: Object.fromEntries(configuration.kv_namespaces.map(({ binding, id }) => [binding, id])),
    ratelimits: Object.fromEntries(
      configuration.ratelimits.map(({ name, namespace_id, simple }) => [
        name,
        { namespace_id, simple: { ...simple, limit: callsPerMinute } },
      ]),
    ),
    // The Worker's own socket: in front of the usual one, Miniflare has a Worker that changes requests and answers.
    unsafeDirectSockets: [{ port }],
    stripCfConnectingIp: false,
    outboundService: LOCAL_NETWORK.name,
  };
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      workers: [product, LOCAL_NETWORK],
      port: 0,
      cf: false,
      // The folder that `wrangler kv --persist-to` uses.
      ...(persistTo !== undefined && { resourcePersistencePath: join(persistTo, "v3") }),
      handleStructuredLogs({ message }) {
        const line = parseLogLine(message);
        if (line === null) complaints.push(message);
        else logs.push(line);
        if (line !== null && logFile !== undefined) appendFileSync(logFile, toLogFileLine(line, now()));
      },
    }),
  );
  const { port: actualPort } = await miniflare.unsafeGetDirectURL();
  return {
    origin: `http://localhost:${actualPort}`,
    logs,
    complaints,
    async runScheduled() {
      const { outcome } = await (await miniflare.getWorker("product")).scheduled({ cron: "*/5 * * * *" });
      if (outcome !== "ok") throw new Error(`The scheduled handler ended with ${outcome}: ${complaints.join("\n")}`);
    },
    close: () => miniflare.dispose(),
  };
}

function toLogFileLine(line: Record<string, unknown>, now: number): string {
  return `${JSON.stringify({ time: new Date(now * 1000).toISOString(), ...line })}\n`;
}

/** @returns The Worker's own JSON line; `null` for a message of workerd's. */
export function parseLogLine(text: string): Record<string, unknown> | null {
  try {
    const line: unknown = JSON.parse(text);
    return typeof line === "object" && line !== null && "event" in line ? { ...line } : null;
  } catch {
    return null;
  }
}
