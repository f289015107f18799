import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { bundleWorker } from "./bundle-worker.ts";
import { parseLogLine, type AnsweringWorker, type WorkerOptions } from "./start-worker.ts";
import { readWranglerToml } from "./wrangler-toml.ts";

// Wrangler and Miniflare bring it, in the version that the other tests run on, but without types.
const workerd: { readonly default: string } = createRequire(import.meta.url)("workerd");

/** A Worker in a process of its own. Time, memory and CPU of the process can be measured. */
export interface RunningWorkerd extends AnsweringWorker {
  readonly pid: number;
  /** When the process was started; comparable with `performance.now()`. */
  readonly startedAt: number;
}

type WorkerdOptions = Pick<WorkerOptions, "vars" | "entry">;

/** File descriptor to which workerd writes its port: the first after the standard three. */
const CONTROL_FD = 3;

/**
 * Starts a Worker in workerd alone, for measurements and for tests with very many requests.
 *
 * Miniflare changes no byte, but it does not tell the number of its process, and every request to the site passes a Worker of
 * Miniflare's, which takes time. This starter has no KV and no rate limit.
 */
export async function startWorkerd({ vars = {}, entry }: WorkerdOptions = {}): Promise<RunningWorkerd> {
  const folder = mkdtempSync(join(tmpdir(), "workerd-"));
  writeFileSync(join(folder, "worker.js"), await bundleWorker(entry));
  writeFileSync(join(folder, "config.capnp"), renderConfig(vars));

  const startedAt = performance.now();
  const workerdProcess = spawn(workerd.default, ["serve", "config.capnp", `--control-fd=${CONTROL_FD}`], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
  const killWithUs = () => workerdProcess.kill("SIGKILL");
  process.once("exit", killWithUs);
  const logs: Record<string, unknown>[] = [];
  const complaints: string[] = [];
  for (const output of [workerdProcess.stdout, workerdProcess.stderr]) {
    if (output !== null) keepLines(output, logs, complaints);
  }
  const port = await readPort(workerdProcess);
  return {
    origin: `http://127.0.0.1:${port}`,
    // A process that listens has started, and so has a number.
    pid: workerdProcess.pid ?? 0,
    startedAt,
    logs,
    complaints,
    close: async () => {
      process.off("exit", killWithUs);
      const isGone = new Promise((resolve) => workerdProcess.once("exit", resolve));
      // SIGTERM would wait for connections that a test has left open.
      workerdProcess.kill("SIGKILL");
      await isGone;
      rmSync(folder, { recursive: true });
    },
  };
}

function renderConfig(vars: Readonly<Record<string, string>>): string {
  const bindings = Object.entries(vars).map(([name, text]) => `(name = "${name}", text = ${JSON.stringify(text)})`);
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    ( name = "main",
      worker = (
        modules = [(name = "worker.js", esModule = embed "worker.js")],
        compatibilityDate = "${readWranglerToml().compatibility_date}",
        bindings = [
          (name = "VISITORS", kvNamespace = "none"),
          (name = "CHAT_LIMIT", wrapped = (moduleName = "unlimited")),
          ${bindings.join(", ")}
        ],
        globalOutbound = "network"
      )
    ),
    ( name = "none", network = (allow = []) ),
    ( name = "network", network = (allow = ["local"]) )
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
  extensions = [
    ( modules = [
        ( name = "unlimited", internal = true,
          esModule = "export default () => ({ limit: async () => ({ success: true }) })" )
      ] )
  ]
);
`;
}

async function readPort({ stdio }: ChildProcess): Promise<number> {
  const control = stdio[CONTROL_FD];
  if (!(control instanceof Readable)) throw new Error("Cannot start workerd: no control channel");
  for await (const line of createInterface({ input: control })) {
    const message: { readonly event: string; readonly port?: number } = JSON.parse(line);
    if (message.event === "listen" && message.port !== undefined) return message.port;
  }
  throw new Error("Cannot start workerd: it ended before it listened");
}

function keepLines(output: Readable, logs: Record<string, unknown>[], complaints: string[]): void {
  createInterface({ input: output }).on("line", (text) => {
    const line = parseLogLine(text);
    if (line === null) complaints.push(text);
    else logs.push(line);
  });
}
