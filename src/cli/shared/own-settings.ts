import { readDevVars } from "./dev-vars.ts";
import { type LinkSettings } from "./needed-actions.ts";
import { readVariables } from "./wrangler-config.ts";

export type Settings = Readonly<Record<string, string>>;

/**
 * What the owner has set so far: the variables in wrangler.toml, and the secrets in .dev.vars. Secrets win over variables.
 *
 * @param environment Named environment of wrangler.toml.
 * @throws {Misuse} Where wrangler.toml has no such environment.
 */
export function readOwnSettings(environment: string | undefined): Settings {
  const variables = Object.entries(readVariables(environment)).filter(([, value]) => typeof value !== "object");
  const all = [...variables, ...Object.entries(readDevVars(environment))].map(
    ([name, value]) => [name, String(value)] as const,
  );
  return Object.fromEntries(all.filter(([, value]) => value !== ""));
}

/** Whether the owner has set a snippet. */
export function hasOwnSnippet(settings: Settings): boolean {
  return settings["WIDGET_SNIPPET"] !== undefined;
}

/** Who links the chats, and whether abandoned ones are ended. A setting that cannot be used has its default. */
export function readLinkSettings(settings: Settings): LinkSettings {
  const linkBy = settings["LINK_BY"] === "worker" ? "worker" : "flow";
  return { linkBy, endAbandoned: settings["END_ABANDONED"] === "1" };
}
