import { unstable_readConfig as readWranglerConfig } from "wrangler";
import { Misuse } from "./command-line.ts";

/**
 * The `vars` of the wrangler.toml in the working directory; none where there is no file.
 *
 * @param environment Named environment of wrangler.toml; `undefined`: the top level.
 * @throws {Misuse} For an environment that it lacks.
 */
export function readVariables(environment: string | undefined): Readonly<Record<string, unknown>> {
  const config = readWranglerConfig({ env: environment }, { hideWarnings: true });
  // Of this wrangler only warns, and then gives the variables of the top level.
  if (environment !== undefined && !config.definedEnvironments?.includes(environment)) {
    throw new Misuse(`--env: no environment "${environment}" in wrangler.toml`);
  }
  return config.vars;
}
