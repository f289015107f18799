import { existsSync, readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import * as v from "valibot";
import { createPreviewPasses } from "../adapters/preview-passes.ts";
import { chatPath, optionalKeyBytes } from "../core/settings/schemas.ts";
import { PREVIEW_LINK_HOURS } from "../limits.ts";
import { EXIT, type ExitCode, Misuse, print, runCommand, TEXT, type Values } from "./shared/command-line.ts";
import { parseSite } from "./shared/site-address.ts";
import { readVariables } from "./shared/wrangler-config.ts";

const SECRETS_FILE = ".dev.vars";

const USAGE = `Usage: npm run preview-link -- <address of the site> [options]

Prints a link that shows the chat on the live site to whoever opens it, while MODE is
preview and nobody else sees it. It can be opened for ${PREVIEW_LINK_HOURS} hours, as often as you like.
PREVIEW_SECRET is taken from the environment, or else from ${SECRETS_FILE}: it must be the
one that the Worker has.

  --env <name>    environment of wrangler.toml

Exit codes: 0 done, 2 misuse`;

const OPTIONS = { env: TEXT } as const;

await runCommand({ name: "preview-link", usage: USAGE, options: OPTIONS, allowPositionals: true, run: makeLink });

async function makeLink({ env }: Values<typeof OPTIONS>, positionals: readonly string[]): Promise<ExitCode> {
  const site = parseSite(positionals);
  const { links } = await createPreviewPasses(readSecret());
  const token = await links.seal({}, Math.floor(Date.now() / 1000));
  const { CHAT_PATH } = readVariables(env);
  print(`${site.origin}${v.parse(chatPath(), CHAT_PATH)}/preview#${token}`);
  return EXIT.done;
}

function readSecret(): Uint8Array {
  const file = existsSync(SECRETS_FILE) ? parseEnv(readFileSync(SECRETS_FILE, "utf8")) : {};
  const result = v.safeParse(optionalKeyBytes(), process.env["PREVIEW_SECRET"] || file["PREVIEW_SECRET"]);
  if (!result.success) throw new Misuse(`PREVIEW_SECRET: ${result.issues[0].message}`);
  if (result.output === null) throw new Misuse(`PREVIEW_SECRET is neither in the environment nor in ${SECRETS_FILE}`);
  return result.output;
}
