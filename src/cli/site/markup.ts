import { type DefaultTreeAdapterMap, type DefaultTreeAdapterTypes, parse, type ParserOptions } from "parse5";
import { decodeCharacterReferences } from "../../core/page/html-text.ts";

/** What a page says that matters for the chat, as far as its HTML tells without running it. */
export interface Markup {
  /** Addresses of this site that the page links to. */
  readonly links: readonly URL[];
  /** Policies in `<meta>` elements. */
  readonly metaPolicies: readonly string[];
  /** Whether the page brings an Amazon Connect widget of its own. */
  readonly hasWidget: boolean;
  /** Whether that widget opens by itself. */
  readonly launchesByItself: boolean;
  /** Whether a script in the page presses the widget's own button. */
  readonly pressesButton: boolean;
  readonly registersServiceWorker: boolean;
}

const FILES_THAT_ARE_NO_PAGES = /\.(?!html?$|php$|aspx?$|jsp$|cfm$)[a-z0-9]{2,5}$/i;

/** @param url Where the page is. */
export function readMarkup(html: string, url: URL): Markup {
  const elements = readElements(html);
  const named = (wanted: string) => elements.filter(({ tagName }) => tagName === wanted);
  const scripts = readScripts(named("script"));
  const [baseElement] = named("base");
  const base = (baseElement && URL.parse(readAttribute(baseElement, "href"), url)) ?? url;
  return {
    links: named("a").flatMap((link) => {
      const target = URL.parse(readAttribute(link, "href"), base);
      return (target !== null && toPageUrl(target.href, url)) || [];
    }),
    metaPolicies: named("meta")
      .filter((meta) => readAttribute(meta, "http-equiv").toLowerCase() === "content-security-policy")
      .map((meta) => readAttribute(meta, "content")),
    hasWidget: /amazon-connect-chat-interface-client\.js|\bamazon_connect['"]?\]?\s*\(/.test(scripts),
    launchesByItself: opensByItself(scripts),
    pressesButton: pressesButton(scripts),
    registersServiceWorker: /\bserviceWorker\s*\??\.\s*register\s*\(/.test(scripts),
  };
}

/** Whether a snippet has the widget open a chat without a click. */
export function opensByItself(script: string): boolean {
  return /skipIconButtonAndAutoLaunch['"]?\s*:\s*(?:true|!0)/.test(script);
}

/** Whether a script listens for the event that keeps a page out of the browser's back/forward cache. */
export function listensForUnload(script: string): boolean {
  return /\bonunload\b|\(\s*["'`]unload["'`]/.test(script);
}

/** Whether a script presses the widget's own button, which is there only once the widget has loaded. */
export function pressesButton(script: string): boolean {
  return script.includes("amazon-connect-open-widget-button");
}

/** Whether a snippet has the chat opened in another way than by the visitor's press on the widget's own button. */
export function launches(snippet: string): boolean {
  return opensByItself(snippet) || /\bprogrammaticLaunch\b/.test(snippet) || pressesButton(snippet);
}

/** Addresses in a sitemap, or in an index of sitemaps. Source: sitemaps.org, "Sitemaps XML format". */
export function readSitemap(xml: string): { readonly isIndex: boolean; readonly addresses: readonly string[] } {
  const found = xml.matchAll(/<loc>([^<]*(?:<!\[CDATA\[[^<\]]*\]\]>[^<]*)?)<\/loc>/gi);
  return {
    isIndex: /<sitemapindex\b/i.test(xml),
    addresses: Array.from(found, ([, text = ""]) => text.replace(/<!\[CDATA\[|\]\]>/g, "").trim())
      .map((address) => decodeCharacterReferences(address) ?? address)
      .filter((address) => address !== ""),
  };
}

/** The address of a page of this site; `null` for another site, for a file, and for a query, which could do something. */
export function toPageUrl(address: string, base: URL): URL | null {
  const url = URL.parse(address, base);
  if (url === null || url.origin !== base.origin || url.search !== "") return null;
  url.hash = "";
  return FILES_THAT_ARE_NO_PAGES.test(url.pathname) ? null : url;
}

/** A `<meta http-equiv>` with a `content`, both as they stand in the source: with their character references. */
export interface HttpEquiv {
  readonly name: string;
  readonly content: string;
}

/** @param head The source of a page's head. */
export function readHttpEquivs(head: string): readonly HttpEquiv[] {
  return readElements(head, { sourceCodeLocationInfo: true }).flatMap(({ tagName, sourceCodeLocation }) => {
    const [name, content] = ["http-equiv", "content"].map((attribute) => {
      const { startOffset, endOffset } = sourceCodeLocation?.attrs?.[attribute] ?? {};
      const source = startOffset === undefined ? null : head.slice(startOffset, endOffset);
      return source && source.replace(/^[^=]*=?[\t\n\f\r ]*(["']?)([^]*)\1$/, "$2");
    });
    return tagName === "meta" && name != null && content != null ? { name, content } : [];
  });
}

type Element = DefaultTreeAdapterTypes.Element;

function readElements(html: string, options: ParserOptions<DefaultTreeAdapterMap> = {}): Element[] {
  const elements: Element[] = [];
  const waiting: DefaultTreeAdapterTypes.Node[] = [parse(html, options)];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if ("tagName" in node) elements.push(node);
    if ("childNodes" in node) for (const child of node.childNodes.toReversed()) waiting.push(child);
  }
  return elements;
}

function readAttribute({ attrs }: Element, name: string): string {
  return attrs.find((attribute) => attribute.name === name)?.value ?? "";
}

/** The addresses and the code of all scripts. */
function readScripts(scripts: readonly Element[]): string {
  return scripts
    .flatMap((script) => [
      readAttribute(script, "src"),
      ...script.childNodes.map((node) => ("value" in node ? node.value : "")),
    ])
    .join("\n");
}
