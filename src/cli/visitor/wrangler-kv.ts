import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type VisitorNamespace } from "../../adapters/visitor-store.ts";
import { runWrangler } from "../shared/wrangler.ts";

/** A KV namespace, by wrangler's own options. */
export interface KvLocation {
  readonly binding: string;
  /** Named environment of wrangler.toml; `null`: the top level. */
  readonly environment: string | null;
  readonly isLocal: boolean;
  /** Folder of the local storage; `null`: wrangler's own. */
  readonly persistTo: string | null;
}

/**
 * KV by way of wrangler, with the owner's login and the wrangler.toml of the working directory.
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
      // Cloudflare answers 404 for a missing key and for a missing namespace. A list fails for a missing namespace alone.
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
    // Not as an argument: other users of the machine can read arguments, and long ones are refused.
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

// For a missing key, local storage prints these words; remote storage fails.
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
