import { type Context } from "hono";
import { Hono } from "hono/tiny";
import { version } from "../package.json";
import { createLog, type Log } from "./adapters/log.ts";
import { createCounter } from "./adapters/metrics.ts";
import { type Origin } from "./adapters/origin.ts";
import { type Config, parseConfig } from "./config.ts";
import { type SiteSettings } from "./core/settings/settings.ts";
import { ChatError, type SettingProblem } from "./errors.ts";
import { postContacts } from "./http/chat/contacts.ts";
import { createErrorHandler, errorResponse } from "./http/chat/call/error-response.ts";
import { rateLimited } from "./http/chat/call/rate-limited.ts";
import { ownHeaders } from "./http/chat/call/own-headers.ts";
import { requireSameOrigin } from "./http/chat/call/require-same-origin.ts";
import { postOutcomes } from "./http/chat/outcomes.ts";
import { type Answer, type ChatServices, createChatServices } from "./http/chat/services.ts";
import { postToken } from "./http/chat/token.ts";
import { deleteVisitor } from "./http/chat/visitor.ts";
import { getWidgetScript } from "./http/chat/widget-script.ts";
import { createPreviewAccess, type PreviewAccess } from "./http/preview/access.ts";
import { getPreview, postPreview } from "./http/preview/exchange.ts";
import { runScheduled } from "./http/scheduled/scheduled.ts";
import { createSiteInMode } from "./http/site/site-in-mode.ts";
import { signOutAt } from "./http/site/sign-out.ts";
import { createSite, createUnusableSite, type Site } from "./http/site/site.ts";

type Environment = Readonly<Record<string, unknown>>;

export interface Dependencies {
  /** Settings and bindings. */
  readonly env: Environment;
  /** The bundled browser part. */
  readonly browserPart: string;
  /** Sends a request to the origin, to Amazon, to Cloudflare's API or to the owner's webhook. */
  readonly fetch: (request: Request) => Promise<Response>;
  /** The clock, in seconds since 1970. */
  readonly now: () => number;
  /** A random number from 0 up to, and without, 1. */
  readonly random: () => number;
  /** Keeps the Worker running for work after the answer. */
  readonly waitUntil: (work: Promise<unknown>) => void;
}

interface App {
  readonly fetch: Site;
  /** A run of the cron trigger. */
  readonly scheduled: () => Promise<void>;
}

/** Wires the Worker: its own routes, the site for everything else, and what it does by itself. */
export function createApp(dependencies: Dependencies): App {
  const { chatPath, site: siteSettings, chat: config, problems } = parseConfig(dependencies.env);
  const chat = config === null ? createUnusableChat(problems) : createChat(config, problems, dependencies);
  const site = createWholeSite(siteSettings, chat, dependencies);
  const routes = createRoutes(chatPath, chat);
  // Exact paths: the site keeps everything else below the prefix.
  const ownPaths = routes.routes.filter(({ method }) => method !== "ALL").map(({ path }) => path);
  // Nearly every request is for the site: only an address that looks like ours is parsed.
  const isOwn = ({ url }: Request) => ownPaths.some((path) => url.includes(path) && URL.parse(url)?.pathname === path);
  return {
    fetch: async (request) => (isOwn(request) ? routes.fetch(request) : site(request)),
    scheduled: chat.runScheduled,
  };
}

/** The parts of the Worker that need the settings of the chat. */
interface Chat {
  readonly log: Log;
  readonly health: { readonly status: 200 | 503; readonly body: Readonly<Record<string, string>> };
  /** `null` while the settings cannot be used. */
  readonly widgetId: string | null;
  /** @throws {ChatError} `MISCONFIGURED` while the settings cannot be used. */
  readonly getServices: () => Promise<ChatServices>;
  /** The site, with the chat in its pages where `MODE` says so. */
  readonly createSite: (origin: Origin) => Site;
  readonly runScheduled: () => Promise<void>;
}

/** @param problems Of settings without which the chat works. */
function createChat(config: Config, problems: readonly SettingProblem[], dependencies: Dependencies): Chat {
  const count = config.metrics === null ? () => undefined : createCounter(config.metrics);
  const log = createLog(config.logLevel, count);
  logProblems(problems, log);
  const preview = createPreviewFor(config, log);
  let services: Promise<ChatServices> | null = null;
  return {
    log,
    health: { status: 200, body: { status: "ok", version } },
    widgetId: config.widget.id,
    // Made for the first chat call: a page needs none of the services.
    getServices: () => (services ??= createChatServices(config, { ...dependencies, preview, version }, log)),
    createSite: (origin) => createSiteInMode(origin, config, { ...dependencies, preview, log }),
    runScheduled: () => runScheduled({ ...dependencies, config, problems, log }),
  };
}

function createPreviewFor({ mode, previewSecret }: Config, log: Log): PreviewAccess | null {
  return mode === "preview" && previewSecret !== null ? createPreviewAccess(previewSecret, log) : null;
}

function createUnusableChat(problems: readonly SettingProblem[]): Chat {
  const log = createLog("info", () => undefined);
  logProblems(problems, log);
  return {
    log,
    health: { status: 503, body: { status: "misconfigured" } },
    widgetId: null,
    getServices: async () => {
      throw new ChatError("MISCONFIGURED", "Cannot answer: settings.invalid in this log names the settings to fix");
    },
    createSite: (origin) => createSite({ ...origin, pages: null, log }),
    runScheduled: async () => {
      const message = "Cannot look at the figures: settings.invalid in this log names the settings to fix";
      log.error("watch.failed", { reason: "misconfigured", message });
    },
  };
}

function logProblems(problems: readonly SettingProblem[], log: Log): void {
  for (const { setting, message } of problems) log.error("settings.invalid", { setting, message });
}

/** The site, which signs visitors out also while the settings of the chat cannot be used. */
function createWholeSite(settings: SiteSettings | null, chat: Chat, { fetch }: Dependencies): Site {
  if (settings === null) return createUnusableSite();
  const { originUrl, signOutPaths: paths } = settings;
  const site = chat.createSite({ originUrl, fetch });
  return paths.length === 0 ? site : signOutAt(site, { paths, widgetId: chat.widgetId, log: chat.log });
}

function createRoutes(chatPath: string, { getServices, health, log }: Chat): Hono {
  const withServices = (answer: Answer) => async (c: Context) => answer(c, await getServices());
  const routes = new Hono();
  routes.use(ownHeaders);
  routes.get(`${chatPath}/widget.js`, withServices(getWidgetScript));
  routes.post(`${chatPath}/token`, requireSameOrigin, withServices(rateLimited(postToken)));
  routes.post(`${chatPath}/contacts`, requireSameOrigin, withServices(rateLimited(postContacts)));
  routes.post(`${chatPath}/outcomes`, requireSameOrigin, withServices(rateLimited(postOutcomes)));
  routes.delete(`${chatPath}/visitor`, requireSameOrigin, withServices(rateLimited(deleteVisitor)));
  routes.get(`${chatPath}/preview`, getPreview);
  routes.post(`${chatPath}/preview`, requireSameOrigin, withServices(rateLimited(postPreview)));
  routes.get(`${chatPath}/health`, (c) => c.json(health.body, health.status));
  // The path is one of ours, so the method is not.
  routes.notFound((c) => {
    const methods = routes.routes.filter(({ path }) => path === c.req.path).map(({ method }) => method);
    c.header("allow", [...new Set(methods)].join(", "));
    return errorResponse(c, "METHOD_NOT_ALLOWED");
  });
  routes.onError(createErrorHandler(log));
  return routes;
}
