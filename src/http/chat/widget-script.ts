import { type Context } from "hono";
import { secondsLeft, type SelfOffFlag } from "../../core/watch/self-off-flag.ts";
import { WIDGET_MAX_AGE_SECONDS } from "../../limits.ts";
import { findStandingFlag, getsChatMeanwhile } from "./self-off.ts";
import { type ChatServices } from "./services.ts";

/** `GET /_chat/widget.js`: the browser part with the owner's snippet; an empty script where the chat is switched off. */
export async function getWidgetScript(c: Context, services: ChatServices): Promise<Response> {
  const { config, isOnFor, widgetScript } = services;
  const now = services.now();
  c.header("content-type", "text/javascript; charset=utf-8");
  if (config.mode === "preview") c.header("cache-control", "private, no-store");
  if (!(await isOnFor(c, now))) return c.body("");
  // Also of a chat that has switched itself off: previewers see what they look into.
  if (config.mode === "preview") return c.body(widgetScript.text);
  const flag = await findStandingFlag(services, now);
  if (flag !== null) return answerMeanwhile(c, services, flag, now);
  c.header("cache-control", `public, max-age=${WIDGET_MAX_AGE_SECONDS}`);
  c.header("etag", widgetScript.etag);
  const known = c.req.header("if-none-match") ?? "";
  return known.includes(widgetScript.etag) ? c.body(null, 304) : c.body(widgetScript.text);
}

/**
 * The answer while the chat has switched itself off. It is this visitor's own, and ends with the flag. It has no ETag: a 304
 * would make a kept script go on.
 */
async function answerMeanwhile(c: Context, services: ChatServices, flag: SelfOffFlag, now: number): Promise<Response> {
  const maxAgeSeconds = Math.min(WIDGET_MAX_AGE_SECONDS, secondsLeft(flag, now));
  c.header("cache-control", `private, max-age=${maxAgeSeconds}`);
  return c.body((await getsChatMeanwhile(c, services, flag, now)) ? services.widgetScript.text : "");
}
