import { type Context } from "hono";
import { Hono } from "hono/tiny";
import { version } from "../package.json";
import { createLog, type Log } from "./adapters/log.ts";
import { createCounter } from "./adapters/metrics.ts";
import { type Config, parseChatPath, parseConfig, parseOriginUrl, parseSignOutPaths } from "./config.ts";
import { buildChatSources } from "./core/policy/chat-sources.ts";
import { isChosenPath } from "./core/settings/chosen-paths.ts";
import { matches, type Pattern } from "./core/settings/pattern.ts";
import { ChatError, ConfigError } from "./errors.ts";
import { type Answer, type ChatServices, createChatServices } from "./http/chat/services.ts";
import { postContacts } from "./http/chat/contacts.ts";
import { createErrorHandler, errorResponse } from "./http/chat/error-response.ts";
import { limited } from "./http/chat/limited.ts";
import { observeSite } from "./http/site/observed-site.ts";
import { createPages, type PageInjection } from "./http/page/page.ts";
import { createPreviewAccess, type PreviewAccess } from "./http/preview/access.ts";
import { getPreview, postPreview } from "./http/preview/exchange.ts";
import { createPreviewSite } from "./http/preview/site.ts";
import { ownHeaders } from "./http/chat/own-headers.ts";
import { requireSameOrigin } from "./http/chat/require-same-origin.ts";
import { leaveOnSignOut } from "./http/site/sign-out.ts";
import { createSite, createUnusableSite, type Site } from "./http/site/site.ts";
import { postToken } from "./http/chat/token.ts";
import { deleteVisitor } from "./http/chat/visitor.ts";
import { getWidgetScript } from "./http/chat/widget-script.ts";

type Environment = Readonly<Record<string, unknown>>;

export interface Dependencies {
  /** Settings and bindings. */
  readonly env: Environment;
  /** The bundled browser part. */
  readonly browserPart: string;
  /** How the origin is reached. */
  readonly fetch: (request: Request) => Promise<Response>;
  /** The clock, in seconds since 1970. */
  readonly now: () => number;
  /** Keeps the Worker awake for what goes on after an answer. */
  readonly waitUntil: (work: Promise<unknown>) => void;
}

/** Wires the Worker: its own routes, and the site for everything else. */
export function createApp(dependencies: Dependencies): { fetch: Site } {
  const config = readConfig(dependencies.env);
  const log = createLogFor(config);
  if (config instanceof ConfigError) reportProblems(log, config);

  const preview = createPreviewFor(config, log);
  const site = createSiteFor(config, { ...dependencies, preview }, log);
  const chat = createRoutes(config, { ...dependencies, preview }, log);
  // Exact paths: whatever else the site has below the prefix stays the site's.
  const ownPaths = chat.routes.filter(({ method }) => method !== "ALL").map(({ path }) => path);
  // Nearly every request is for the site: only an address that looks like ours is parsed.
  const isOwn = ({ url }: Request) => ownPaths.some((path) => url.includes(path) && URL.parse(url)?.pathname === path);
  return { fetch: async (request) => (isOwn(request) ? chat.fetch(request) : site(request)) };
}

type Parts = Dependencies & { readonly preview: PreviewAccess | null };

function createRoutes(config: Config | ConfigError, dependencies: Parts, log: Log): Hono {
  const chatPath = config instanceof ConfigError ? usableChatPath(dependencies.env) : config.chatPath;
  const withServices = createServicesProvider(config, dependencies, log);

  const chat = new Hono();
  chat.use(ownHeaders);
  chat.get(`${chatPath}/widget.js`, withServices(getWidgetScript));
  chat.post(`${chatPath}/token`, requireSameOrigin, withServices(limited(postToken)));
  chat.post(`${chatPath}/contacts`, requireSameOrigin, withServices(limited(postContacts)));
  chat.delete(`${chatPath}/visitor`, requireSameOrigin, withServices(limited(deleteVisitor)));
  chat.get(`${chatPath}/preview`, getPreview);
  chat.post(`${chatPath}/preview`, requireSameOrigin, withServices(limited(postPreview)));
  chat.get(`${chatPath}/health`, (c) =>
    config instanceof ConfigError ? c.json({ status: "misconfigured" }, 503) : c.json({ status: "ok", version }),
  );
  // The path is ours, so it was the method.
  chat.notFound((c) => {
    const methods = chat.routes.filter(({ path }) => path === c.req.path).map(({ method }) => method);
    c.header("allow", [...new Set(methods)].join(", "));
    return errorResponse(c, "METHOD_NOT_ALLOWED");
  });
  chat.onError(createErrorHandler(log));
  return chat;
}

/** Makes the services when the first chat call comes: a page needs none of them. */
function createServicesProvider(config: Config | ConfigError, dependencies: Parts, log: Log) {
  let services: Promise<ChatServices> | null = null;
  return (answer: Answer) => async (c: Context) => {
    if (config instanceof ConfigError) {
      throw new ChatError("MISCONFIGURED", "Cannot answer: see settings.invalid in this log for what to mend");
    }
    services ??= createChatServices(config, dependencies, log);
    return answer(c, await services);
  };
}

function createLogFor(config: Config | ConfigError): Log {
  if (config instanceof ConfigError) return createLog("info", () => undefined);
  return createLog(config.logLevel, config.metrics === null ? () => undefined : createCounter(config.metrics));
}

function createPreviewFor(config: Config | ConfigError, log: Log): PreviewAccess | null {
  if (config instanceof ConfigError || config.mode !== "preview" || config.previewSecret === null) return null;
  return createPreviewAccess(config.previewSecret, log);
}

function createSiteFor(config: Config | ConfigError, parts: Parts, log: Log): Site {
  const { env } = parts;
  let originUrl: URL | null;
  try {
    originUrl = parseOriginUrl(env);
  } catch {
    return createUnusableSite();
  }
  const site = chooseSite(originUrl, config, parts, log);
  const signOutPaths = config instanceof ConfigError ? usableSignOutPaths(env) : config.signOutPaths;
  if (signOutPaths.length === 0) return site;
  const widgetId = config instanceof ConfigError ? null : config.widget.id;
  const isSignOut = (url: string) => {
    const pathname = readPathname(url);
    return signOutPaths.some((pattern) => matches(pattern, pathname));
  };
  return leaveOnSignOut(site, { widgetId, isSignOut, log });
}

/** The site as MODE wants it. */
function chooseSite(originUrl: URL | null, config: Config | ConfigError, parts: Parts, log: Log): Site {
  const { fetch, now, preview, waitUntil } = parts;
  const off = createSite({ originUrl, pages: null, fetch, log });
  if (config instanceof ConfigError) return off;
  const pages = createPages(toInjection(config));
  const on = createSite({ originUrl, pages, fetch, log });
  switch (config.mode) {
    case "on":
      return on;
    case "off":
      return off;
    case "observe":
      return observeSite(off, { pages, log, waitUntil });
    case "preview":
      return preview === null ? off : createPreviewSite({ on, off, preview, now, log });
  }
}

function toInjection(config: Config): PageInjection {
  const { chatPath, widget, paths, connectRegion, imageSources } = config;
  return {
    chatPath,
    sources: buildChatSources(widget, connectRegion, imageSources),
    async: widget.source === "snippet",
    // Where all pages get the chat, no address is parsed for it.
    isIncluded: (url) => paths.include.length + paths.exclude.length === 0 || isChosenPath(paths, readPathname(url)),
  };
}

/** Empty, and so matched by no pattern, for the address that an impossible `Host` makes. */
function readPathname(url: string): string {
  return URL.parse(url)?.pathname ?? "";
}

function readConfig(env: Environment): Config | ConfigError {
  try {
    return parseConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    // A bug of ours; the pages have to go on.
    return new ConfigError([{ setting: "settings", message: `cannot be read: ${String(error)}` }]);
  }
}

/** Where the chat routes are while the settings are not usable: a wrong CHAT_PATH must not add to the trouble. */
function usableChatPath(env: Environment): string {
  try {
    return parseChatPath(env);
  } catch {
    return parseChatPath({});
  }
}

/** Where visitors sign out while the settings are not usable: who leaves now is not to be known again once they are. */
function usableSignOutPaths(env: Environment): readonly Pattern[] {
  try {
    return parseSignOutPaths(env);
  } catch {
    return [];
  }
}

function reportProblems(log: Log, { problems }: ConfigError): void {
  for (const { setting, message } of problems) log.error("settings.invalid", { setting, message });
}
