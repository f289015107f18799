import { HTTPS_SOURCE } from "../policy/content-security-policy.ts";
import { scanJavaScript, type Token, UnreadableJavaScriptError } from "./javascript-tokens.ts";

/** The owner's snippet, and the facts read from it. */
export interface Snippet {
  readonly widgetId: string;
  readonly scriptUrl: string;
  readonly snippetId: string;
  /** The JavaScript to run in the page: the owner's text byte for byte, since Connect answers 400 to a changed snippet. */
  readonly script: string;
  /** Whether the widget may measure itself in a web worker; `disableCSM` with the value `true` switches that off. */
  readonly hasClientMetrics: boolean;
  /** Origins of the https addresses in its strings, such as a logo's. */
  readonly namedOrigins: readonly string[];
}

export type SnippetReason = keyof typeof FOUND;

/** The text is no snippet that this Worker can run. The message quotes nothing of it. */
export class SnippetError extends Error {
  override readonly name = "SnippetError";
  readonly reason: SnippetReason;

  constructor(reason: SnippetReason, options?: ErrorOptions) {
    super(`expected the snippet as copied from the Amazon Connect console, found ${FOUND[reason]}`, options);
    this.reason = reason;
  }
}

/**
 * The widget of a snippet as copied from the Amazon Connect console, also after an editor or minifier changed it.
 *
 * @param text One or more script elements, with or without markup around, or the JavaScript alone.
 * @throws {SnippetError} Where the text is something else, incomplete, or for two widgets.
 * Source: Amazon Connect Administrator Guide, "Customize your chat widget".
 */
export function parseSnippet(text: string): Snippet {
  const scripts = extractScripts(text);
  // Each script is read alone: a later script cannot close a bracket of an earlier one.
  const tokens = scripts.flatMap(readTokens);
  if (tokens.some(({ value }) => value?.includes("REPLACE_ME"))) throw new SnippetError("placeholder");

  const widgetId = requireOne(findWidgetIds(tokens), "no-loader");
  const snippetId = requireOne(findFieldTexts(tokens, "snippetId"), "no-snippet-id");
  const scriptUrl = requireOne(findScriptUrls(tokens), "script-url");
  if (!UUID.test(widgetId)) throw new SnippetError("widget-id");
  if (!isScriptUrl(scriptUrl)) throw new SnippetError("script-url");

  // The semicolon keeps a script that ends without one from calling the next script's parentheses.
  const script = scripts.join("\n;\n");
  return {
    widgetId,
    scriptUrl,
    snippetId,
    script,
    hasClientMetrics: !isSwitchedOn(tokens, "disableCSM"),
    namedOrigins: findNamedOrigins(tokens),
  };
}

/**
 * Whether the live code of a script gives Amazon's client a field.
 *
 * @param script A snippet's, or any other script of a page; one that is no JavaScript gives no field.
 * @param field Such as `authenticate`.
 */
export function callsField(script: string, field: string): boolean {
  try {
    return script.includes(field) && findValues(readTokens(script), field).length > 0;
  } catch (error) {
    if (error instanceof SnippetError) return false;
    throw error;
  }
}

/** The form of widget and instance ids. */
export const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const FOUND = {
  empty: "nothing",
  "html-page": "a whole HTML page",
  "other-vendor": "no amazon_connect in it: another vendor's snippet, or no snippet",
  "half-element": "half a script element: <script> or </script> is missing",
  "external-script": "a <script src=…>: only inline scripts can be carried along",
  module: "a module script: the console's snippet is a classic one, and throws in a module",
  unreadable: "JavaScript that is cut off or changed: a bracket, string or comment is not closed, or quotes are curly",
  "no-loader": 'no live call of its first part: (function (w, d, x, id) {…})(window, document, "amazon_connect", "…")',
  "no-snippet-id": 'no live call amazon_connect("snippetId", "…")',
  placeholder: "a placeholder such as <REPLACE_ME>",
  "widget-id": "a widget id that is no UUID",
  "script-url": "no https address that ends in /amazon-connect-chat-interface-client.js",
  "two-widgets": "two different widgets: one Worker serves one",
} as const;

// The text and its script elements. The tokenizer of core/page does not fit: it reads a head in pieces, and no attribute's value.

const SURROUNDING_COMMENTS = /^(?:\s*<!--[^]*?-->)+|(?:<!--(?:(?!<!--|-->)[^])*-->\s*)+$/g;
// Attributes stop at `<`, so that the time grows with the length alone.
const ATTRIBUTES = String.raw`(?:[^<>"']|"[^"<]*"|'[^'<]*')*`;
const COMMENT = String.raw`<!--(?:[^]*?-->|[^]*)`;
// Without the backslash, the bundle would have this text twice: esbuild escapes it for HTML.
const SCRIPT = String.raw`<script(?<attributes>(?=[\s/>])${ATTRIBUTES})>(?<code>[^]*?)(?<end><\/script(?=[\s/>])[^>]*>|$)`;
const TAG = String.raw`</?!?(?<tag>[a-z][^\s/<>]*)${ATTRIBUTES}>`;
const MARKUP = new RegExp(`${COMMENT}|${SCRIPT}|${TAG}`, "gi");
const PAGE_TAGS = new Set(["doctype", "html", "head", "body"]);
const JAVASCRIPT_TYPE = /^(?:(?:text|application)\/(?:x-)?(?:java|ecma)script)?$/i;

function extractScripts(text: string): readonly string[] {
  if (text.trim() === "") throw new SnippetError("empty");
  const code = text.replace(SURROUNDING_COMMENTS, "");
  const elements = code.trimStart().startsWith("<") ? readElements(code) : null;
  if (elements?.some(({ tag }) => PAGE_TAGS.has(tag))) throw new SnippetError("html-page");
  if (!text.includes("amazon_connect")) throw new SnippetError("other-vendor");
  return elements === null ? [code] : elements.flatMap(extractInlineScript);
}

interface Element {
  /** The tag's name in lower case; empty for a script element and for a comment. */
  readonly tag: string;
  readonly script: { readonly attributes: string; readonly code: string; readonly isClosed: boolean } | null;
}

function readElements(markup: string): readonly Element[] {
  return Array.from(markup.matchAll(MARKUP), ({ groups }) => {
    const { tag, attributes, code = "", end }: Partial<Record<string, string>> = groups ?? {};
    const script = attributes === undefined ? null : { attributes, code, isClosed: end !== "" };
    return { tag: tag?.toLowerCase() ?? "", script };
  });
}

function extractInlineScript({ tag, script }: Element): readonly string[] {
  if (tag === "script" || script?.isClosed === false) throw new SnippetError("half-element");
  if (script !== null && /^module$/i.test(readAttribute(script.attributes, "type") ?? ""))
    throw new SnippetError("module");
  if (script === null || !JAVASCRIPT_TYPE.test(readAttribute(script.attributes, "type") ?? "")) return [];
  if (readAttribute(script.attributes, "src") !== null) throw new SnippetError("external-script");
  return [script.code];
}

function readAttribute(attributes: string, name: string): string | null {
  return new RegExp(String.raw`(?:^|[\s"'/])${name}\s*=\s*["']?([^"'\s]*)`, "i").exec(attributes)?.[1] ?? null;
}

function readTokens(script: string): readonly Token[] {
  try {
    // `amazon_connect?.(…)` is a call of it as well.
    return scanJavaScript(script).filter(({ code }) => code !== "?.");
  } catch (error) {
    if (!(error instanceof UnreadableJavaScriptError)) throw error;
    const reason = /<\/script\s*>\s*$/i.test(script) ? "half-element" : "unreadable";
    throw new SnippetError(reason, { cause: error });
  }
}

// Facts from the live code.

function findWidgetIds(tokens: readonly Token[]): readonly string[] {
  const passedIn = findTextsAfter(tokens, ["document", ",", '"amazon_connect"', ","]);
  // A minifier may move the id from the call into the function: `s.id="…"`.
  return passedIn.length > 0 ? passedIn : findTextsAfter(tokens, [".", "id", "="]).filter((id) => UUID.test(id));
}

const CLIENT_FILE = "amazon-connect-chat-interface-client.js";

function findScriptUrls(tokens: readonly Token[]): readonly string[] {
  return findTextsAfter(tokens, [".", "src", "="]).filter((url) => url.includes(CLIENT_FILE));
}

/** The places of the values that the calls give a field. */
function findValues(tokens: readonly Token[], field: string): readonly number[] {
  const begin = ["(", JSON.stringify(field), ","];
  return [["amazon_connect"], ['"amazon_connect"', "]"]].flatMap((name) => findEndsOf(tokens, [...name, ...begin]));
}

function findFieldTexts(tokens: readonly Token[], field: string): readonly string[] {
  return readTexts(tokens, findValues(tokens, field));
}

/** Whether every call gives a field the literal value true: which of two calls counts is not documented. */
function isSwitchedOn(tokens: readonly Token[], field: string): boolean {
  const values = findValues(tokens, field).map((at) => tokens.slice(at, at + 3).map(({ code }) => code));
  // A minifier writes `!0`.
  return values.length > 0 && values.every((codes) => /^(?:true|!0)[,)]/.test(codes.join("")));
}

function findNamedOrigins(tokens: readonly Token[]): readonly string[] {
  const origins = tokens.flatMap((_token, at) => {
    // Only the first piece of a text in pieces begins with its protocol.
    const text = tokens[at - 1]?.code === "+" ? null : readText(tokens, at);
    const origin = text?.startsWith("https:") ? URL.parse(text)?.origin : undefined;
    return origin !== undefined && HTTPS_SOURCE.test(origin) ? [origin] : [];
  });
  return [...new Set(origins)];
}

function findTextsAfter(tokens: readonly Token[], codes: readonly string[]): readonly string[] {
  return readTexts(tokens, findEndsOf(tokens, codes));
}

function readTexts(tokens: readonly Token[], places: readonly number[]): readonly string[] {
  return places.map((at) => readText(tokens, at)).filter((text) => text !== null);
}

/** The places after each run of tokens with these codes. */
function findEndsOf(tokens: readonly Token[], codes: readonly string[]): readonly number[] {
  return tokens.flatMap((_token, start) => {
    const isHere = codes.every((code, offset) => tokens[start + offset]?.code === code);
    return isHere ? [start + codes.length] : [];
  });
}

/** The text at a place, also one in pieces (`"a" + "b"`); `null` where it is known only when the script runs. */
function readText(tokens: readonly Token[], at: number): string | null {
  const text = tokens[at]?.value ?? null;
  if (text === null || tokens[at + 1]?.code !== "+") return text;
  const rest = readText(tokens, at + 2);
  return rest === null ? null : text + rest;
}

const PLACEHOLDER = /[<>{}*…]|\.\.\.|YOUR_/;

function requireOne(texts: readonly string[], none: SnippetReason): string {
  const [text, ...others] = new Set(texts);
  if (text === undefined || text === "") throw new SnippetError(none);
  if (texts.some((text) => PLACEHOLDER.test(text))) throw new SnippetError("placeholder");
  if (others.length > 0) throw new SnippetError("two-widgets");
  return text;
}

const LOCAL_HOST = /^(?:(?:.+\.)?localhost|127\.0\.0\.1|\[::1\])$/;

function isScriptUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, pathname } = new URL(text);
  const isSafe = protocol === "https:" || (protocol === "http:" && LOCAL_HOST.test(hostname));
  return isSafe && pathname.endsWith(`/${CLIENT_FILE}`);
}
