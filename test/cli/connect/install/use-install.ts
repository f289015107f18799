import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach } from "vitest";
import { buildFlow, type ConsoleFlow } from "../../../playground/connect/console/aws-console.ts";
import { type Connect } from "../../../playground/connect/connect.ts";
import { clock, connectWith } from "../../../playground/connect/testing/with-connect.ts";
import { access, ownerAccess } from "../../../playground/playground.ts";
import { type CliResult, runCli } from "../../run-cli.ts";
import { openTerminal, type Terminal } from "../../setup/terminal.ts";
import { type Folder, useFolder } from "../../use-folder.ts";

export const NAME = "Persistent chat";
const COMMAND = join(import.meta.dirname, "../../../../src/cli/connect/connect.ts");

/** A stand-in of AWS with an empty folder of an owner, for each test. Only tests and hooks may use it. */
export class InstallRuns {
  readonly #folder: Folder;
  #connect: Connect | null = null;

  constructor(folder: Folder) {
    this.#folder = folder;
  }

  get connect(): Connect {
    if (this.#connect === null) throw new Error("Only tests and hooks may use it");
    return this.#connect;
  }

  get folder(): string {
    return this.#folder.path;
  }

  async begin(): Promise<void> {
    // Signatures are checked against the clock.
    const now = () => Date.now() / 1000;
    clock.now = Math.floor(now());
    this.#connect = await connectWith({ access, ownerAccess, now, transcriptDelaySeconds: 0 });
    await this.configure();
  }

  configure(...vars: string[]): Promise<void> {
    const lines = ['name = "x"', "[vars]", `CONNECT_REGION = "${access.region}"`, ...vars];
    return writeFile(join(this.folder, "wrangler.toml"), lines.join("\n"));
  }

  /** Has another flow in Connect, published. */
  addFlow(name: string, content: object, changes: Partial<ConsoleFlow> = {}): ConsoleFlow {
    const text = JSON.stringify(content);
    const flow = { ...buildFlow(name, text), published: text, ...changes };
    this.connect.console.flows.push(flow);
    return flow;
  }

  /** The flow that install has made. */
  get made(): ConsoleFlow | undefined {
    return this.connect.console.flows.find(({ name }) => name === NAME);
  }

  /** What was changed at AWS. */
  get changes(): string[] {
    return this.connect.ownerCalls.filter((call) => !/:(?:List|Describe|Get)/.test(call));
  }

  /** The files with contents of flows before a change. */
  async listBackups(): Promise<string[]> {
    const names = await readdir(join(this.folder, ".connect")).catch(() => []);
    return names.filter((name) => name.startsWith("flow-before-")).map((name) => join(this.folder, ".connect", name));
  }

  install(...args: string[]): Promise<CliResult> {
    return runCli("connect", this.#args(args), { cwd: this.folder, env: this.#env });
  }

  open(...args: string[]): Terminal {
    const command = [process.execPath, COMMAND, ...this.#args(args)].map((part) => `'${part}'`).join(" ");
    return openTerminal(command, { cwd: this.folder, env: { ...this.#env, NO_COLOR: "" } });
  }

  /** Presses Ctrl-C, or sends another signal, when this has happened. */
  async interrupt(args: readonly string[], when: () => boolean, signal: NodeJS.Signals = "SIGINT"): Promise<CliResult> {
    const child = spawn(process.execPath, [COMMAND, ...this.#args(args)], {
      cwd: this.folder,
      env: { ...process.env, ...this.#env },
    });
    let out = "";
    let err = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
    const exit = once(child, "close");
    while (!when() && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill(signal);
    const [code] = await exit;
    return { code, out, err };
  }

  #args(args: readonly string[]): string[] {
    return ["install", "--endpoint", this.connect.origin, ...args];
  }

  get #env() {
    return {
      AWS_ACCESS_KEY_ID: ownerAccess.accessKeyId,
      AWS_SECRET_ACCESS_KEY: ownerAccess.secretAccessKey,
      AWS_CONFIG_FILE: join(this.folder, "none"),
      AWS_SHARED_CREDENTIALS_FILE: join(this.folder, "none"),
    };
  }
}

export function useInstall(): InstallRuns {
  const runs = new InstallRuns(useFolder());
  beforeEach(() => runs.begin());
  return runs;
}
