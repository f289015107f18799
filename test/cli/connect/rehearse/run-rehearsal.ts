import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { scripts } from "../../../../package.json" with { type: "json" };
import { type ContactView } from "../../../playground/connect/connect.ts";
import { type Switches } from "../../../playground/connect/switches.ts";
import {
  accessSettings,
  ownerAccess,
  type Playground,
  securityKey,
  startPlayground,
} from "../../../playground/playground.ts";

const ROOT = join(import.meta.dirname, "../../../..");
const READY_AFTER_SECONDS = 2;

export interface Staging {
  readonly switches?: Partial<Switches>;
  readonly linkBy?: "flow" | "worker";
  /** How long the stand-in needs for a transcript. */
  readonly transcriptDelaySeconds?: number;
  /** Settings of the live Worker beside those of the playground. */
  readonly vars?: Readonly<Record<string, string>>;
  /** Lines of .dev.vars in place of the usual ones. */
  readonly devVars?: Readonly<Record<string, string>>;
  /** The address of the site; absent: the Worker's. */
  readonly site?: string;
  /** Whether an agent takes part. */
  readonly hasAgent?: boolean;
  /** Whether the command asks before it starts. */
  readonly isAsked?: boolean;
  /** Added to the command's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Plants a fault before the command runs. */
  readonly prepare?: (playground: Playground) => void;
  /** Does what other people do meanwhile. */
  readonly meanwhile?: (run: RunningRehearsal) => void | Promise<void>;
}

export interface RunningRehearsal {
  readonly playground: Playground;
  /** Waits until the command has printed a text. */
  readonly until: (text: string) => Promise<void>;
  readonly kill: (signal: NodeJS.Signals) => void;
  /** Closes the pipes that the command writes to, as a closed terminal does. */
  readonly closeReaders: () => void;
}

export interface RehearsalResult {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
  /** `null`: none was written. */
  readonly report: string | null;
  readonly contacts: readonly ContactView[];
}

/** A playground and a folder with the owner's settings, in which the command can run. */
interface Stage {
  readonly playground: Playground;
  readonly folder: string;
  /** The arguments of Node. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** Prepares all that the command needs, and takes it down afterwards. */
export async function withStage<T>(staging: Staging, use: (stage: Stage) => Promise<T>): Promise<T> {
  const { devVars, hasAgent = false, isAsked = false, linkBy = "flow", site } = staging;
  const settings = { READY_AFTER_SECONDS: String(READY_AFTER_SECONDS), LINK_BY: linkBy };
  const playground = await startPlayground({
    port: 0,
    transcriptDelaySeconds: staging.transcriptDelaySeconds ?? READY_AFTER_SECONDS,
    aws: true,
    vars: { ...settings, ...staging.vars },
  });
  const folder = await mkdtemp(join(tmpdir(), "rehearsal-test-"));
  try {
    const { connect, worker } = playground;
    Object.assign(connect.switches, staging.switches);
    staging.prepare?.(playground);
    const usual = {
      ...settings,
      ...accessSettings,
      WIDGET_SNIPPET: connect.snippet.replaceAll("'", '"'),
      WIDGET_SECURITY_KEY: securityKey,
    };
    const lines = Object.entries({ ...usual, ...devVars }).map(([name, value]) => `${name}='${value}'\n`);
    await writeFile(join(folder, ".dev.vars"), lines.join(""));
    const args = [
      join(ROOT, scripts.connect.replace(/^.*node (?=src)/, "")),
      "rehearse",
      site ?? worker.origin,
      "--endpoint",
      connect.origin,
      ...(isAsked ? [] : ["--yes"]),
      ...(hasAgent ? [] : ["--without-agent"]),
    ];
    return await use({ playground, folder, args, env: { ...toOwnerEnvironment(folder), ...staging.env } });
  } finally {
    await playground.close();
    await rm(folder, { recursive: true });
  }
}

/** Runs the real command as a process, without a terminal, against a playground of its own. */
export function runRehearsal(staging: Staging): Promise<RehearsalResult> {
  return withStage(staging, async ({ args, env, folder, playground }) => {
    const child = spawn(process.execPath, args, { cwd: folder, env });
    let out = "";
    let err = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
    child.stdin.end();
    const exit = Promise.withResolvers<number | null>();
    child.once("close", (code) => exit.resolve(code));
    const until = async (text: string) => {
      while (!out.includes(text)) {
        if (child.exitCode !== null) throw new Error(`The command never printed "${text}", but: ${out}${err}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    };
    const closeReaders = () => {
      child.stdout.destroy();
      child.stderr.destroy();
    };
    try {
      await staging.meanwhile?.({ playground, until, closeReaders, kill: (signal) => void child.kill(signal) });
    } catch (error) {
      child.kill("SIGKILL");
      throw error;
    }
    const code = await exit.promise;
    const { connect } = playground;
    const report = await readFile(join(folder, ".connect/rehearsal.md"), "utf8").catch(() => null);
    return { code, out, err, report, contacts: connect.contacts() };
  });
}

/** The owner's login, and nothing of this machine's. */
function toOwnerEnvironment(folder: string): Record<string, string> {
  return {
    PATH: process.env["PATH"] ?? "",
    HOME: folder,
    AWS_ACCESS_KEY_ID: ownerAccess.accessKeyId,
    AWS_SECRET_ACCESS_KEY: ownerAccess.secretAccessKey,
    WRANGLER_SEND_METRICS: "false",
    WRANGLER_LOG: "error",
  };
}

/** @returns The state of the point whose title begins so, as the report has it. */
export function readState({ report }: Pick<RehearsalResult, "report">, title: string): string {
  const row = report?.split("\n").find((line) => line.startsWith(`| ${title}`));
  return row?.split(" | ")[1] ?? `no row "${title}" in: ${report}`;
}
