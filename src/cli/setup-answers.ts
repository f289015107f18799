import * as v from "valibot";
import { awsRegion, secretLike, variableLike } from "../core/setting-schemas.ts";
import { parseWidget } from "../core/widget.ts";
import { UUID } from "../core/snippet.ts";
import { ConfigError } from "../errors.ts";

/** What the owner tells, checked. */
export interface Answers {
  /** The snippet as copied, or the word `page`. */
  readonly snippet: string;
  /** Only where the site's own pages carry the widget. */
  readonly widgetId: string;
  readonly securityKey: string;
  readonly site: URL;
  /** Whether the site is on the owner's Cloudflare account, so that a Route leads to the Worker. */
  readonly isOnCloudflare: boolean;
  /** Empty where the owner does not want Amazon to be asked. */
  readonly region: string;
  readonly instanceId: string;
}

/** @returns What is wrong with a snippet, in one sentence; `undefined` when nothing is. */
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

export function checkWidgetId(text: string): string | undefined {
  return UUID.test(text.trim()) ? undefined : "Expected the widget's id, a UUID: it stands in the page's own snippet.";
}

export function checkSecurityKey(text: string): string | undefined {
  const key = secretLike(/^\S{44}$/, "the 44 characters that the Amazon Connect console shows");
  return problemOf(key, text);
}

export const checkRegion = (text: string) => problemOf(awsRegion(), text);

export const checkInstanceId = (text: string) =>
  problemOf(variableLike("", UUID, "the instance id, a UUID: the end of the instance's ARN"), text);

/** @returns What is wrong with the address as such; whether it answers is another question. */
export function checkSite(text: string): string | undefined {
  const url = URL.parse(text.trim());
  if (url !== null && /^https?:$/.test(url.protocol) && url.username === "") return undefined;
  return "Expected the address of the site, such as https://www.example.com.";
}

function problemOf(schema: v.GenericSchema, text: string): string | undefined {
  const result = v.safeParse(schema, text);
  return result.success ? undefined : toSentence(result.issues[0].message);
}

function toSentence(message: string): string {
  return `${message.charAt(0).toUpperCase()}${message.slice(1)}.`;
}
