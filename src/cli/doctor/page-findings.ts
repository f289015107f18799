import { buildFinding, type Finding, type FindingCode, isFindingCode } from "../findings/catalogue.ts";
import { findIf } from "../findings/find-if.ts";
import { type PageFacts } from "./page.ts";
import { findOwnTags } from "./route-findings.ts";

/** Facts about the whole site. */
export interface SiteFacts {
  readonly isHttps: boolean;
  /** Whether the site runs on the owner's machine: without Cloudflare, and browsers keep its secure cookies without https. */
  readonly isLocal: boolean;
  readonly settingProblems: readonly string[];
  /** Of alerts and self-off alone. */
  readonly watchProblems: readonly string[];
  /** Where the widget comes from; `placeholder`: the owner has set no snippet yet. */
  readonly widget: "snippet" | "page" | "placeholder";
  /** Whether the owner's snippet opens the chat by itself. */
  readonly launchesByItself: boolean;
  /** Whether the owner's snippet lets the site's own back end start the chats. */
  readonly hasOwnStart: boolean;
  /** Whether LOAD_WIDGET lets the widget load later. */
  readonly isWidgetDelayed: boolean;
  /** Whether the owner's snippet has the chat opened in another way than by the visitor's press on the widget's button. */
  readonly launches: boolean;
  /** Whether the owner's snippet listens for the page's unload event. */
  readonly listensForUnload: boolean;
  /** Whether CONSENT_COOKIE is set, in whatever way. */
  readonly asksForConsent: boolean;
  /** How many addresses robots.txt forbids. */
  readonly forbidden: number;
  /** Paths of service workers' scripts. */
  readonly serviceWorkers: readonly string[];
}

/** Findings about a site and its pages, in any order. */
export function findInPages(pages: readonly PageFacts[], site: SiteFacts): Finding[] {
  const seen = pages.filter(({ isChallenge }) => !isChallenge);
  const good = seen.filter(({ reason }) => reason === null);
  const fronted = seen.filter(({ ownTag }) => ownTag === null);
  const withWidget = seen.filter(({ hasWidget }) => hasWidget);
  const startingChats = seen.filter(({ hasOwnStart }) => hasOwnStart);
  const launching = seen.filter(({ launchesByItself }) => launchesByItself);
  return [
    ...findIf(site.settingProblems.length > 0, "settings-invalid", site.settingProblems),
    ...findIf(site.watchProblems.length > 0, "watch-settings-invalid", site.watchProblems),
    ...findIf(good.length === 0, "no-page"),
    ...findIf(!site.isHttps && !site.isLocal, "not-https"),
    ...findIf(!site.isLocal && seen.every(({ isFromCloudflare }) => !isFromCloudflare), "not-on-cloudflare"),
    ...(site.widget === "page"
      ? findIf(withWidget.length === 0, "widget-missing")
      : findOnPages("existing-widget", withWidget)),
    ...findIf(site.widget === "placeholder", "no-snippet"),
    ...(site.widget === "page"
      ? findOnPages(
          "widget-without-token",
          withWidget.filter(({ reason }) => reason !== null),
        )
      : []),
    ...(site.launchesByItself ? findIf(true, "auto-launch") : findOnPages("auto-launch", launching)),
    ...(site.hasOwnStart ? findIf(true, "custom-start") : findOnPages("custom-start", startingChats)),
    ...findOtherChats(good),
    ...(site.asksForConsent ? [] : findConsentBanners(good)),
    ...findIf(site.listensForUnload, "unload-handler"),
    ...(site.isWidgetDelayed ? findDelayedLaunch(seen, site) : []),
    ...findOnPages(
      "challenged",
      pages.filter(({ isChallenge }) => isChallenge),
    ),
    ...findServiceWorkers(fronted, fronted.length === 0 ? [] : site.serviceWorkers),
    ...findLeftAlone(seen),
    ...findOwnTags(seen),
    ...findPolicyChanges("policies-change", fronted),
    ...findPolicyChanges(
      "policies-lack",
      seen.filter(({ ownTag }) => ownTag !== null),
    ),
    ...findCached(fronted.filter(({ reason }) => reason === null)),
    ...findIf(site.forbidden > 0, "robots", [`addresses: ${site.forbidden}`]),
  ];
}

export function findOnPages(
  code: FindingCode,
  pages: readonly PageFacts[],
  details: readonly string[] = [],
): Finding[] {
  return pages.length === 0 ? [] : [buildFinding(code, { pages: pages.map(({ path }) => path), details })];
}

function findOtherChats(pages: readonly PageFacts[]): Finding[] {
  const found = pages.filter(({ otherChats }) => otherChats.length > 0);
  return findOnPages("other-chat", found, [...new Set(found.flatMap(({ otherChats }) => otherChats))]);
}

function findConsentBanners(pages: readonly PageFacts[]): Finding[] {
  const found = pages.filter(({ consentBanners }) => consentBanners.length > 0);
  const banners = found.flatMap(({ consentBanners }) => consentBanners);
  const lines = banners.map(({ name, setting }) => `${name}: CONSENT_COOKIE = "${setting}"`);
  return findOnPages("consent-banner", found, [...new Set(lines)]);
}

/** A page's own call of `customLaunchBehavior` ends the wait. */
function findDelayedLaunch(pages: readonly PageFacts[], { launches }: SiteFacts): Finding[] {
  const pressing = pages.filter(({ pressesButton }) => pressesButton);
  return launches ? findIf(true, "launch-delayed") : findOnPages("launch-delayed", pressing);
}

function findServiceWorkers(pages: readonly PageFacts[], scripts: readonly string[]): Finding[] {
  const registering = pages.filter(({ registersServiceWorker }) => registersServiceWorker).map(({ path }) => path);
  if (registering.length + scripts.length === 0) return [];
  return [buildFinding("service-worker", { pages: registering, details: scripts.map((path) => `found: ${path}`) })];
}

/** These findings have facts of their own. */
const REASONS_OF_OWN_FINDINGS = new Set<string>(["own-tag-missing", "own-tag-wrong", "policies-lack"]);

function findLeftAlone(pages: readonly PageFacts[]): Finding[] {
  const byReason = Map.groupBy(
    pages.filter(({ reason }) => reason !== null && !REASONS_OF_OWN_FINDINGS.has(reason)),
    ({ reason }) => reason ?? "",
  );
  return [...byReason].map(([reason, found]) => {
    const isKnown = isFindingCode(reason);
    const details = isKnown ? describe(reason, found) : [reason];
    return buildFinding(isKnown ? reason : "left-alone", { pages: found.map(({ path }) => path), details });
  });
}

function describe(reason: string, pages: readonly PageFacts[]): string[] {
  const values = (read: (page: PageFacts) => string | null) => [
    ...new Set(pages.map(read).filter((text) => text !== null)),
  ];
  if (reason === "encoding") return values(({ encoding }) => encoding).map((name) => `Content-Encoding: ${name}`);
  return reason === "charset" ? values(({ charset }) => charset).map((name) => `charset=${name}`) : [];
}

/** One finding per change: pages of one kind have one policy. */
function findPolicyChanges(code: "policies-change" | "policies-lack", pages: readonly PageFacts[]): Finding[] {
  const changed = pages.filter(({ policyChanges }) => policyChanges.length > 0);
  const byChange = Map.groupBy(changed, ({ policyChanges }) => policyChanges.join("\n"));
  return [...byChange.values()].map((found) =>
    buildFinding(code, {
      pages: found.map(({ path }) => path),
      details: found[0]?.policyChanges ?? [],
    }),
  );
}

function findCached(pages: readonly PageFacts[]): Finding[] {
  const found = pages.filter(({ caching }) => isKept(caching));
  const controls = new Set(found.flatMap(({ caching }) => caching.cacheControl ?? []));
  return findOnPages(
    "cached-pages",
    found,
    [...controls].map((control) => `Cache-Control: ${control}`),
  );
}

function isKept({ cacheControl, isFromCache }: PageFacts["caching"]): boolean {
  return isFromCache || /\b(?:s-maxage|max-age)\s*=\s*"?0*[1-9]/i.test(cacheControl ?? "");
}
