import { decodeCharacterReferences } from "../../core/page/html-text.ts";

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

/** HTML's white space, for patterns: a no-break space is none, and may stand in a name. */
const SPACE = String.raw`\t\n\f\r `;
const FILES_THAT_ARE_NO_PAGES = /\.(?!html?$|php$|aspx?$|jsp$|cfm$)[a-z0-9]{2,5}$/i;

/** Those whose attributes matter here. */
const READ_TAGS = new Set(["a", "base", "meta", "script"]);
/** More than any page needs: each is read several times. */
const MAX_TAGS = 20_000;

/** @param url Where the page is. */
export function readMarkup(html: string, url: URL): Markup {
  const { live, tags } = readTags(html);
  return {
    links: readLinks(tags, url),
    metaPolicies: readMetaPolicies(tags),
    scripts: tags.flatMap(({ name, text }) => (name === "script" && readAttribute(text, "src")) || []),
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
  const found = xml.matchAll(/<loc>([^<]*(?:<!\[CDATA\[[^<\]]*\]\]>[^<]*)?)<\/loc>/gi);
  return {
    isIndex: /<sitemapindex\b/i.test(xml),
    addresses: Array.from(found, ([, text = ""]) => text.replace(/<!\[CDATA\[|\]\]>/g, "").trim())
      .map((address) => decodeCharacterReferences(address) ?? address)
      .filter((address) => address !== ""),
  };
}

/** A page of this site to look at: `null` for an address elsewhere, a file, or what could do something. */
export function toPageUrl(address: string, base: URL): URL | null {
  const url = URL.parse(address, base);
  if (url === null || url.origin !== base.origin || url.search !== "") return null;
  url.hash = "";
  return FILES_THAT_ARE_NO_PAGES.test(url.pathname) ? null : url;
}

function readLinks(tags: readonly Tag[], url: URL): URL[] {
  const baseTag = tags.find(({ name }) => name === "base")?.text ?? "";
  const base = URL.parse(readAttribute(baseTag, "href") ?? "", url) ?? url;
  return tags.flatMap(({ name, text }) => {
    const link = name === "a" ? URL.parse(readAttribute(text, "href") ?? "", base) : null;
    return (link !== null && toPageUrl(link.href, url)) || [];
  });
}

function readMetaPolicies(tags: readonly Tag[]): string[] {
  return tags.flatMap(({ name, text }) => {
    const isPolicy = name === "meta" && readAttribute(text, "http-equiv")?.toLowerCase() === "content-security-policy";
    return isPolicy ? (readAttribute(text, "content") ?? []) : [];
  });
}

interface Tag {
  /** In lower case. */
  readonly name: string;
  /** From `<` to `>`. */
  readonly text: string;
}

const TAG_NAME = new RegExp(`^<([^${SPACE}/>]+)`);
const SCRIPT_END = new RegExp(`</script(?=[${SPACE}/>])`, "gi");
const VALUE_START = new RegExp(`[^${SPACE}]`, "g");
const VALUE_END = new RegExp(`[${SPACE}>]`, "g");

/**
 * Goes over a page once, from left to right: patterns for whole elements would begin anew at each `<`, and a page of nothing but
 * beginnings would keep them busy for hours.
 *
 * @returns Its start tags but those in comments and scripts; and all but the comments.
 * Source: HTML Standard, 13.2.5 "Tokenization".
 */
function readTags(html: string): { readonly live: string; readonly tags: readonly Tag[] } {
  const tags: Tag[] = [];
  let live = "";
  let at = 0;
  while (at < html.length) {
    const open = find(html, /<(?:!--|[a-z])/gi, at);
    live += html.slice(at, open);
    if (html.startsWith("<!--", open)) {
      // A comment may end as soon as it begins: <!--> is one.
      at = find(html, /--!?>/g, open + 2, "after");
      continue;
    }
    const end = findTagEnd(html, open);
    const text = html.slice(open, end);
    const name = TAG_NAME.exec(text)?.[1]?.toLowerCase() ?? "";
    // A tag that is not closed is none.
    if (text.endsWith(">") && READ_TAGS.has(name) && tags.length < MAX_TAGS) tags.push({ name, text });
    at = name === "script" ? find(html, SCRIPT_END, end) : end;
    live += html.slice(open, at);
  }
  return { live, tags };
}

/** Where a tag ends: a `>` within a quoted value does not count. */
function findTagEnd(html: string, open: number): number {
  let at = open;
  while (at < html.length) {
    at = find(html, /[=>]/g, at, "after");
    if (html[at - 1] === ">") return at;
    const start = find(html, VALUE_START, at);
    const quote = html[start];
    at =
      quote === '"' || quote === "'"
        ? find(html, quote === '"' ? /"/g : /'/g, start + 1, "after")
        : find(html, VALUE_END, start);
  }
  return at;
}

/** Where a pattern is found next, or where that ends; the text's length where it is not. */
function find(text: string, pattern: RegExp, from: number, which: "at" | "after" = "at"): number {
  pattern.lastIndex = from;
  const found = pattern.exec(text);
  if (found === null) return text.length;
  return which === "at" ? found.index : pattern.lastIndex;
}

function readAttribute(tag: string, name: string): string | null {
  const pattern = new RegExp(
    `[${SPACE}"'/]${name}[${SPACE}]*=[${SPACE}]*(?:"([^"]*)"|'([^']*)'|([^${SPACE}"'>]+))`,
    "i",
  );
  const [, double, single, bare] = pattern.exec(tag) ?? [];
  const value = double ?? single ?? bare;
  return value === undefined ? null : (decodeCharacterReferences(value) ?? value);
}
