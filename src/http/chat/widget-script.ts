import { type Context } from "hono";
import { WIDGET_MAX_AGE_SECONDS } from "../../limits.ts";
import { type ChatServices } from "./services.ts";

/** `GET /_chat/widget.js`: the browser part with the owner's snippet; an empty script where the chat is switched off. */
export async function getWidgetScript(c: Context, services: ChatServices): Promise<Response> {
  const { config, isOnFor, now, widgetScript } = services;
  c.header("content-type", "text/javascript; charset=utf-8");
  if (config.mode === "preview") c.header("cache-control", "private, no-store");
  if (!(await isOnFor(c, now()))) return c.body("");
  if (config.mode === "preview") return c.body(widgetScript.text);
  c.header("cache-control", `public, max-age=${WIDGET_MAX_AGE_SECONDS}`);
  c.header("etag", widgetScript.etag);
  const known = c.req.header("if-none-match") ?? "";
  return known.includes(widgetScript.etag) ? c.body(null, 304) : c.body(widgetScript.text);
}
