import { type Context } from "hono";
import { type CallLimit } from "../../adapters/call-limit.ts";
import { type ConnectApi, createConnectApi } from "../../adapters/connect-api.ts";
import { type Log } from "../../adapters/log.ts";
import { createNetworkNumbers, type NetworkNumbers } from "../../adapters/network-numbers.ts";
import { createSeal, type Seal } from "../../adapters/seal.ts";
import { createSelfOffStore, type SelfOffStore } from "../../adapters/watch/self-off-store.ts";
import { createVisitorStore, type VisitorStore } from "../../adapters/visitor-store.ts";
import { sha256Hex } from "../../adapters/web-crypto.ts";
import { createWidgetTokens, type WidgetTokens } from "../../adapters/widget-token.ts";
import { type Config } from "../../config.ts";
import { pickSaidKinds } from "../../core/chat/context/context.ts";
import { type Ticket, ticketSchema } from "../../core/chat/contact-report.ts";
import { type BrowserPartConfig, renderWidgetScript } from "../../core/widget/widget-script.ts";
import { SELF_OFF_WAIT_MS } from "../../limits.ts";
import { type PreviewAccess } from "../preview/access.ts";
import { createVisitorCookieJar, type VisitorCookieJar } from "./visitor-cookie.ts";

/** The services of the chat routes: made once per isolate. */
export interface ChatServices {
  readonly config: Config;
  readonly log: Log;
  /** The clock, in seconds since 1970. */
  readonly now: () => number;
  /** A random number from 0 up to, and without, 1. */
  readonly random: () => number;
  readonly cookies: VisitorCookieJar;
  readonly tickets: Seal<Ticket>;
  readonly tokens: WidgetTokens;
  readonly store: VisitorStore;
  /** `null` where the chat never switches itself off. */
  readonly selfOff: SelfOffStore | null;
  readonly callLimit: CallLimit;
  readonly networkNumbers: NetworkNumbers;
  /** `null` unless MODE is preview. */
  readonly preview: PreviewAccess | null;
  /** Whether this caller gets the chat. */
  readonly isOnFor: (c: Context, now: number) => Promise<boolean>;
  /** `null` without the AWS settings. */
  readonly connect: ConnectApi | null;
  readonly widgetScript: { readonly text: string; readonly etag: string };
}

/** Answers a call of a chat route. */
export type Answer = (c: Context, services: ChatServices) => Promise<Response>;

interface Sources {
  readonly browserPart: string;
  readonly fetch: (request: Request) => Promise<Response>;
  readonly now: () => number;
  readonly random: () => number;
  readonly preview: PreviewAccess | null;
  /** Version of this Worker. */
  readonly version: string;
}

export async function createChatServices(config: Config, sources: Sources, log: Log): Promise<ChatServices> {
  const { preview, version } = sources;
  const { aws, cookieSecrets: secrets, retentionDays, securityKey, visitors, widget } = config;
  const snippet = widget.source === "snippet" ? widget.snippet.script : null;
  const text = renderWidgetScript(sources.browserPart, toBrowserPartConfig(config, version), snippet);
  const maxAgeSeconds = retentionDays * 86_400;
  const [cookies, tickets, tokens, networkNumbers, hash] = await Promise.all([
    createVisitorCookieJar({
      widgetId: widget.id,
      secrets,
      retentionDays,
      onRepeated: () => log.warn("cookie.repeated", { cookie: "visitor" }),
    }),
    createSeal({ purpose: `ticket ${widget.id}`, secrets, schema: ticketSchema, maxAgeSeconds }),
    createWidgetTokens(securityKey, widget.id),
    createNetworkNumbers(secrets[0]),
    sha256Hex(text),
  ]);
  return {
    config,
    log,
    now: sources.now,
    random: sources.random,
    cookies,
    tickets,
    tokens,
    callLimit: config.callLimit,
    networkNumbers,
    preview,
    isOnFor: async (c, now) =>
      config.mode === "on" || (preview !== null && (await preview.admits(c.req.header("cookie") ?? null, now))),
    store: createVisitorStore(visitors, { onUnreadable: () => log.error("record.unreadable") }),
    selfOff: config.selfOff ? createSelfOffStore(visitors, SELF_OFF_WAIT_MS) : null,
    connect: aws === null ? null : createConnectApi(aws, { fetch: sources.fetch, log }),
    widgetScript: { text, etag: `"${hash.slice(0, 32)}"` },
  };
}

function toBrowserPartConfig(config: Config, version: string): BrowserPartConfig {
  const { consentCookie, endAbandoned, outcomes } = config;
  const context = pickSaidKinds(config.context);
  return {
    path: config.chatPath,
    rolloutPercent: config.rolloutPercent,
    paths: config.paths,
    forgetByClick: config.forgetByClick,
    loadWidget: config.loadWidget,
    ...(endAbandoned && { endAbandoned }),
    ...(context.length > 0 && { context }),
    ...(outcomes && { outcomes: version }),
    resumeMinutes: config.resumeMinutes,
    chatMinutes: config.chatDurationMinutes,
    consent: consentCookie && { ...consentCookie, load: config.consentLoad && config.widget.source !== "page" },
  };
}
