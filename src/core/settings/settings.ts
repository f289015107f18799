import * as v from "valibot";
import { ConfigError, type SettingProblem } from "../../errors.ts";
import { MAX_RETENTION_DAYS, MAX_TOKEN_TTL_SECONDS } from "../../limits.ts";
import { RESERVED_ATTRIBUTES } from "../chat/reserved-attributes.ts";
import { parseWidget, type Widget } from "../widget/widget.ts";
import { accountId, datasetName, optionalWebhook } from "./watch-schemas.ts";
import {
  attributeKey,
  awsRegion,
  chatPath,
  consentSource,
  contextKinds,
  DEFAULT_CHAT_PATH,
  imageSources,
  instanceId,
  keyBytes,
  oneOf,
  optionalKeyBytes,
  optionalSecretLike,
  origin,
  pathPatterns,
  securityKey,
  wholeNumber,
} from "./schemas.ts";
import { type Pattern } from "./pattern.ts";

type Environment = Readonly<Record<string, unknown>>;

const AWS_SETTINGS = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "CONNECT_REGION", "CONNECT_INSTANCE_ID"];

const ORIGIN_SETTING = { ORIGIN_URL: origin() };
const SIGN_OUT_SETTING = { SIGN_OUT_PATHS: pathPatterns() };
const ROUTES_SETTING = { CHAT_PATH: chatPath() };
const CHAT_SETTINGS = {
  WIDGET_SECURITY_KEY: securityKey(),
  COOKIE_SECRET: keyBytes(),
  PREVIEW_SECRET: optionalKeyBytes(),
  AWS_ACCESS_KEY_ID: optionalSecretLike(/^\w{16,128}$/, "an access key id of 16 to 128 letters and digits"),
  AWS_SECRET_ACCESS_KEY: optionalSecretLike(/^\S+$/, "a secret access key without white space"),
  CONNECT_REGION: awsRegion(),
  IMAGE_SOURCES: imageSources(),
  CONNECT_INSTANCE_ID: instanceId(),
  LINK_BY: oneOf("flow", "worker"),
  END_ABANDONED: oneOf("0", "1"),
  CARRY_OVER: oneOf("0", "1"),
  // After a week, hardly anybody remembers who else has used the browser.
  CARRY_OVER_MINUTES: wholeNumber(60, 1, 10_080),
  CONTACT_ATTRIBUTE: attributeKey("contactId", RESERVED_ATTRIBUTES),
  VISITOR_ATTRIBUTE: attributeKey("persistentChatVisitor", RESERVED_ATTRIBUTES),
  TOKEN_TTL_SECONDS: wholeNumber(500, 60, MAX_TOKEN_TTL_SECONDS),
  // Connect has a transcript ready within a minute; nobody waits ten for an agent to read it.
  READY_AFTER_SECONDS: wholeNumber(60, 0, 600),
  // Source: Amazon Connect API, StartChatContact, ChatDurationInMinutes.
  CHAT_DURATION_MINUTES: wholeNumber(1500, 60, 10_080),
  // No chat lives longer than the longest CHAT_DURATION_MINUTES.
  RESUME_MINUTES: wholeNumber(30, 0, 10_080),
  RETENTION_DAYS: wholeNumber(365, 1, MAX_RETENTION_DAYS),
  MODE: oneOf("on", "off", "observe", "preview"),
  ROLLOUT_PERCENT: wholeNumber(100, 0, 100),
  INCLUDE_PATHS: pathPatterns(),
  EXCLUDE_PATHS: pathPatterns(),
  CONSENT_COOKIE: consentSource(),
  CONSENT_LOAD: oneOf("0", "1"),
  FORGET_BY_CLICK: oneOf("0", "1"),
  CONTEXT: contextKinds(),
  LOAD_WIDGET: oneOf("now", "idle", "interaction"),
  LOG_LEVEL: oneOf("info", "debug", "warn", "error"),
};
/** What figures, alerts and self-off need, and no chat: one that cannot be used counts as not set. */
const WATCH_SETTINGS = {
  OUTCOMES: oneOf("1", "0"),
  SELF_OFF: oneOf("0", "1"),
  METRICS_TOKEN: optionalSecretLike(/^[\w-]{20,200}$/, "an API token of Cloudflare's: letters, digits, - and _"),
  METRICS_ACCOUNT_ID: accountId(),
  METRICS_DATASET: datasetName(),
  ALERT_WEBHOOK: optionalWebhook(),
};

type WatchSettings = v.InferOutput<v.ObjectSchema<typeof WATCH_SETTINGS, undefined>>;

export type Settings = v.InferOutput<v.ObjectSchema<typeof CHAT_SETTINGS & typeof ROUTES_SETTING, undefined>> &
  WatchSettings & { readonly widget: Widget };

/** All settings that are text: everything but the bindings. */
export interface ParsedSettings {
  /** Where the Worker's own routes are; `/_chat` where the setting cannot be used. */
  readonly chatPath: string;
  /** `null` where `ORIGIN_URL` cannot be used: nobody knows then where the site is. */
  readonly site: SiteSettings | null;
  /** `null` where a setting cannot be used that the chat needs: pages stay untouched then, and the chat routes answer 503. */
  readonly chat: Settings | null;
  /** Every setting that cannot be used. Where `chat` is not `null`, they are of alerts and self-off alone. */
  readonly problems: readonly SettingProblem[];
}

/** What the site needs, also while the settings of the chat cannot be used. */
export interface SiteSettings {
  /** `null`: Route mode, where a fetch of the request itself reaches the origin. */
  readonly originUrl: URL | null;
  readonly signOutPaths: readonly Pattern[];
}

/**
 * Reads all settings, also after one that cannot be used, so that the owner hears of all problems at once.
 *
 * @param env Settings, as Cloudflare gives them.
 */
export function parseSettings(env: Environment): ParsedSettings {
  const problems: SettingProblem[] = [];
  const attempt = collectInto(problems);
  const widget = attempt(() => parseWidget(env));
  const site = attempt(() => parseEntries(ORIGIN_SETTING, env));
  const signOut = attempt(() => parseEntries(SIGN_OUT_SETTING, env));
  const routes = attempt(() => parseEntries(ROUTES_SETTING, env)) ?? { CHAT_PATH: DEFAULT_CHAT_PATH };
  const settings = attempt(() => parseEntries(CHAT_SETTINGS, env));
  attempt(() => requireTogether(env, widget));
  const watch = parseWatchSettings(env, widget);
  return {
    chatPath: routes.CHAT_PATH,
    site: site && { originUrl: site.ORIGIN_URL, signOutPaths: signOut?.SIGN_OUT_PATHS ?? [] },
    chat: problems.length === 0 && widget && settings ? { ...routes, ...settings, ...watch.settings, widget } : null,
    problems: [...problems, ...watch.problems],
  };
}

/**
 * A typing error here must take no chat off a site: the setting counts as not set. Whoever sets OUTCOMES wants something else
 * than its default.
 */
function parseWatchSettings(env: Environment, widget: Widget | null) {
  const parsed = v.safeParse(v.object(WATCH_SETTINGS), env);
  const problems = [...(parsed.success ? [] : toSettingProblems(parsed.issues)), ...findUnstoppable(env, widget)];
  const isUsable = (name: string) => problems.every(({ setting }) => setting !== name);
  const usable = Object.keys(WATCH_SETTINGS).map((name) => [name, isUsable(name) ? env[name] : ""]);
  const values = { ...Object.fromEntries(usable), ...(!isUsable("OUTCOMES") && { OUTCOMES: "0" }) };
  return { settings: v.parse(v.object(WATCH_SETTINGS), values), problems };
}

/** Runs a parser, and goes on after its error: the owner hears of all problems at once, and pages never break. */
export function collectInto(problems: SettingProblem[]) {
  return <T>(parse: () => T): T | null => {
    try {
      return parse();
    } catch (error) {
      problems.push(...toProblems(error));
      return null;
    }
  };
}

/** An error of another kind is a mistake of this program. Its message may quote a secret. */
function toProblems(error: unknown): readonly SettingProblem[] {
  if (error instanceof ConfigError) return error.problems;
  const found = error instanceof Error ? error.name : typeof error;
  return [
    { setting: "settings", message: `expected settings that can be read, found a fault of this Worker: ${found}` },
  ];
}

function parseEntries<const Entries extends v.ObjectEntries>(entries: Entries, env: Environment) {
  const result = v.safeParse(v.object(entries), env);
  if (result.success) return result.output;
  throw new ConfigError(toSettingProblems(result.issues));
}

function toSettingProblems(issues: readonly v.BaseIssue<unknown>[]): SettingProblem[] {
  const problems = issues.map(({ path, message }) => ({ setting: String(path?.[0].key), message }));
  // Two parts of one list may be wrong in the same way.
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()];
}

/** @throws {ConfigError} Where one setting needs another one, or clashes with it. */
function requireTogether(env: Environment, widget: Widget | null): void {
  const problems = [...findMissing(env), ...findClashes(env), ...findUndelayable(env, widget), ...findUnlinked(env)];
  if (problems.length > 0) throw new ConfigError(problems);
}

/** Settings that another setting needs and that are not set. */
function findMissing(env: Environment): readonly SettingProblem[] {
  const isSet = (name: string) => (env[name] ?? "") !== "";
  const needed = (reason: string, ...names: readonly string[]) =>
    names.filter((name) => !isSet(name)).map((setting) => ({ setting, message: `expected ${reason}, found nothing` }));

  const holdsBackForConsent = v.safeParse(CHAT_SETTINGS.CONSENT_LOAD, env["CONSENT_LOAD"]).output === "1";
  const hasKey = isSet("AWS_ACCESS_KEY_ID") || isSet("AWS_SECRET_ACCESS_KEY");
  const reason =
    env["LINK_BY"] === "worker"
      ? "all four of the AWS settings for LINK_BY=worker"
      : "all four of the AWS settings or no key";
  return [
    ...(hasKey || env["LINK_BY"] === "worker" ? needed(reason, ...AWS_SETTINGS) : []),
    ...(env["MODE"] === "preview" ? needed("a secret for MODE=preview", "PREVIEW_SECRET") : []),
    ...(holdsBackForConsent ? needed("a cookie for CONSENT_LOAD=1", "CONSENT_COOKIE") : []),
  ];
}

/** Two attributes with one name: the second would overwrite the first. */
function findClashes(env: Environment): readonly SettingProblem[] {
  const contact = v.safeParse(CHAT_SETTINGS.CONTACT_ATTRIBUTE, env["CONTACT_ATTRIBUTE"]);
  const visitor = v.safeParse(CHAT_SETTINGS.VISITOR_ATTRIBUTE, env["VISITOR_ATTRIBUTE"]);
  if (!contact.success || !visitor.success || contact.output !== visitor.output) return [];
  return [{ setting: "VISITOR_ATTRIBUTE", message: "expected another name than CONTACT_ATTRIBUTE, found the same" }];
}

/** The page's own widget is there before the Worker's script could hold it back. */
function findUndelayable(env: Environment, widget: Widget | null): readonly SettingProblem[] {
  const { output, success } = v.safeParse(CHAT_SETTINGS.LOAD_WIDGET, env["LOAD_WIDGET"]);
  if (widget?.source !== "page" || !success || output === "now") return [];
  const message = `expected now with WIDGET_SNIPPET=page, since your pages load that widget themselves, found ${output}`;
  return [{ setting: "LOAD_WIDGET", message }];
}

/** Nothing here keeps the page's own widget away, and without outcomes nothing tells of failures. */
function findUnstoppable(env: Environment, widget: Widget | null): readonly SettingProblem[] {
  if (v.safeParse(WATCH_SETTINGS.SELF_OFF, env["SELF_OFF"]).output !== "1") return [];
  const ofPage = "expected 0 with WIDGET_SNIPPET=page, since your pages load that widget themselves, found 1";
  const ofOutcomes = "expected 0, or OUTCOMES=1 as well, found 1";
  return [
    ...(widget?.source === "page" ? [{ setting: "SELF_OFF", message: ofPage }] : []),
    ...(v.safeParse(WATCH_SETTINGS.OUTCOMES, env["OUTCOMES"]).output === "0"
      ? [{ setting: "SELF_OFF", message: ofOutcomes }]
      : []),
  ];
}

/** An abandoned chat is ended so that the new one can be linked to it later: a contact flow links at once or never. */
function findUnlinked(env: Environment): readonly SettingProblem[] {
  if (env["LINK_BY"] === "worker" || v.safeParse(CHAT_SETTINGS.END_ABANDONED, env["END_ABANDONED"]).output !== "1")
    return [];
  return [{ setting: "END_ABANDONED", message: "expected 0, or LINK_BY=worker as well, found 1" }];
}
