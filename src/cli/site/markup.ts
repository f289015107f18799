import { decodeCharacterReferences } from "../../core/page/html-text.ts";
import { callsField } from "../../core/widget/snippet.ts";
import { readAssets } from "./assets.ts";
import { type ConsentBanner, findConsentBanners } from "./consent-banners.ts";
import { type Element, hasAttribute, readAttribute, readElements } from "./elements.ts";
import { findOtherChats } from "./other-chats.ts";

/** What a page says that matters for the chat, as far as its HTML tells without running it. */
export interface Markup {
  /** Addresses of this site that the page links to. */
  readonly links: readonly URL[];
  /** Paths of this site where the page says that pages are: links, frames and forms, also with a query. */
  readonly pagePaths: readonly string[];
  /** Files of this site that a browser asks for with the page. */
  readonly assets: readonly URL[];
  /** The scripts, in their order. */
  readonly scripts: readonly ScriptElement[];
  /** Policies in `<meta>` elements. */
  readonly metaPolicies: readonly string[];
  /** Whether the page brings an Amazon Connect widget of its own. */
  readonly hasWidget: boolean;
  /** Whether that widget opens by itself. */
  readonly launchesByItself: boolean;
  /** Whether a script in the page lets the site's own back end start the chats. */
  readonly hasOwnStart: boolean;
  /** Vendors of other chats that the page brings. */
  readonly otherChats: readonly string[];
  /** Consent banners that the page brings. */
  readonly consentBanners: readonly ConsentBanner[];
  /** Whether a script in the page presses the widget's own button. */
  readonly pressesButton: boolean;
  readonly registersServiceWorker: boolean;
}

export interface ScriptElement {
  /** `null`: its code is in the page. */
  readonly url: URL | null;
  /** In their order. */
  readonly attributes: ReadonlyMap<string, string>;
  /** Whether it belongs to an Amazon Connect widget. */
  readonly isWidget: boolean;
}

const FILES_THAT_ARE_NO_PAGES = /\.(?!html?$|php$|aspx?$|jsp$|cfm$)[a-z0-9]{2,5}$/i;

const WIDGET = /amazon-connect-chat-interface-client\.js|\bamazon_connect['"]?\]?\s*\(/;

/** @param url Where the page is. */
export function readMarkup(html: string, url: URL): Markup {
  const elements = readElements(html);
  const named = (wanted: string) => elements.filter(({ tagName }) => tagName === wanted);
  const scripts = readScripts(named("script"));
  const code = named("script").filter((script) => !isData(script));
  const [baseElement] = named("base");
  const isPageOfSite = ({ host, pathname }: URL) => host === url.host && !FILES_THAT_ARE_NO_PAGES.test(pathname);
  const base = (baseElement && URL.parse(readAttribute(baseElement, "href"), url)) ?? url;
  const read = (tagName: string, attribute: string) =>
    named(tagName).flatMap((element) => URL.parse(readAttribute(element, attribute), base) ?? []);
  const targets = read("a", "href");
  const others = [...read("area", "href"), ...read("iframe", "src"), ...read("form", "action")];
  return {
    links: targets.flatMap((target) => toPageUrl(target.href, url) ?? []),
    pagePaths: [...new Set([...targets, ...others].filter(isPageOfSite).map(({ pathname }) => pathname))],
    assets: readAssets(elements, base).filter(({ host }) => host === url.host),
    scripts: named("script").map((script) => ({
      url: hasAttribute(script, "src") ? URL.parse(readAttribute(script, "src"), base) : null,
      attributes: new Map(script.attrs.map(({ name, value }) => [name, value])),
      isWidget: WIDGET.test(readScripts([script])),
    })),
    metaPolicies: named("meta")
      .filter((meta) => readAttribute(meta, "http-equiv").toLowerCase() === "content-security-policy")
      .map((meta) => readAttribute(meta, "content")),
    hasWidget: WIDGET.test(scripts),
    launchesByItself: opensByItself(scripts),
    hasOwnStart: code.some((script) => hasOwnStart(readCode(script))),
    otherChats: findOtherChats(readScripts(code)),
    consentBanners: findConsentBanners(readScripts(code)),
    pressesButton: pressesButton(scripts),
    registersServiceWorker: /\bserviceWorker\s*\??\.\s*register\s*\(/.test(scripts),
  };
}

/** Whether a snippet has the widget open a chat without a click. */
export function opensByItself(script: string): boolean {
  return /skipIconButtonAndAutoLaunch['"]?\s*:\s*(?:true|!0)/.test(script);
}

/** Whether a script lets the site's own back end start the chats: the widget then asks for no token. */
export function hasOwnStart(script: string): boolean {
  return callsField(script, "customStartChat");
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

/** @param html The source of a part of a head. */
export function readHttpEquivs(html: string): readonly HttpEquiv[] {
  return readElements(html, { sourceCodeLocationInfo: true }).flatMap(({ tagName, sourceCodeLocation }) => {
    const [name, content] = ["http-equiv", "content"].map((attribute) => {
      const { startOffset, endOffset } = sourceCodeLocation?.attrs?.[attribute] ?? {};
      const source = startOffset === undefined ? null : html.slice(startOffset, endOffset);
      return source && source.replace(/^[^=]*=?[\t\n\f\r ]*(["']?)([^]*)\1$/, "$2");
    });
    return tagName === "meta" && name != null && content != null ? { name, content } : [];
  });
}

/** Whether a script element holds data, such as a page's text, and no code. */
function isData(script: Element): boolean {
  return /json/i.test(readAttribute(script, "type"));
}

/** The addresses and the code of all scripts. */
function readScripts(scripts: readonly Element[]): string {
  return scripts.flatMap((script) => [readAttribute(script, "src"), readCode(script)]).join("\n");
}

function readCode({ childNodes }: Element): string {
  return childNodes.map((node) => ("value" in node ? node.value : "")).join("");
}
