import { existsSync, readFileSync } from "node:fs";
import { parseEnv } from "node:util";

export const DEV_VARS = ".dev.vars";

/**
 * The secrets on this machine, from the same file as wrangler: .dev.vars.<environment>, or else .dev.vars.
 *
 * @param environment Named environment of wrangler.toml; `undefined`: the top level.
 */
export function readDevVars(environment?: string): Readonly<Record<string, string | undefined>> {
  const files = environment === undefined ? [DEV_VARS] : [`${DEV_VARS}.${environment}`, DEV_VARS];
  const file = files.find((path) => existsSync(path));
  return file === undefined ? {} : parseEnv(readFileSync(file, "utf8"));
}
