import { setTimeout as sleep } from "node:timers/promises";
import { parseContentType } from "../../core/page/content-type.ts";
import { readMarkup, readSitemap, toPageUrl } from "./markup.ts";
import { type Answer, sendRequest, readText } from "./request.ts";
import { parseRobots, type Robots } from "./robots.ts";

/** Our name in a robots.txt. */
const AGENT = "persistent-chat-edge-doctor";
const AT_ONCE = 2;
const PAUSE_MS = 250;
/** Most addresses that wait: each next page is chosen among all of them. */
const MAX_ADDRESSES = 5000;
/** Longest address: servers accept no longer one. */
const MAX_ADDRESS_CHARS = 8192;

/** What a browser sends when someone opens a page, without cookies, and with the doctor's own name. */
export const NAVIGATION_HEADERS = {
  "user-agent": `Mozilla/5.0 (compatible; ${AGENT})`,
  accept: "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
  "accept-language": "en",
  // The Worker asks for no other encodings.
  "accept-encoding": "gzip, br",
  "sec-fetch-dest": "document",
  "sec-fetch-mode": "navigate",
  "sec-fetch-site": "none",
  "sec-fetch-user": "?1",
  "upgrade-insecure-requests": "1",
} as const;

const OTHER_HEADERS = { "user-agent": NAVIGATION_HEADERS["user-agent"], accept: "*/*" } as const;

export interface CrawlOptions {
  /** The answer to the address that the owner named. */
  readonly first: Answer;
  /** Most pages that are asked for, with the first one. */
  readonly maxPages: number;
  /** Called for each page, before its request. */
  readonly onPage: (count: number, path: string) => void;
}

export interface Crawl {
  /** Every answer, whether a page or not. */
  readonly answers: readonly Answer[];
  /** Paths where pages are, by what was seen: also of pages that were not asked for. */
  readonly pagePaths: ReadonlySet<string>;
  /** How many addresses robots.txt forbids. */
  readonly forbidden: number;
  /** Scripts at the places where service workers usually are. */
  readonly serviceWorkers: readonly string[];
}

/** Asks for a page as a browser would, but follows no redirect. */
export function openPage(url: URL): Promise<Answer> {
  return sendRequest(url, { headers: NAVIGATION_HEADERS });
}

/**
 * Asks for pages of a site from its sitemap and links, two at a time with a pause, as its robots.txt allows.
 *
 * robots.txt does not count for the address that the owner named.
 */
export async function crawl({ first, maxPages, onPage }: CrawlOptions): Promise<Crawl> {
  const robots = await readRobots(first.url);
  const pauseMs = Math.max(PAUSE_MS, robots.delaySeconds * 1000);
  const seen = new Set([first.url.href]);
  const waiting: URL[] = [];
  const forbidden = new Set<string>();
  const answers = [first];
  const pagePaths = new Set([first.url.pathname]);
  const add = (urls: readonly URL[]) => {
    for (const url of urls) {
      pagePaths.add(url.pathname);
      if (seen.has(url.href) || seen.size >= MAX_ADDRESSES || url.href.length > MAX_ADDRESS_CHARS) continue;
      seen.add(url.href);
      if (robots.isAllowed(url.pathname)) waiting.push(url);
      else forbidden.add(url.href);
    }
  };
  const addFrom = (answer: Answer) => {
    if (isRedirect(answer)) return add(toTarget(answer));
    const markup = readMarkup(readText(answer), answer.url);
    for (const path of markup.pagePaths) pagePaths.add(path);
    add(markup.links);
  };
  addFrom(first);
  if (maxPages > 1) add(await readSitemaps(first.url, robots));

  let asked = 1;
  while (waiting.length > 0 && asked < maxPages) {
    const atOnce = robots.delaySeconds > 0 ? 1 : AT_ONCE;
    const batch: URL[] = [];
    while (batch.length < Math.min(atOnce, maxPages - asked) && waiting.length > 0) {
      batch.push(takeMostUnlike(waiting, [...answers.map(({ url }) => url), ...batch]));
    }
    for (const { pathname } of batch) onPage((asked += 1), pathname);
    await sleep(pauseMs);
    // The site is there, so a page that does not answer is left out.
    const got = await Promise.all(batch.map((url) => openPage(url).catch(() => null)));
    for (const answer of got) {
      if (answer === null) continue;
      answers.push(answer);
      addFrom(answer);
    }
  }
  const serviceWorkers = await findServiceWorkers(first.url, robots);
  return { answers, pagePaths, forbidden: forbidden.size, serviceWorkers };
}

/** Whether an answer is a page that people look at. */
export function isPage({ headers, status }: Answer): boolean {
  const { essence } = parseContentType(headers.get("content-type"));
  return status === 200 && (essence === "text/html" || essence === "application/xhtml+xml");
}

export function isRedirect({ headers, status }: Answer): boolean {
  return status >= 300 && status < 400 && headers.has("location");
}

function toTarget({ headers, url }: Answer): readonly URL[] {
  const target = toPageUrl(headers.get("location") ?? "", url);
  return target === null ? [] : [target];
}

/** Takes a page of the section that was seen least: pages of one section are mostly built alike. */
function takeMostUnlike(waiting: URL[], seen: readonly URL[]): URL {
  const counts = new Map<string, number>();
  for (const url of seen) counts.set(toSection(url), (counts.get(toSection(url)) ?? 0) + 1);
  const weights = waiting.map((url) => counts.get(toSection(url)) ?? 0);
  const [taken] = waiting.splice(weights.indexOf(Math.min(...weights)), 1);
  if (taken === undefined) throw new Error("Cannot choose a page: none waits");
  return taken;
}

function toSection({ pathname }: URL): string {
  const parts = pathname.split("/");
  return parts.length > 2 ? (parts[1] ?? "") : "";
}

async function readRobots(site: URL): Promise<Robots> {
  const answer = await askFor(new URL("/robots.txt", site));
  // A server in trouble may forbid anything. Source: RFC 9309, 2.3.1.4.
  if (answer === null || answer.status >= 500) return parseRobots("User-agent: *\nDisallow: /", AGENT);
  return parseRobots(answer.status === 200 ? readText(answer) : "", AGENT);
}

/** Reads at most two files: a sitemap, or an index of sitemaps and the first of them. */
async function readSitemaps(site: URL, { sitemaps }: Robots): Promise<readonly URL[]> {
  const toUrls = (addresses: readonly string[]) => addresses.flatMap((address) => toPageUrl(address, site) ?? []);
  const read = async (address: string) => {
    const url = URL.parse(address, site);
    const answer = url?.origin === site.origin ? await askFor(url) : null;
    return readSitemap(answer?.status === 200 ? readText(answer) : "");
  };
  const { addresses, isIndex } = await read(sitemaps[0] ?? "/sitemap.xml");
  return toUrls(isIndex ? (await read(addresses[0] ?? "")).addresses : addresses);
}

const SERVICE_WORKER_PATHS = ["/sw.js", "/service-worker.js", "/ngsw-worker.js"];

async function findServiceWorkers(site: URL, robots: Robots): Promise<string[]> {
  const allowed = SERVICE_WORKER_PATHS.filter((path) => robots.isAllowed(path));
  const answers = await Promise.all(allowed.map((path) => askFor(new URL(path, site))));
  return answers.flatMap((answer) => {
    const isScript = /\bjavascript\b/i.test(answer?.headers.get("content-type") ?? "");
    return answer?.status === 200 && isScript ? [answer.url.pathname] : [];
  });
}

async function askFor(url: URL): Promise<Answer | null> {
  return sendRequest(url, { headers: OTHER_HEADERS }).catch(() => null);
}
