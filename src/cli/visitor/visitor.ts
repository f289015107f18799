import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { setTimeout as sleep } from "node:timers/promises";
import * as v from "valibot";
import { createVisitorStore } from "../../adapters/visitor-store.ts";
import { awsRegion, instanceId } from "../../core/settings/schemas.ts";
import { WRANGLER_TIMEOUT_MS } from "../../limits.ts";
import {
  type ExitCode,
  FLAG,
  Misuse,
  print,
  printError,
  runCommand,
  TEXT,
  type Values,
} from "../shared/command-line.ts";
import { type NamedInstance } from "./amazon-steps.ts";
import { forgetVisitor, type Services, showVisitor } from "./command.ts";
import { parseSubject } from "./stored-visitor.ts";
import { createWranglerKv, type KvLocation } from "./wrangler-kv.ts";

const RECEIPTS = join(".connect", "receipts");

const USAGE = `Usage: npm run visitor -- show|forget <contact id, or value of the visitor attribute> [options]

  show                  list what KV holds of this visitor
    --json              as JSON
  forget                erase this visitor's past chats; the receipt goes to ${RECEIPTS}
    --yes               do not ask
    --no-wait           do not check again later

  --env <name>          environment of wrangler.toml
  --remote, --local     Cloudflare's storage (default), or this machine's
  --persist-to <dir>    folder of this machine's storage, with --local

Exit codes: 0 done, 1 failed or declined, 2 misuse, 3 KV holds nothing of this visitor`;

const OPTIONS = {
  json: FLAG,
  yes: FLAG,
  "no-wait": FLAG,
  env: TEXT,
  remote: FLAG,
  local: FLAG,
  "persist-to": TEXT,
} as const;

type Options = Values<typeof OPTIONS>;

await runCommand({ name: "visitor", usage: USAGE, options: OPTIONS, allowPositionals: true, run });

async function run(options: Options, positionals: readonly string[]): Promise<ExitCode> {
  const [command, text, ...rest] = positionals;
  if (command !== "show" && command !== "forget") throw new Misuse(`Expected show or forget, found ${quote(command)}.`);
  const subject = parseSubject(text ?? "");
  if (subject === null || rest.length > 0) {
    const found = [text, ...rest].map(quote).join(" ");
    throw new Misuse(`Expected one contact id or value of the visitor attribute, found ${found}.`);
  }
  const services = createServices(toLocation(options));
  if (command === "show") return showVisitor(services, subject, options.json);
  if (options.json) throw new Misuse("--json goes with show: for forget, read the receipt.");
  if (!options.yes && !process.stdin.isTTY)
    throw new Misuse("Nobody can confirm here, without a terminal: repeat with --yes.");
  return forgetVisitor(services, subject, { mustConfirm: !options.yes, mustRecheck: !options["no-wait"] });
}

function quote(text: string | undefined): string {
  return text === undefined ? "nothing" : JSON.stringify(text);
}

function toLocation(options: Options): KvLocation {
  if (options.local && options.remote) throw new Misuse("--local and --remote exclude each other.");
  const persistTo = options["persist-to"] ?? null;
  if (persistTo !== null && !options.local) throw new Misuse("--persist-to goes with --local.");
  return { binding: "VISITORS", environment: options.env ?? null, isLocal: options.local, persistTo };
}

function createServices(location: KvLocation): Services {
  const { binding, environment, isLocal } = location;
  return {
    store: createVisitorStore(createWranglerKv(location), {
      timeoutMs: WRANGLER_TIMEOUT_MS,
      onUnreadable: () => printError("KV holds a record of this visitor that cannot be read. It counts as empty."),
    }),
    storeName: `${binding}${environment === null ? "" : ` of ${environment}`}, ${isLocal ? "local" : "remote"}`,
    readInstance: () => readInstance(environment ?? undefined),
    now: () => Math.floor(Date.now() / 1000),
    wait,
    print,
    printError,
    confirm,
    writeReceipt,
  };
}

async function readInstance(environment: string | undefined): Promise<NamedInstance> {
  // Wrangler, which reads the file, takes a second to load: `show` does without it.
  const { readVariables } = await import("../shared/wrangler-config.ts");
  const { CONNECT_REGION, CONNECT_INSTANCE_ID } = readVariables(environment);
  const region = v.safeParse(awsRegion(), CONNECT_REGION);
  const id = v.safeParse(instanceId(), CONNECT_INSTANCE_ID);
  return { region: region.success ? region.output : "", instanceId: id.success ? id.output : "" };
}

async function wait(seconds: number): Promise<void> {
  for (let left = seconds; left > 0; left--) {
    if (process.stderr.isTTY) process.stderr.write(`\r${left} s `);
    await sleep(1000);
  }
  if (process.stderr.isTTY) process.stderr.write("\r");
}

// Not the prompt of @clack/prompts: a single key would erase, and Ctrl-D would end in a warning of Node's.
async function confirm(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  // Ctrl-C and Ctrl-D mean no.
  const closed = new Promise<string>((resolve) => terminal.once("close", () => resolve("")));
  const answer = await Promise.race([terminal.question(`${question} Type yes: `), closed]);
  terminal.close();
  return answer.trim().toLowerCase() === "yes";
}

async function writeReceipt(name: string, content: string): Promise<string> {
  const path = join(RECEIPTS, name);
  await mkdir(RECEIPTS, { recursive: true });
  await chmod(RECEIPTS, 0o700);
  await writeFile(path, `${content}\n`, { mode: 0o600 });
  return path;
}
