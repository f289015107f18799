import { execFile, type ExecFileException } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { type VisitorNamespace } from "../adapters/visitor-store.ts";
import { WRANGLER_TIMEOUT_MS } from "../limits.ts";

/** Which KV namespace is meant, in the words of wrangler's own options. */
export interface KvLocation {
  readonly binding: string;
  /** Named environment of wrangler.toml; `null`: the top level. */
  readonly environment: string | null;
  readonly isLocal: boolean;
  /** Folder of the local storage; `null`: wrangler's own. */
  readonly persistTo: string | null;
}

/**
 * KV as the owner's own wrangler reaches it, with the owner's login and the wrangler.toml of the working directory.
 *
 * Every method throws an error with wrangler's own message.
 */
export function createWranglerKv(location: KvLocation): VisitorNamespace {
  const run = (action: string, ...rest: string[]) =>
    runWrangler(["kv", "key", action, ...rest, ...toOptions(location)]);
  const read = async (key: string) => {
    try {
      return parseValue(await run("get", key, "--text"));
    } catch (error) {
      if (!isNotFound(error)) throw error;
      // Cloudflare answers 404 for a missing key and for a missing namespace: the list fails for the namespace alone.
      await run("list", "--prefix", key);
      return null;
    }
  };
  return {
    async get(keys) {
      const found = new Map<string, string | null>();
      for (const key of keys) found.set(key, await read(key));
      return found;
    },
    // Other users of the machine can read arguments, and long ones are refused.
    put: (key, value, { expirationTtl }) =>
      withPrivateFile(value, async (path) => {
        await run("put", key, "--path", path, "--ttl", String(expirationTtl));
      }),
  };
}

function toOptions({ binding, environment, isLocal, persistTo }: KvLocation): string[] {
  return [
    "--binding",
    binding,
    ...(environment === null ? [] : ["--env", environment]),
    isLocal ? "--local" : "--remote",
    ...(persistTo === null ? [] : ["--persist-to", persistTo]),
  ];
}

// Local storage says so in words; remote storage with an error.
function parseValue(stdout: string): string | null {
  const text = stdout.replace(/\n$/, "");
  return text === "Value not found" ? null : text;
}

function isNotFound(error: unknown): boolean {
  return error instanceof Error && / - 404: /.test(error.message);
}

async function withPrivateFile(content: string, use: (path: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "persistent-chat-edge-"));
  try {
    const path = join(folder, "value");
    await writeFile(path, content, { mode: 0o600 });
    await use(path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** @returns What wrangler printed. */
function runWrangler(args: readonly string[]): Promise<string> {
  // Not the file in its `bin`: that one starts a second process, which a timeout would not reach.
  const wrangler = createRequire(import.meta.url).resolve("wrangler");
  const env = { ...process.env, WRANGLER_HIDE_BANNER: "true" };
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const child = execFile(
    process.execPath,
    ["--no-warnings", wrangler, ...args],
    { env, timeout: WRANGLER_TIMEOUT_MS },
    (error, stdout, stderr) => {
      const failure = describeFailure(error, stripVTControlCharacters(stderr));
      if (failure === null) resolve(stdout);
      else reject(new Error(failure));
    },
  );
  // Nobody answers its questions here: it is to say what it lacks.
  child.stdin?.end();
  return promise;
}

function describeFailure(error: ExecFileException | null, stderr: string): string | null {
  // Of this wrangler only warns, and then takes the namespace of the top level.
  const unknownEnvironment = /No environment found .*/.exec(stderr);
  if (unknownEnvironment !== null) return unknownEnvironment[0];
  if (error === null) return null;
  if (error.killed) return `wrangler gave no answer within ${WRANGLER_TIMEOUT_MS} ms`;
  return findMessage(stderr) ?? `wrangler ended with ${error.code}`;
}

/** The line that says what failed, and Cloudflare's reasons, such as `get: 'namespace not found' [code: 10013]`. */
function findMessage(stderr: string): string | null {
  const [, first, rest = ""] = /\[ERROR\] (.*)([^]*)/.exec(stderr) ?? [];
  if (first === undefined) return null;
  const message = [first, ...(rest.match(/\S.*\[code: \d+\]/g) ?? [])].join(" ");
  return message.includes("CLOUDFLARE_API_TOKEN") ? `${message} Or log in with: npx wrangler login` : message;
}
