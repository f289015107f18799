import { decodeCharacterReferences } from "../core/html-text.ts";

/** What an owner's page says that matters for the chat, read roughly: no browser is here. */
export interface Markup {
  /** Addresses of this site that its links lead to. */
  readonly links: readonly URL[];
  /** Policies in `<meta>` elements. */
  readonly metaPolicies: readonly string[];
  /** Addresses of scripts, as written. */
  readonly scripts: readonly string[];
  /** Whether it brings an Amazon Connect widget of its own. */
  readonly hasWidget: boolean;
  /** Whether the widget opens by itself. */
  readonly launchesByItself: boolean;
  readonly registersServiceWorker: boolean;
}

const FILES_THAT_ARE_NO_PAGES = /\.(?!html?$|php$|aspx?$|jsp$|cfm$)[a-z0-9]{2,5}$/i;

/** @param url Where the page is. */
export function readMarkup(html: string, url: URL): Markup {
  const live = html.replace(/<!--[^]*?-->/g, "");
  const markup = live.replace(/(<script\b[^>]*>)[^]*?<\/script\s*>/gi, "$1");
  return {
    links: readLinks(markup, url),
    metaPolicies: readMetaPolicies(markup),
    scripts: readTags(markup, "script").flatMap((tag) => readAttribute(tag, "src") ?? []),
    hasWidget: /amazon-connect-chat-interface-client\.js|\bamazon_connect['"]?\]?\s*\(/.test(live),
    launchesByItself: opensByItself(live),
    registersServiceWorker: /\bserviceWorker\s*\??\.\s*register\s*\(/.test(live),
  };
}

/** Whether a snippet has the widget open a chat without a click. */
export function opensByItself(script: string): boolean {
  return /skipIconButtonAndAutoLaunch['"]?\s*:\s*(?:true|!0)/.test(script);
}

/** Addresses in a sitemap, or in an index of sitemaps. Source: sitemaps.org, "Sitemaps XML format". */
export function readSitemap(xml: string): { readonly isIndex: boolean; readonly addresses: readonly string[] } {
  const found = xml.matchAll(/<loc>\s*(?:<!\[CDATA\[)?\s*([^<\]]+?)\s*(?:\]\]>)?\s*<\/loc>/gi);
  return {
    isIndex: /<sitemapindex\b/i.test(xml),
    addresses: Array.from(found, ([, address = ""]) => decodeCharacterReferences(address)),
  };
}

/** A page of this site to look at: `null` for an address elsewhere, a file, or what could do something. */
export function toPageUrl(address: string, base: URL): URL | null {
  const url = URL.parse(address, base);
  if (url === null || url.origin !== base.origin || url.search !== "") return null;
  url.hash = "";
  return FILES_THAT_ARE_NO_PAGES.test(url.pathname) ? null : url;
}

function readLinks(markup: string, url: URL): URL[] {
  const [baseTag = ""] = readTags(markup, "base");
  const base = URL.parse(readAttribute(baseTag, "href") ?? "", url) ?? url;
  return readTags(markup, "a").flatMap((tag) => {
    const link = URL.parse(readAttribute(tag, "href") ?? "", base);
    return (link !== null && toPageUrl(link.href, url)) || [];
  });
}

function readMetaPolicies(markup: string): string[] {
  return readTags(markup, "meta").flatMap((tag) => {
    const isPolicy = readAttribute(tag, "http-equiv")?.trim().toLowerCase() === "content-security-policy";
    return isPolicy ? (readAttribute(tag, "content") ?? []) : [];
  });
}

function readTags(markup: string, name: string): string[] {
  return markup.match(new RegExp(String.raw`<${name}(?=[\s/>])(?:[^>"']|"[^"]*"|'[^']*')*>`, "gi")) ?? [];
}

function readAttribute(tag: string, name: string): string | null {
  const pattern = new RegExp(String.raw`[\s"'/]${name}\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))`, "i");
  const [, double, single, bare] = pattern.exec(tag) ?? [];
  const value = double ?? single ?? bare;
  return value === undefined ? null : decodeCharacterReferences(value);
}
