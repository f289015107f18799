import { type Config, parseConfig } from "../../../src/config.ts";
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

/** The settings of the chat after a change; `null` where one of them cannot be used. */
export function chatOf(changed: object = {}): Config | null {
  return parseConfig({ ...env, ...changed }).chat;
}

/** The message about each setting that cannot be used, after a change. */
export function problemsOf(changed: object): Record<string, string> {
  const { problems } = parseConfig({ ...env, ...changed });
  return Object.fromEntries(problems.map(({ setting, message }) => [setting, message]));
}
