import { execFile, type ExecFileException } from "node:child_process";
import { createRequire } from "node:module";
import { stripVTControlCharacters } from "node:util";
import { WRANGLER_TIMEOUT_MS } from "../../limits.ts";

/**
 * Runs the owner's own wrangler, with the owner's login and the wrangler.toml of the working directory.
 *
 * @param input Text for wrangler's standard input. Secrets go here, since other users of the machine can read arguments.
 * @returns Wrangler's output.
 * @throws {Error} With wrangler's own message.
 */
export function runWrangler(args: readonly string[], input?: string): Promise<string> {
  // Not the file in `bin`, which starts a second process that a timeout would not stop.
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
  // Wrangler cannot ask here. With its input closed it says what is missing.
  child.stdin?.end(input);
  return promise;
}

function describeFailure(error: ExecFileException | null, stderr: string): string | null {
  // Wrangler only warns of an unknown environment, and then uses the top level's namespace.
  const unknownEnvironment = /No environment found .*/.exec(stderr);
  if (unknownEnvironment !== null) return unknownEnvironment[0];
  if (error === null) return null;
  if (error.killed) return `wrangler gave no answer within ${WRANGLER_TIMEOUT_MS} ms`;
  return findMessage(stderr) ?? `wrangler ended with ${error.code}`;
}

/** The line with the failure, and Cloudflare's reasons, such as `get: 'namespace not found' [code: 10013]`. */
function findMessage(stderr: string): string | null {
  const [, first, rest = ""] = /\[ERROR\] (.*)([^]*)/.exec(stderr) ?? [];
  if (first === undefined) return null;
  const message = [first, ...(rest.match(/\S.*\[code: \d+\]/g) ?? [])].join(" ");
  if (message.includes("CLOUDFLARE_API_TOKEN")) return `${message} Or log in with: npx wrangler login`;
  // Cloudflare's message does not name the missing permission.
  if (!message.includes("[code: 10000]")) return message;
  return `${message} Your login or API token lacks a permission: see .github/OPERATING.md, "Deploying".`;
}
