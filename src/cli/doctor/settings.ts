import { type AwsAccess } from "../../adapters/connect-api.ts";
import { parseSettings, type Settings as ParsedSettings } from "../../core/settings/settings.ts";
import { Misuse } from "../shared/command-line.ts";
import { readLinkSettings, type Settings } from "../shared/own-settings.ts";

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

/** Keys that only Cloudflare has, in most cases. */
const AWS_PLACEHOLDERS: Settings = {
  AWS_ACCESS_KEY_ID: "A".repeat(20),
  AWS_SECRET_ACCESS_KEY: "-".repeat(40),
};

export interface CheckedSettings {
  /** The owner's settings, or the defaults where the owner's settings cannot be used. */
  readonly settings: ParsedSettings;
  /** What is wrong with the owner's settings so that no chat would start, a line each. */
  readonly problems: readonly string[];
  /** What is wrong with the settings of alerts and self-off, where the chat works without them. */
  readonly watchProblems: readonly string[];
}

/** Checks the owner's settings as the Worker does when it starts. A secret that is not set yet is no problem. */
export function checkSettings(own: Settings): CheckedSettings {
  const needsAwsKey = readLinkSettings(own).linkBy === "worker";
  const { chat, problems } = parseSettings({ ...PLACEHOLDERS, ...(needsAwsKey && AWS_PLACEHOLDERS), ...own });
  const settings = chat ?? parseSettings(PLACEHOLDERS).chat;
  if (settings === null) throw new Error("Cannot use the doctor's placeholders");
  const lines = problems.map(({ setting, message }) => `${setting}: ${message}`);
  return { settings, problems: chat === null ? lines : [], watchProblems: chat === null ? [] : lines };
}

/**
 * The AWS key, and the instance that it is for.
 *
 * @throws {Misuse} With all that is not set.
 */
export function readAccess(settings: Settings): AwsAccess {
  const read = (name: string) => process.env[name] || settings[name] || "";
  const names = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "CONNECT_REGION", "CONNECT_INSTANCE_ID"];
  const missing = names.filter((name) => read(name) === "");
  if (missing.length > 0) throw new Misuse(`--aws: not set: ${missing.join(", ")}`);
  if (read("AWS_SESSION_TOKEN") !== "") {
    throw new Misuse(
      "--aws: these are temporary credentials (AWS_SESSION_TOKEN is set): use the key of an IAM user, as the Worker needs it.",
    );
  }
  return {
    accessKeyId: read("AWS_ACCESS_KEY_ID"),
    secretAccessKey: read("AWS_SECRET_ACCESS_KEY"),
    region: read("CONNECT_REGION"),
    instanceId: read("CONNECT_INSTANCE_ID"),
  };
}
