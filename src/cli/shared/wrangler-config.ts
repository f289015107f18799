import { unstable_readConfig as readWranglerConfig } from "wrangler";
import { Misuse } from "./command-line.ts";

/**
 * The wrangler.toml in the working directory; an empty one where there is no file.
 *
 * @param environment Named environment of wrangler.toml; `undefined`: the top level.
 * @throws {Misuse} For an environment that it lacks.
 */
export function readConfigFile(environment?: string): ReturnType<typeof readWranglerConfig> {
  const config = readWranglerConfig({ env: environment }, { hideWarnings: true });
  // Of this wrangler only warns, and then gives the top level.
  if (environment !== undefined && !config.definedEnvironments?.includes(environment)) {
    throw new Misuse(`--env: no environment "${environment}" in wrangler.toml`);
  }
  return config;
}

/** The `vars` of an environment. */
export function readVariables(environment?: string): Readonly<Record<string, unknown>> {
  return readConfigFile(environment).vars;
}

/** The host of the first Route; `null` where there is none, or it names no host. */
export function readRouteHost(): string | null {
  const routes: readonly (string | { readonly pattern: string })[] = readConfigFile().routes ?? [];
  const [first = ""] = routes;
  return toRouteHost(typeof first === "string" ? first : first.pattern);
}

/** The host of a Route such as `www.example.com/*`; `null` for one such as `*.example.com/*`, which names none that could be asked. */
export function toRouteHost(route: string): string | null {
  return /^(?:https?:\/\/)?([^/*\s]+)(?:[/\s]|$)/.exec(route)?.[1] ?? null;
}
