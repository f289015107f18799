import { unstable_readConfig as readWranglerConfig } from "wrangler";
import { Misuse } from "./command-line.ts";

/**
 * The wrangler.toml in the working directory; an empty one where there is no file.
 *
 * @param environment Named environment of wrangler.toml; `undefined`: the top level.
 * @throws {Misuse} Where wrangler.toml has no such environment.
 */
export function readConfigFile(environment?: string): ReturnType<typeof readWranglerConfig> {
  const config = readConfig(environment);
  // Wrangler only warns of an unknown environment, and then gives the top level.
  if (environment !== undefined && !config.definedEnvironments?.includes(environment)) {
    throw new Misuse(`--env: no environment "${environment}" in wrangler.toml`);
  }
  return config;
}

function readConfig(environment?: string): ReturnType<typeof readWranglerConfig> {
  try {
    return readWranglerConfig({ env: environment }, { hideWarnings: true });
  } catch (cause) {
    const found = cause instanceof Error ? cause.message : String(cause);
    throw new Misuse(`Cannot read wrangler.toml: ${found}`, { cause });
  }
}

/** The `vars` of an environment. */
export function readVariables(environment?: string): Readonly<Record<string, unknown>> {
  return readConfigFile(environment).vars;
}

/** The host of the first Route; `null` where no Route names one host. */
export function readRouteHost(): string | null {
  const routes: readonly (string | { readonly pattern: string })[] = readConfigFile().routes ?? [];
  const [first = ""] = routes;
  return toRouteHost(typeof first === "string" ? first : first.pattern);
}

/** The host of a Route such as `www.example.com/*`; `null` for one such as `*.example.com/*`, which names no single host. */
export function toRouteHost(route: string): string | null {
  return /^(?:https?:\/\/)?([^/*\s]+)(?:[/\s]|$)/.exec(route)?.[1] ?? null;
}
