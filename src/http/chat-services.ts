import { type Log } from "../adapters/log.ts";
import { createSeal, type Seal } from "../adapters/seal.ts";
import { createVisitorStore, type VisitorStore } from "../adapters/visitor-store.ts";
import { sha256Hex } from "../adapters/web-crypto.ts";
import { createWidgetTokens, type WidgetTokens } from "../adapters/widget-token.ts";
import { type Config } from "../config.ts";
import { type Ticket, ticketSchema } from "../core/contact-report.ts";
import { renderWidgetScript } from "../core/widget-script.ts";
import { createVisitorCookieJar, type VisitorCookieJar } from "./visitor-cookie.ts";

/** What the chat routes work with: made once per isolate. */
export interface ChatServices {
  readonly config: Config;
  readonly log: Log;
  /** The clock, in seconds since 1970. */
  readonly now: () => number;
  readonly cookies: VisitorCookieJar;
  readonly tickets: Seal<Ticket>;
  readonly tokens: WidgetTokens;
  readonly store: VisitorStore;
  readonly widgetScript: { readonly text: string; readonly etag: string };
}

interface Sources {
  readonly browserPart: string;
  readonly now: () => number;
}

export async function createChatServices(config: Config, sources: Sources, log: Log): Promise<ChatServices> {
  const { cookieSecrets: secrets, retentionDays, securityKey, visitors, widget } = config;
  const text = renderWidgetScript(
    sources.browserPart,
    {
      path: config.chatPath,
      rolloutPercent: config.rolloutPercent,
      include: config.includePaths.map(({ pathname }) => pathname),
      exclude: config.excludePaths.map(({ pathname }) => pathname),
    },
    widget.source === "snippet" ? widget.snippet.script : null,
  );
  const maxAgeSeconds = retentionDays * 86_400;
  const [cookies, tickets, tokens, hash] = await Promise.all([
    createVisitorCookieJar(widget.id, secrets, retentionDays),
    createSeal({ purpose: `ticket ${widget.id}`, secrets, schema: ticketSchema, maxAgeSeconds }),
    createWidgetTokens(securityKey, widget.id),
    sha256Hex(text),
  ]);
  return {
    config,
    log,
    now: sources.now,
    cookies,
    tickets,
    tokens,
    store: createVisitorStore(visitors),
    widgetScript: { text, etag: `"${hash.slice(0, 32)}"` },
  };
}
