import * as v from "valibot";
import { createPreviewPasses } from "../adapters/preview-passes.ts";
import { chatPath, optionalKeyBytes } from "../core/settings/schemas.ts";
import { PREVIEW_LINK_HOURS } from "../limits.ts";
import { DEV_VARS, readDevVars } from "./shared/dev-vars.ts";
import { EXIT, type ExitCode, Misuse, print, runCommand, TEXT, type Values } from "./shared/command-line.ts";
import { parseSite } from "./site/address.ts";
import { readVariables } from "./shared/wrangler-config.ts";

const USAGE = `Usage: npm run preview-link -- <address of the site> [options]

Prints a link to the live site. While MODE is preview, only browsers that opened the link see
the chat. The link works for ${PREVIEW_LINK_HOURS} hours, as often as you like. PREVIEW_SECRET must be the secret
of the Worker. It is read from the environment, or else from ${DEV_VARS}.

  --env <name>    environment of wrangler.toml, with its secrets in ${DEV_VARS}.<name>

Exit codes: 0 done, 2 misuse`;

const OPTIONS = { env: TEXT } as const;

await runCommand({ name: "preview-link", usage: USAGE, options: OPTIONS, allowPositionals: true, run: makeLink });

async function makeLink({ env }: Values<typeof OPTIONS>, positionals: readonly string[]): Promise<ExitCode> {
  const site = parseSite(positionals);
  const { links } = await createPreviewPasses(readSecret(env));
  const token = await links.seal({}, Math.floor(Date.now() / 1000));
  const path = v.safeParse(chatPath(), readVariables(env)["CHAT_PATH"]);
  if (!path.success) throw new Misuse(`CHAT_PATH: ${path.issues[0].message}`);
  print(`${site.origin}${path.output}/preview#${token}`);
  return EXIT.done;
}

function readSecret(environment: string | undefined): Uint8Array {
  const secret = process.env["PREVIEW_SECRET"] || readDevVars(environment)["PREVIEW_SECRET"];
  const result = v.safeParse(optionalKeyBytes(), secret);
  if (!result.success) throw new Misuse(`PREVIEW_SECRET: ${result.issues[0].message}`);
  if (result.output === null)
    throw new Misuse(
      `PREVIEW_SECRET: expected it in the environment or in ${DEV_VARS} (with --env: ${DEV_VARS}.<name>), found it in neither`,
    );
  return result.output;
}
