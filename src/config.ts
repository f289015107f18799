import * as v from "valibot";
import { type AwsAccess } from "./adapters/describe-contact.ts";
import { type CallLimit, isCallLimit } from "./adapters/call-limit.ts";
import { isMetricsDataset, type MetricsDataset } from "./adapters/metrics.ts";
import { isVisitorNamespace, type VisitorNamespace } from "./adapters/visitor-store.ts";
import { type ChosenPaths } from "./core/settings/chosen-paths.ts";
import { type ConsentCookie } from "./core/chat/consent.ts";
import { FIXED_ATTRIBUTES } from "./core/chat/continuation.ts";
import { type Pattern } from "./core/settings/pattern.ts";
import {
  attributeKey,
  awsRegion,
  chatPath,
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

export interface Config {
  /** `null`: Route mode, where a fetch of the request itself reaches the origin. */
  readonly originUrl: URL | null;
  readonly chatPath: string;
  readonly widget: Widget;
  /** Signed with as the UTF-8 bytes of this text. */
  readonly securityKey: string;
  /** The first seals, all open. */
  readonly cookieSecrets: readonly [Uint8Array, ...Uint8Array[]];
  /** `null`: nobody is asked who owns a contact id. */
  readonly aws: AwsAccess | null;
  /** AWS region of the Connect instance; empty where it is not set. */
  readonly connectRegion: string;
  /** From where else than its own hosts the chat may show pictures, as a policy names it. */
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
  readonly signOutPaths: readonly Pattern[];
  readonly consentCookie: ConsentCookie | null;
  readonly consentLoad: boolean;
  /** Whether an element of the page may ask for the visitor to be forgotten, by a click on it. */
  readonly forgetByClick: boolean;
  readonly logLevel: "debug" | "info" | "warn" | "error";
  /** The KV namespace that holds who had which chat. */
  readonly visitors: VisitorNamespace;
  /** Counts the chat calls of an address. */
  readonly callLimit: CallLimit;
  /** `null`: nothing is counted. */
  readonly metrics: MetricsDataset | null;
}

/**
 * The settings of this Worker, ready for use.
 *
 * @param env Settings and bindings, as Cloudflare gives them.
 * @throws {ConfigError} With every problem there is: pages stay untouched then and chat routes answer 503.
 */
export function parseConfig(env: Environment): Config {
  const problems: SettingProblem[] = [];
  const widget = collect(problems, () => parseWidget(env));
  const settings = collect(problems, () => parseSettings(SETTINGS, env));
  const visitors = collect(problems, () => parseVisitors(env));
  const callLimit = collect(problems, () => parseCallLimit(env));
  const { METRICS } = env;
  problems.push(...findMissing(env), ...findClashes(env));
  if (widget === null || settings === null || visitors === null || callLimit === null || problems.length > 0) {
    throw new ConfigError(problems);
  }
  return {
    ...toSettingsConfig(settings),
    widget,
    visitors,
    callLimit,
    metrics: isMetricsDataset(METRICS) ? METRICS : null,
  };
}

/**
 * Where the site is: known also while another setting is unusable, so that its pages go on.
 *
 * @returns `null` in Route mode.
 * @throws {ConfigError} For `ORIGIN_URL` alone.
 */
export function parseOriginUrl(env: Environment): URL | null {
  return parseSettings({ ORIGIN_URL: SETTINGS.ORIGIN_URL }, env).ORIGIN_URL;
}

/**
 * The prefix of the chat routes: known also while another setting is unusable.
 *
 * @throws {ConfigError} For `CHAT_PATH` alone.
 */
export function parseChatPath(env: Environment): string {
  return parseSettings({ CHAT_PATH: SETTINGS.CHAT_PATH }, env).CHAT_PATH;
}

/**
 * Where visitors sign out: known also while another setting is unusable.
 *
 * @throws {ConfigError} For `SIGN_OUT_PATHS` alone.
 */
export function parseSignOutPaths(env: Environment): readonly Pattern[] {
  return parseSettings({ SIGN_OUT_PATHS: SETTINGS.SIGN_OUT_PATHS }, env).SIGN_OUT_PATHS;
}

const AWS_SETTINGS = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "CONNECT_REGION", "CONNECT_INSTANCE_ID"];

const SETTINGS = {
  WIDGET_SECURITY_KEY: secretLike(/^\S{44}$/, "the 44 characters that the Amazon Connect console shows"),
  COOKIE_SECRET: keyBytes(),
  PREVIEW_SECRET: optionalKeyBytes(),
  AWS_ACCESS_KEY_ID: optionalSecretLike(/^\w{16,128}$/, "an access key id of 16 to 128 letters and digits"),
  AWS_SECRET_ACCESS_KEY: optionalSecretLike(/^\S+$/, "a secret access key without white space"),
  CONNECT_REGION: awsRegion(),
  IMAGE_SOURCES: imageSources(),
  CONNECT_INSTANCE_ID: variableLike("", UUID, "the instance id, a UUID"),
  ORIGIN_URL: origin(),
  CHAT_PATH: chatPath(),
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
  SIGN_OUT_PATHS: pathPatterns(),
  CONSENT_COOKIE: consentCookie(),
  CONSENT_LOAD: oneOf("0", "1"),
  FORGET_BY_CLICK: oneOf("0", "1"),
  LOG_LEVEL: oneOf("info", "debug", "warn", "error"),
};

type Settings = v.InferOutput<v.ObjectSchema<typeof SETTINGS, undefined>>;

function parseSettings<const Entries extends v.ObjectEntries>(entries: Entries, env: Environment) {
  const result = v.safeParse(v.object(entries), env);
  if (result.success) return result.output;
  throw new ConfigError(result.issues.map(({ path, message }) => ({ setting: String(path?.[0].key), message })));
}

/** Goes on after a problem, so that the owner hears of all at once. */
function collect<T>(problems: SettingProblem[], parse: () => T): T | null {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    problems.push(...error.problems);
    return null;
  }
}

/** What another setting asks for and is not there. */
function findMissing(env: Environment): readonly SettingProblem[] {
  const isSet = (name: string) => (env[name] ?? "") !== "";
  const needed = (reason: string, ...names: readonly string[]) =>
    names.filter((name) => !isSet(name)).map((setting) => ({ setting, message: `expected ${reason}, found nothing` }));

  const holdsBackForConsent = v.safeParse(SETTINGS.CONSENT_LOAD, env["CONSENT_LOAD"]).output === "1";
  const checksOwners = isSet("AWS_ACCESS_KEY_ID") || isSet("AWS_SECRET_ACCESS_KEY");
  return [
    ...(checksOwners ? needed("all four of the AWS settings or no key", ...AWS_SETTINGS) : []),
    ...(env["MODE"] === "preview" ? needed("a secret for MODE=preview", "PREVIEW_SECRET") : []),
    ...(holdsBackForConsent ? needed("a cookie for CONSENT_LOAD=1", "CONSENT_COOKIE") : []),
  ];
}

/** One name for two attributes: the later one would overwrite the other. */
function findClashes(env: Environment): readonly SettingProblem[] {
  const contact = v.safeParse(SETTINGS.CONTACT_ATTRIBUTE, env["CONTACT_ATTRIBUTE"]).output;
  const visitor = v.safeParse(SETTINGS.VISITOR_ATTRIBUTE, env["VISITOR_ATTRIBUTE"]).output;
  if (contact !== visitor) return [];
  return [{ setting: "VISITOR_ATTRIBUTE", message: "expected another name than CONTACT_ATTRIBUTE, found the same" }];
}

function parseVisitors({ VISITORS }: Environment): VisitorNamespace {
  if (isVisitorNamespace(VISITORS)) return VISITORS;
  throw missingBinding("VISITORS", VISITORS, "the KV namespace that [[kv_namespaces]]");
}

function parseCallLimit({ CHAT_LIMIT }: Environment): CallLimit {
  if (isCallLimit(CHAT_LIMIT)) return CHAT_LIMIT;
  throw missingBinding("CHAT_LIMIT", CHAT_LIMIT, "the rate limit that [[ratelimits]]");
}

function missingBinding(setting: string, binding: unknown, what: string): ConfigError {
  const found = binding === undefined ? "nothing" : "something else";
  return new ConfigError([{ setting, message: `expected ${what} in wrangler.toml binds, found ${found}` }]);
}

function toSettingsConfig(settings: Settings): Omit<Config, "widget" | "visitors" | "callLimit" | "metrics"> {
  return {
    originUrl: settings.ORIGIN_URL,
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
    signOutPaths: settings.SIGN_OUT_PATHS,
    consentCookie: settings.CONSENT_COOKIE,
    consentLoad: settings.CONSENT_LOAD === "1",
    forgetByClick: settings.FORGET_BY_CLICK === "1",
    logLevel: settings.LOG_LEVEL,
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
