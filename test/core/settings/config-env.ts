import { parseConfig } from "../../../src/config.ts";
import { ConfigError } from "../../../src/errors.ts";
import { CONSOLE_SNIPPET, OTHER_WIDGET_ID } from "../widget/console-snippet.ts";

export const KEY = "k".repeat(43);
export const OTHER_KEY = "_-".repeat(22);

/** The smallest set of variables and bindings that works; a test changes one of them. */
export const env = {
  WIDGET_SNIPPET: CONSOLE_SNIPPET,
  WIDGET_SECURITY_KEY: "S".repeat(44),
  COOKIE_SECRET: KEY,
  VISITORS: { get: async () => new Map<string, string>(), put: async () => undefined },
  CHAT_LIMIT: { limit: async () => ({ success: true }) },
};
export const aws = {
  AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE",
  AWS_SECRET_ACCESS_KEY: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
  CONNECT_REGION: "eu-central-1",
  CONNECT_INSTANCE_ID: OTHER_WIDGET_ID,
};

/** The problems that parseConfig() finds, by the setting; empty where it finds none. */
export function problemsOf(changed: object): Record<string, string> {
  try {
    parseConfig({ ...env, ...changed });
    return {};
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return Object.fromEntries(error.problems.map(({ setting, message }) => [setting, message]));
  }
}
