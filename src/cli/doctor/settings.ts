import { parseSettings, type Settings as ParsedSettings } from "../../core/settings/settings.ts";
import { readDevVars } from "../shared/dev-vars.ts";
import { readVariables } from "../shared/wrangler-config.ts";

export type Settings = Readonly<Record<string, string>>;

const WIDGET_ID = "00000000-0000-4000-8000-000000000000";

/** Used while the owner has set no snippet: it loads its script from the same kind of host. */
const SNIPPET = `<script>
  (function(w, d, x, id){
    s=d.createElement('script');
    s.src='https://your-instance.my.connect.aws/connectwidget/static/amazon-connect-chat-interface-client.js';
    s.async=1;
    s.id=id;
    d.getElementsByTagName('head')[0].appendChild(s);
    w[x] = w[x] || function() { (w[x].ac = w[x].ac || []).push(arguments) };
  })(window, document, 'amazon_connect', '${WIDGET_ID}');
  amazon_connect('styles', {});
  amazon_connect('snippetId', '${"placeholder".repeat(20)}');
  amazon_connect('supportedMessagingContentTypes', [ 'text/plain' ]);
</script>`;

/** The settings that a Worker cannot do without. */
export const PLACEHOLDERS: Settings = {
  WIDGET_SNIPPET: SNIPPET,
  WIDGET_SECURITY_KEY: "-".repeat(44),
  COOKIE_SECRET: "A".repeat(43),
};

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

export interface CheckedSettings {
  /** The owner's settings, or the defaults where the owner's settings cannot be used. */
  readonly settings: ParsedSettings;
  /** What is wrong with the owner's settings, a line each. */
  readonly problems: readonly string[];
}

/** Checks the owner's settings as the Worker does when it starts. A secret that is not set yet is no problem. */
export function checkSettings(own: Settings): CheckedSettings {
  const { chat, problems } = parseSettings({ ...PLACEHOLDERS, ...own });
  const settings = chat ?? parseSettings(PLACEHOLDERS).chat;
  if (settings === null) throw new Error("Cannot use the doctor's placeholders");
  return { settings, problems: problems.map(({ setting, message }) => `${setting}: ${message}`) };
}

/** Whether the owner has set a snippet. */
export function hasOwnSnippet(settings: Settings): boolean {
  return settings["WIDGET_SNIPPET"] !== undefined;
}
