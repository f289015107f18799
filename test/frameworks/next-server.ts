import { type ChildProcess, execFile, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { installApp } from "./install.ts";

const run = promisify(execFile);
const env = { ...process.env, NEXT_TELEMETRY_DISABLED: "1", NODE_ENV: "production" };

export interface NextServer {
  readonly origin: string;
  close(): Promise<void>;
}

/** Builds the Next site and starts it as its owner would: `next build`, `next start`. */
export async function startNext(): Promise<NextServer> {
  const cwd = await installApp("next-app");
  const next = join(cwd, "node_modules/next/dist/bin/next");
  await run(process.execPath, [next, "build"], { cwd, env });
  const server = spawn(process.execPath, [next, "start", "--port", "0", "--hostname", "127.0.0.1"], { cwd, env });
  process.once("exit", () => server.kill("SIGKILL"));
  return {
    origin: await readOrigin(server),
    close: async () => {
      const isGone = new Promise((resolve) => server.once("exit", resolve));
      server.kill();
      await isGone;
    },
  };
}

async function readOrigin({ stdout }: ChildProcess): Promise<string> {
  if (stdout === null) throw new Error("Cannot start Next: no output");
  let output = "";
  for await (const line of createInterface({ input: stdout })) {
    output += `${line}\n`;
    const [origin] = /http:\/\/127\.0\.0\.1:[1-9]\d*/.exec(line) ?? [];
    if (origin === undefined) continue;
    stdout.resume();
    return origin;
  }
  throw new Error(`Cannot start Next: ${output}`);
}
