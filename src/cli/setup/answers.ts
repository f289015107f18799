import * as v from "valibot";
import { type ContextKind } from "../../core/chat/context/context.ts";
import { type LinkBy } from "../../core/chat/continuation.ts";
import { awsRegion, consentSource, contextKinds, instanceId, oneOf, securityKey } from "../../core/settings/schemas.ts";
import { joinSnippetParts, parseWidget } from "../../core/widget/widget.ts";
import { UUID } from "../../core/widget/snippet.ts";
import { ConfigError } from "../../errors.ts";
import { toSiteUrl } from "../site/address.ts";
import { hasOwnStart, launches } from "../site/markup.ts";

/** The owner's answers, checked. */
export interface Answers {
  /** The snippet as copied, or the word `page`. */
  readonly snippet: string;
  /** Only where the site's own pages carry the widget. */
  readonly widgetId: string;
  /** `null`: Cloudflare keeps the key that it has. */
  readonly securityKey: string | null;
  readonly site: URL;
  /** Whether the site is on the owner's Cloudflare account, so that a Route leads to the Worker. */
  readonly isOnCloudflare: boolean;
  /** Routes without a Worker that are to be added. */
  readonly assetRoutes: readonly string[];
  /** Empty: the Worker does not ask Amazon who owns a chat. */
  readonly region: string;
  readonly instanceId: string;
  readonly linkBy: LinkBy;
  /** CONSENT_COOKIE as the owner writes it; empty: nobody is asked. */
  readonly consent: string;
  /** The words of CONTEXT; empty: none. */
  readonly context: string;
}

/** The Worker's AWS key, by the names of its two secrets. */
export const AWS_KEY_NAMES = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] as const;

/** @returns The problem of a snippet, in one sentence; `undefined` for a good one. */
export function checkSnippet(text: string): string | undefined {
  if (text.trim() === "page") return undefined;
  try {
    parseWidget({ WIDGET_SNIPPET: text });
    return undefined;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return toSentence(error.problems[0]?.message ?? "");
  }
}

/** @returns What LOAD_WIDGET spoils with this snippet, and what to do; `undefined` where it spoils nothing. */
export function describeDelay(snippet: string, loadWidget: string): string | undefined {
  if (loadWidget === "" || loadWidget === "now") return undefined;
  if (snippet.trim() === "page")
    return "LOAD_WIDGET must be now, since your pages load the widget themselves: change it in wrangler.toml.";
  return launches(snippet)
    ? `Your snippet opens the chat by itself or by a button of your pages. LOAD_WIDGET = ${loadWidget} delays that: a chat opens late, and a button does nothing before the widget has loaded. To change it, set LOAD_WIDGET = "now" in wrangler.toml.`
    : undefined;
}

/** @returns Why no chat is continued with this snippet, and what to do; `undefined` where the widget starts the chats. */
export function describeOwnStart(snippet: string): string | undefined {
  const widget = snippet.trim() === "page" ? null : parseWidget({ WIDGET_SNIPPET: snippet });
  return widget?.source === "snippet" && hasOwnStart(widget.snippet.script)
    ? "Your snippet sets customStartChat, so that your own back end starts the chats. The widget then asks for no token, and no chat is recorded or continued. Remove customStartChat from the snippet, so that the widget starts the chats: attributes that your back end adds can go into the token of an authenticate of your own."
    : undefined;
}

/** The snippet in .dev.vars; empty where there is no usable one. */
export function readKeptSnippet(kept: Readonly<Record<string, string | undefined>>): string {
  try {
    const snippet = joinSnippetParts(kept);
    return snippet.trim() === "page" || checkSnippet(snippet) !== undefined ? "" : snippet;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return "";
  }
}

export function checkWidgetId(text: string): string | undefined {
  return UUID.test(text.trim()) ? undefined : "Expected the widget's id, a UUID: the page's own snippet has it.";
}

export const checkSecurityKey = (text: string) => problemOf(securityKey(), text);

export const checkRegion = (text: string) => problemOf(awsRegion(), text);

export const checkInstanceId = (text: string) => problemOf(instanceId(), text);

export const checkConsent = (text: string) => problemOf(consentSource(), text);
export const checkContext = (text: string) => problemOf(contextKinds(), text);

/** The words of CONTEXT; none where one of them cannot be used. */
export function readContextKinds(text: string): readonly ContextKind[] {
  const result = v.safeParse(contextKinds(), text);
  return result.success ? result.output : [];
}

/** Who links a new chat to the past one. */
export const linkBySchema = oneOf("flow", "worker");

/** @returns The problem of LINK_BY; `undefined` for a good one. */
export function checkLinkBy(text: string, { region, instanceId: id }: Pick<Answers, "region" | "instanceId">) {
  const needsInstance = text === "worker" && (region === "" || id === "");
  return needsInstance
    ? "Expected flow, or the region and the instance as well, found worker."
    : problemOf(linkBySchema, text);
}

/** @returns The problem of an address's form; `undefined` for a good one. The site itself is not asked. */
export function checkSite(text: string): string | undefined {
  const url = toSiteUrl(text);
  if (url === null) return "Expected the address of the site, such as https://www.example.com.";
  const isPartOfSite = text.trim().endsWith("*") && url.pathname !== "/";
  return isPartOfSite
    ? `Expected the whole site, ${url.host}: INCLUDE_PATHS says which pages get the chat.`
    : undefined;
}

/** @returns Why no Route can lead to a site, and what to do. */
export function describeMissingZone({ hostname }: URL): string {
  return `Your Cloudflare account has no zone for ${hostname}, which a Route needs: add the domain to it in the dashboard, or give the Worker an address on workers.dev.`;
}

function problemOf(schema: v.GenericSchema, text: string): string | undefined {
  const result = v.safeParse(schema, text);
  return result.success ? undefined : toSentence(result.issues[0].message);
}

function toSentence(message: string): string {
  return `${message.charAt(0).toUpperCase()}${message.slice(1)}.`;
}
