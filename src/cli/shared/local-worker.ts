import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { unstable_startWorker } from "wrangler";

const ROOT = join(import.meta.dirname, "../../..");

// This talks to this machine only: without these the dev server asks Cloudflare for sample data and sends usage statistics.
process.env["CLOUDFLARE_CF_FETCH_ENABLED"] = "false";
process.env["WRANGLER_SEND_METRICS"] = "false";

const UNLIMITED = 1_000_000_000;

export interface LocalWorkerOptions {
  /** Settings and secrets of this Worker. */
  readonly vars?: Readonly<Record<string, string>>;
  /** Another entry file than the product's, for a Worker with a fault or to compare with. */
  readonly entry?: string;
  /** How often an address may call each chat route in a minute; without it, as often as it likes. */
  readonly callsPerMinute?: number;
  /** 0 = any free port. */
  readonly port?: number;
  /** Folder that keeps KV across runs; without it, nothing is kept. */
  readonly persistTo?: string;
  /** File to which the Worker's log lines are added. */
  readonly logFile?: string;
}

export interface RunningWorker {
  readonly origin: string;
  /** What the Worker logged: its own JSON lines, parsed. */
  readonly logs: readonly Record<string, unknown>[];
  close(): Promise<void>;
}

/** Starts a Worker in real workerd behind a real socket, as `wrangler dev` would. */
export async function startLocalWorker(options: LocalWorkerOptions = {}): Promise<RunningWorker> {
  const logs: Record<string, unknown>[] = [];
  const worker = await unstable_startWorker({
    name: "persistent-chat-edge",
    config: join(ROOT, "wrangler.toml"),
    entrypoint: options.entry ?? join(ROOT, "src/index.ts"),
    envFiles: [],
    bindings: {
      ...Object.fromEntries(
        Object.entries(options.vars ?? {}).map(([name, value]) => [name, { type: "plain_text", value }]),
      ),
      CHAT_LIMIT: {
        type: "ratelimit",
        namespace_id: "1001",
        simple: { limit: options.callsPerMinute ?? UNLIMITED, period: 60 },
      },
    },
    // The bundle's browser part was built before; a build per Worker would only repeat it.
    build: { custom: { command: "" } },
    dev: {
      server: { hostname: "127.0.0.1", port: options.port ?? 0 },
      inspector: false,
      watch: false,
      logLevel: "none",
      persist: options.persistTo ?? false,
      structuredLogsHandler: ({ message }: { readonly message: string }) => {
        if (keepOurs(logs, message) && options.logFile !== undefined) appendFileSync(options.logFile, `${message}\n`);
      },
    },
  });
  await worker.ready;
  const { port } = await worker.url;
  return { origin: `http://localhost:${port}`, logs, close: () => worker.dispose() };
}

/** @returns Whether it is a line of ours. */
function keepOurs(logs: Record<string, unknown>[], message: string): boolean {
  try {
    const line: unknown = JSON.parse(message);
    if (typeof line !== "object" || line === null || !("event" in line)) return false;
    logs.push({ ...line });
    return true;
  } catch {
    // The dev server's own lines are not JSON.
    return false;
  }
}
