import { type AnalyticsAccess } from "./adapters/watch/analytics-engine.ts";
import { type AwsAccess } from "./adapters/connect-api.ts";
import { type CallLimit, isCallLimit } from "./adapters/call-limit.ts";
import { type LogLevel } from "./adapters/log.ts";
import { isMetricsDataset, type MetricsDataset } from "./adapters/metrics.ts";
import { isVisitorNamespace, type VisitorNamespace } from "./adapters/visitor-store.ts";
import { type ConsentSource } from "./core/chat/consent.ts";
import { type ContextKind } from "./core/chat/context/context.ts";
import { type LinkBy } from "./core/chat/continuation.ts";
import { type ChosenPaths } from "./core/settings/chosen-paths.ts";
import { collectInto, type ParsedSettings, parseSettings, type Settings } from "./core/settings/settings.ts";
import { type LoadWidget } from "./core/widget/widget-script.ts";
import { type Widget } from "./core/widget/widget.ts";
import { ConfigError, type SettingProblem } from "./errors.ts";

type Environment = Readonly<Record<string, unknown>>;

/** Settings and bindings of this Worker, ready for use. */
export interface ParsedConfig extends Omit<ParsedSettings, "chat"> {
  /** `null` where a setting or binding cannot be used that the chat needs: pages stay untouched then, and the chat routes answer 503. */
  readonly chat: Config | null;
}

interface Bindings {
  /** The KV namespace that holds each visitor's chats. */
  readonly visitors: VisitorNamespace;
  /** Counts the chat calls of an address. */
  readonly callLimit: CallLimit;
  /** `null`: nothing is counted. */
  readonly metrics: MetricsDataset | null;
}

/** What the chat needs. */
export interface Config extends Bindings {
  readonly chatPath: string;
  readonly widget: Widget;
  /** The UTF-8 bytes of this text are the key that signs tokens. */
  readonly securityKey: string;
  /** The first one seals, all of them open. */
  readonly cookieSecrets: readonly [Uint8Array, ...Uint8Array[]];
  /** `null`: Amazon's API is not called. */
  readonly aws: AwsAccess | null;
  readonly linkBy: LinkBy;
  /** Whether a visitor's new chat ends their abandoned one. */
  readonly endAbandoned: boolean;
  /** How long ago a guest's newest chat may be, in seconds, for a customer who signs in to take it over; `null`: never. */
  readonly carryOverSeconds: number | null;
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
  readonly consentCookie: ConsentSource | null;
  readonly consentLoad: boolean;
  /** Whether a click on an element of the page may ask the visitor whether to be forgotten. */
  readonly forgetByClick: boolean;
  readonly loadWidget: LoadWidget;
  /** What each token tells the agent; empty: nothing. */
  readonly context: readonly ContextKind[];
  /** Whether browsers tell what happened to the chat. */
  readonly outcomes: boolean;
  /** Whether the chat switches itself off where its client fails. */
  readonly selfOff: boolean;
  /** How the Worker reads what it has counted itself. What is not set is `null` or empty. */
  readonly figures: Omit<AnalyticsAccess, "apiToken"> & { readonly apiToken: string | null };
  /** Where alerts go: a secret. `null`: to the log alone. */
  readonly alertWebhook: URL | null;
  readonly logLevel: LogLevel;
}

/**
 * Reads all settings and bindings, also after one that cannot be used, so that the owner hears of all problems at once.
 *
 * @param env Settings and bindings, as Cloudflare gives them.
 */
export function parseConfig(env: Environment): ParsedConfig {
  const { chat: settings, problems: ofSettings, ...known } = parseSettings(env);
  const problems = [...ofSettings];
  const attempt = collectInto(problems);
  const bindings = attempt(() => parseBindings(env));
  return { ...known, problems, chat: settings && bindings && { ...toConfig(settings), ...bindings } };
}

function parseBindings({ VISITORS, CHAT_LIMIT, METRICS }: Environment): Bindings {
  if (isVisitorNamespace(VISITORS) && isCallLimit(CHAT_LIMIT)) {
    return { visitors: VISITORS, callLimit: CHAT_LIMIT, metrics: isMetricsDataset(METRICS) ? METRICS : null };
  }
  throw new ConfigError([
    ...(isVisitorNamespace(VISITORS) ? [] : [toUnbound("VISITORS", "[[kv_namespaces]]", VISITORS)]),
    ...(isCallLimit(CHAT_LIMIT) ? [] : [toUnbound("CHAT_LIMIT", "[[ratelimits]]", CHAT_LIMIT)]),
  ]);
}

function toUnbound(setting: string, table: string, binding: unknown): SettingProblem {
  const found = binding === undefined ? "nothing" : "something else";
  return { setting, message: `expected the binding of ${table} in wrangler.toml, found ${found}` };
}

function toConfig(settings: Settings): Omit<Config, keyof Bindings> {
  return {
    widget: settings.widget,
    chatPath: settings.CHAT_PATH,
    securityKey: settings.WIDGET_SECURITY_KEY,
    cookieSecrets: settings.COOKIE_SECRET,
    aws: toAwsAccess(settings),
    linkBy: settings.LINK_BY,
    endAbandoned: settings.END_ABANDONED === "1",
    carryOverSeconds: settings.CARRY_OVER === "1" ? 60 * settings.CARRY_OVER_MINUTES : null,
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
    loadWidget: settings.LOAD_WIDGET,
    context: settings.CONTEXT,
    outcomes: settings.OUTCOMES === "1",
    selfOff: settings.SELF_OFF === "1",
    figures: {
      accountId: settings.METRICS_ACCOUNT_ID,
      apiToken: settings.METRICS_TOKEN,
      dataset: settings.METRICS_DATASET,
    },
    alertWebhook: settings.ALERT_WEBHOOK,
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
