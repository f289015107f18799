import { unstable_readConfig as readWranglerConfig } from "wrangler";
import { Misuse } from "./command-line.ts";
import { toRouteHost } from "./route.ts";

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

/** The patterns of the Worker's Routes. A custom domain is a Route for a whole host. */
export function readRoutes(environment?: string): readonly string[] {
  const routes: readonly (string | { readonly pattern: string; readonly custom_domain?: boolean })[] =
    readConfigFile(environment).routes ?? [];
  return routes.map((route) => {
    if (typeof route === "string") return route;
    return route.custom_domain === true ? `${route.pattern}/*` : route.pattern;
  });
}

/** The host of the first Route; `null` where no Route names one host. */
export function readRouteHost(environment?: string): string | null {
  return toRouteHost(readRoutes(environment)[0] ?? "");
}
