import { execFile } from "node:child_process";
import { join } from "node:path";
import { scripts } from "../../package.json" with { type: "json" };

const ROOT = join(import.meta.dirname, "../..");

export interface CliResult {
  readonly code: unknown;
  readonly out: string;
  readonly err: string;
}

export interface CliOptions {
  /** Working directory. */
  readonly cwd: string;
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** The whole of the command's standard input. */
  readonly input?: string;
}

/** Runs a command of package.json as npm would, in a folder of its own and without a terminal. */
export function runCli(
  name: keyof typeof scripts,
  args: readonly string[],
  { cwd, env, input }: CliOptions,
): Promise<CliResult> {
  const { promise, resolve } = Promise.withResolvers<CliResult>();
  const child = execFile(
    process.execPath,
    [join(ROOT, scripts[name].replace(/^.*node (?=src)/, "")), ...args],
    // Tests talk to this machine only.
    { cwd, env: { ...process.env, WRANGLER_SEND_METRICS: "false", ...env } },
    (error, out, err) => resolve({ code: error?.code ?? 0, out, err }),
  );
  child.stdin?.end(input);
  return promise;
}
