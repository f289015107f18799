import * as v from "valibot";
import { type AwsAccess } from "./adapters/describe-contact.ts";
import { type CallLimit, isCallLimit } from "./adapters/call-limit.ts";
import { isMetricsDataset, type MetricsDataset } from "./adapters/metrics.ts";
import { isVisitorNamespace, type VisitorNamespace } from "./adapters/visitor-store.ts";
import { type LogLevel } from "./adapters/log.ts";
import { type ChosenPaths } from "./core/settings/chosen-paths.ts";
import { type ConsentCookie } from "./core/chat/consent.ts";
import { FIXED_ATTRIBUTES } from "./core/chat/continuation.ts";
import { type Pattern } from "./core/settings/pattern.ts";
import {
  attributeKey,
  awsRegion,
  chatPath,
  DEFAULT_CHAT_PATH,
  consentCookie,
  imageSources,
  keyBytes,
  oneOf,
  optionalKeyBytes,
  optionalSecretLike,
  origin,
  pathPatterns,
  secretLike,
  variableLike,
  wholeNumber,
} from "./core/settings/schemas.ts";
import { UUID } from "./core/widget/snippet.ts";
import { parseWidget, type Widget } from "./core/widget/widget.ts";
import { ConfigError, type SettingProblem } from "./errors.ts";
import { MAX_RETENTION_DAYS, MAX_TOKEN_TTL_SECONDS } from "./limits.ts";

type Environment = Readonly<Record<string, unknown>>;

/** The settings of this Worker, ready for use. */
export interface ParsedConfig {
  /** Where the Worker's own routes are; `/_chat` where the setting cannot be used. */
  readonly chatPath: string;
  /** `null` where `ORIGIN_URL` cannot be used: nobody knows then where the site is. */
  readonly site: SiteConfig | null;
  /** `null` where any setting cannot be used: pages stay untouched then, and the chat routes answer 503. */
  readonly chat: Config | null;
  /** Every setting that cannot be used. */
  readonly problems: readonly SettingProblem[];
}

/** What the site needs, also while the settings of the chat cannot be used. */
export interface SiteConfig {
  /** `null`: Route mode, where a fetch of the request itself reaches the origin. */
  readonly originUrl: URL | null;
  readonly signOutPaths: readonly Pattern[];
}

/** What the chat needs. */
export interface Config {
  readonly chatPath: string;
  readonly widget: Widget;
  /** The UTF-8 bytes of this text are the key that signs tokens. */
  readonly securityKey: string;
  /** The first one seals, all of them open. */
  readonly cookieSecrets: readonly [Uint8Array, ...Uint8Array[]];
  /** `null`: Amazon is not asked who owns a contact id. */
  readonly aws: AwsAccess | null;
  /** AWS region of the Connect instance; empty where it is not set. */
  readonly connectRegion: string;
  /** Sources of pictures in the chat beside its own hosts, as a policy names them. */
  readonly imageSources: readonly string[];
  readonly previewSecret: Uint8Array | null;
  readonly contactAttribute: string;
  readonly visitorAttribute: string;
  readonly tokenTtlSeconds: number;
  readonly readyAfterSeconds: number;
  readonly chatDurationMinutes: number;
  readonly resumeMinutes: number;
  readonly retentionDays: number;
  readonly mode: "on" | "off" | "observe" | "preview";
  readonly rolloutPercent: number;
  readonly paths: ChosenPaths;
  readonly consentCookie: ConsentCookie | null;
  readonly consentLoad: boolean;
  /** Whether a click on an element of the page may ask the visitor whether to be forgotten. */
  readonly forgetByClick: boolean;
  readonly logLevel: LogLevel;
  /** The KV namespace that holds each visitor's chats. */
  readonly visitors: VisitorNamespace;
  /** Counts the chat calls of an address. */
  readonly callLimit: CallLimit;
  /** `null`: nothing is counted. */
  readonly metrics: MetricsDataset | null;
}

/**
 * Reads all settings, also after one that cannot be used, so that the owner hears of all problems at once.
 *
 * @param env Settings and bindings, as Cloudflare gives them.
 */
export function parseConfig(env: Environment): ParsedConfig {
  const problems: SettingProblem[] = [];
  const attempt = <T>(parse: () => T): T | null => {
    try {
      return parse();
    } catch (error) {
      problems.push(...toProblems(error));
      return null;
    }
  };
  const widget = attempt(() => parseWidget(env));
  const site = attempt(() => parseSettings(ORIGIN_SETTING, env));
  const signOut = attempt(() => parseSettings(SIGN_OUT_SETTING, env));
  const routes = attempt(() => parseSettings(ROUTES_SETTING, env)) ?? { CHAT_PATH: DEFAULT_CHAT_PATH };
  const settings = attempt(() => parseSettings(CHAT_SETTINGS, env));
  const visitors = attempt(() => requireBinding(env, "VISITORS", isVisitorNamespace, "[[kv_namespaces]]"));
  const callLimit = attempt(() => requireBinding(env, "CHAT_LIMIT", isCallLimit, "[[ratelimits]]"));
  attempt(() => requireTogether(env));

  const isUsable = problems.length === 0 && widget && settings && visitors && callLimit;
  return {
    chatPath: routes.CHAT_PATH,
    site: site && { originUrl: site.ORIGIN_URL, signOutPaths: signOut?.SIGN_OUT_PATHS ?? [] },
    chat: isUsable ? { ...toConfig({ ...routes, ...settings }, env), widget, visitors, callLimit } : null,
    problems,
  };
}

/** An error of another kind is a mistake of this program: the pages go on all the same. */
function toProblems(error: unknown): readonly SettingProblem[] {
  if (error instanceof ConfigError) return error.problems;
  return [{ setting: "settings", message: `expected settings that can be read, found ${String(error)}` }];
}

const AWS_SETTINGS = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "CONNECT_REGION", "CONNECT_INSTANCE_ID"];

const ORIGIN_SETTING = { ORIGIN_URL: origin() };
const SIGN_OUT_SETTING = { SIGN_OUT_PATHS: pathPatterns() };
const ROUTES_SETTING = { CHAT_PATH: chatPath() };
const CHAT_SETTINGS = {
  WIDGET_SECURITY_KEY: secretLike(/^\S{44}$/, "the 44 characters that the Amazon Connect console shows"),
  COOKIE_SECRET: keyBytes(),
  PREVIEW_SECRET: optionalKeyBytes(),
  AWS_ACCESS_KEY_ID: optionalSecretLike(/^\w{16,128}$/, "an access key id of 16 to 128 letters and digits"),
  AWS_SECRET_ACCESS_KEY: optionalSecretLike(/^\S+$/, "a secret access key without white space"),
  CONNECT_REGION: awsRegion(),
  IMAGE_SOURCES: imageSources(),
  CONNECT_INSTANCE_ID: variableLike("", UUID, "the instance id, a UUID"),
  CONTACT_ATTRIBUTE: attributeKey("contactId", FIXED_ATTRIBUTES),
  VISITOR_ATTRIBUTE: attributeKey("persistentChatVisitor", FIXED_ATTRIBUTES),
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
  CONSENT_COOKIE: consentCookie(),
  CONSENT_LOAD: oneOf("0", "1"),
  FORGET_BY_CLICK: oneOf("0", "1"),
  LOG_LEVEL: oneOf("info", "debug", "warn", "error"),
};

type Settings = v.InferOutput<v.ObjectSchema<typeof CHAT_SETTINGS & typeof ROUTES_SETTING, undefined>>;

function parseSettings<const Entries extends v.ObjectEntries>(entries: Entries, env: Environment) {
  const result = v.safeParse(v.object(entries), env);
  if (result.success) return result.output;
  throw new ConfigError(result.issues.map(({ path, message }) => ({ setting: String(path?.[0].key), message })));
}

/** @throws {ConfigError} Where one setting needs another one, or clashes with it. */
function requireTogether(env: Environment): void {
  const problems = [...findMissing(env), ...findClashes(env)];
  if (problems.length > 0) throw new ConfigError(problems);
}

/** What another setting asks for and is not there. */
function findMissing(env: Environment): readonly SettingProblem[] {
  const isSet = (name: string) => (env[name] ?? "") !== "";
  const needed = (reason: string, ...names: readonly string[]) =>
    names.filter((name) => !isSet(name)).map((setting) => ({ setting, message: `expected ${reason}, found nothing` }));

  const holdsBackForConsent = v.safeParse(CHAT_SETTINGS.CONSENT_LOAD, env["CONSENT_LOAD"]).output === "1";
  const checksOwners = isSet("AWS_ACCESS_KEY_ID") || isSet("AWS_SECRET_ACCESS_KEY");
  return [
    ...(checksOwners ? needed("all four of the AWS settings or no key", ...AWS_SETTINGS) : []),
    ...(env["MODE"] === "preview" ? needed("a secret for MODE=preview", "PREVIEW_SECRET") : []),
    ...(holdsBackForConsent ? needed("a cookie for CONSENT_LOAD=1", "CONSENT_COOKIE") : []),
  ];
}

/** One name for two attributes: the later one would overwrite the other. */
function findClashes(env: Environment): readonly SettingProblem[] {
  const contact = v.safeParse(CHAT_SETTINGS.CONTACT_ATTRIBUTE, env["CONTACT_ATTRIBUTE"]).output;
  const visitor = v.safeParse(CHAT_SETTINGS.VISITOR_ATTRIBUTE, env["VISITOR_ATTRIBUTE"]).output;
  if (contact !== visitor) return [];
  return [{ setting: "VISITOR_ATTRIBUTE", message: "expected another name than CONTACT_ATTRIBUTE, found the same" }];
}

function requireBinding<T>(
  env: Environment,
  setting: string,
  isRight: (binding: unknown) => binding is T,
  by: string,
): T {
  const binding = env[setting];
  if (isRight(binding)) return binding;
  const found = binding === undefined ? "nothing" : "something else";
  throw new ConfigError([{ setting, message: `expected the binding of ${by} in wrangler.toml, found ${found}` }]);
}

function toConfig(settings: Settings, { METRICS }: Environment): Omit<Config, "widget" | "visitors" | "callLimit"> {
  return {
    chatPath: settings.CHAT_PATH,
    securityKey: settings.WIDGET_SECURITY_KEY,
    cookieSecrets: settings.COOKIE_SECRET,
    aws: toAwsAccess(settings),
    connectRegion: settings.CONNECT_REGION,
    imageSources: settings.IMAGE_SOURCES,
    previewSecret: settings.PREVIEW_SECRET,
    contactAttribute: settings.CONTACT_ATTRIBUTE,
    visitorAttribute: settings.VISITOR_ATTRIBUTE,
    tokenTtlSeconds: settings.TOKEN_TTL_SECONDS,
    readyAfterSeconds: settings.READY_AFTER_SECONDS,
    chatDurationMinutes: settings.CHAT_DURATION_MINUTES,
    resumeMinutes: settings.RESUME_MINUTES,
    retentionDays: settings.RETENTION_DAYS,
    mode: settings.MODE,
    rolloutPercent: settings.ROLLOUT_PERCENT,
    paths: { include: settings.INCLUDE_PATHS, exclude: settings.EXCLUDE_PATHS },
    consentCookie: settings.CONSENT_COOKIE,
    consentLoad: settings.CONSENT_LOAD === "1",
    forgetByClick: settings.FORGET_BY_CLICK === "1",
    logLevel: settings.LOG_LEVEL,
    metrics: isMetricsDataset(METRICS) ? METRICS : null,
  };
}

function toAwsAccess(settings: Settings): AwsAccess | null {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, CONNECT_REGION, CONNECT_INSTANCE_ID } = settings;
  if (AWS_ACCESS_KEY_ID === null || AWS_SECRET_ACCESS_KEY === null) return null;
  return {
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    region: CONNECT_REGION,
    instanceId: CONNECT_INSTANCE_ID,
  };
}
