import { ConfigError } from "../../errors.ts";
import { parseSnippet, type Snippet, SnippetError, UUID } from "./snippet.ts";

/** The widget: either the Worker brings its snippet, or the site's pages have it already. */
export type Widget =
  | { readonly source: "snippet"; readonly id: string; readonly snippet: Snippet }
  | { readonly source: "page"; readonly id: string };

type Environment = Readonly<Record<string, unknown>>;

/**
 * The widget that `WIDGET_SNIPPET`, its parts `_2`, `_3` … and `WIDGET_ID` describe.
 *
 * @throws {ConfigError} For these settings.
 */
export function parseWidget(env: Environment): Widget {
  const text = joinSnippetParts(env);
  const id = env["WIDGET_ID"] ?? "";
  if (text.trim() === "page") return { source: "page", id: requirePageWidgetId(id) };

  const snippet = parseSnippetSetting(text);
  if (id !== "" && id !== snippet.widgetId) {
    throw problem("WIDGET_ID", "expected nothing or the widget id in WIDGET_SNIPPET, found something else");
  }
  return { source: "snippet", id: snippet.widgetId, snippet };
}

function requirePageWidgetId(id: unknown): string {
  if (typeof id === "string" && UUID.test(id)) return id;
  const found = id === "" ? "nothing" : "something else";
  throw problem("WIDGET_ID", `expected the widget's id, a UUID, with WIDGET_SNIPPET=page, found ${found}`);
}

function parseSnippetSetting(text: string): Snippet {
  try {
    return parseSnippet(text);
  } catch (error) {
    if (!(error instanceof SnippetError)) throw error;
    throw problem("WIDGET_SNIPPET", error.message);
  }
}

/**
 * The whole text of the snippet, which may come in parts, since a secret holds 5 KB. Empty where nothing is set.
 *
 * @throws {ConfigError} Where a part is missing.
 */
export function joinSnippetParts(env: Environment): string {
  const names = Object.keys(env).filter((name) => /^WIDGET_SNIPPET_[1-9]\d*$/.test(name) && readText(env, name) !== "");
  const furtherParts = names.toSorted((a, b) => toPartNumber(a) - toPartNumber(b));
  furtherParts.forEach((name, index) => {
    const next = `WIDGET_SNIPPET_${index + 2}`;
    if (name !== next) throw problem(next, `expected a part of the snippet, as ${name} is set, found nothing`);
  });
  return ["WIDGET_SNIPPET", ...furtherParts].map((name) => readText(env, name)).join("");
}

function toPartNumber(name: string): number {
  return Number(name.slice("WIDGET_SNIPPET_".length));
}

function readText(env: Environment, name: string): string {
  const text = env[name] ?? "";
  if (typeof text === "string") return text;
  throw problem(name, `expected text, found a value of type ${typeof text}`);
}

function problem(setting: string, message: string): ConfigError {
  return new ConfigError([{ setting, message }]);
}
