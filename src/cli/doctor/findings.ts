import { FIXED_ATTRIBUTES } from "../../core/chat/continuation.ts";
import { CLOCK_TOLERANCE_SECONDS, MAX_TOKEN_TTL_SECONDS } from "../../limits.ts";
import { buildFinding, type Finding, type FindingCode, isFindingCode } from "./catalogue.ts";
import { type Claims, type LiveFacts, type TokenFacts } from "./live-worker.ts";
import { type PageFacts } from "./page.ts";

/** Facts about the whole site. */
export interface SiteFacts {
  readonly isHttps: boolean;
  /** Whether the site runs on the owner's machine: without Cloudflare, and browsers keep its secure cookies without https. */
  readonly isLocal: boolean;
  readonly settingProblems: readonly string[];
  /** Where the widget comes from; `placeholder`: the owner has set no snippet yet. */
  readonly widget: "snippet" | "page" | "placeholder";
  /** Whether the owner's snippet opens the chat by itself. */
  readonly launchesByItself: boolean;
  /** Whether LOAD_WIDGET lets the widget load later. */
  readonly isWidgetDelayed: boolean;
  /** Whether the owner's snippet has the chat opened in another way than by the visitor's press on the widget's button. */
  readonly launches: boolean;
  /** Whether the owner's snippet listens for the page's unload event. */
  readonly listensForUnload: boolean;
  /** How many addresses robots.txt forbids. */
  readonly forbidden: number;
  /** Paths of service workers' scripts. */
  readonly serviceWorkers: readonly string[];
}

/** Findings about a site and its pages, in any order. */
export function findInPages(pages: readonly PageFacts[], site: SiteFacts): Finding[] {
  const seen = pages.filter(({ isChallenge }) => !isChallenge);
  const good = seen.filter(({ reason }) => reason === null);
  const withWidget = seen.filter(({ hasWidget }) => hasWidget);
  const launching = seen.filter(({ launchesByItself }) => launchesByItself);
  return [
    ...findIf(site.settingProblems.length > 0, "settings-invalid", site.settingProblems),
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
    ...findIf(site.listensForUnload, "unload-handler"),
    ...(site.isWidgetDelayed ? findDelayedLaunch(seen, site) : []),
    ...findOnPages(
      "challenged",
      pages.filter(({ isChallenge }) => isChallenge),
    ),
    ...findServiceWorkers(seen, site.serviceWorkers),
    ...findLeftAlone(seen),
    ...findPolicyChanges(good),
    ...findCached(good),
    ...findIf(site.forbidden > 0, "robots", [`addresses: ${site.forbidden}`]),
  ];
}

function findIf(condition: boolean, code: FindingCode, details: readonly string[] = []): Finding[] {
  return condition ? [buildFinding(code, { details })] : [];
}

function findOnPages(code: FindingCode, pages: readonly PageFacts[], details: readonly string[] = []): Finding[] {
  return pages.length === 0 ? [] : [buildFinding(code, { pages: pages.map(({ path }) => path), details })];
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

function findLeftAlone(pages: readonly PageFacts[]): Finding[] {
  const byReason = Map.groupBy(
    pages.filter(({ reason }) => reason !== null),
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
function findPolicyChanges(pages: readonly PageFacts[]): Finding[] {
  const changed = pages.filter(({ policyChanges }) => policyChanges.length > 0);
  const byChange = Map.groupBy(changed, ({ policyChanges }) => policyChanges.join("\n"));
  return [...byChange.values()].map((found) =>
    buildFinding("policies-change", {
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

/** What the owner's settings say about the live Worker. */
export interface LiveExpected {
  readonly version: string;
  readonly contactAttribute: string;
  readonly visitorAttribute: string;
  /** `null`: the owner has set no snippet here. */
  readonly widgetId: string | null;
  /** Whether the widget is in the site's own pages. */
  readonly isPageWidget: boolean;
  /** Whether wrangler.toml switches it on. */
  readonly isOn: boolean;
  /** Whether the Worker asks Amazon about each chat: Amazon does not know a made-up one. */
  readonly mayAskAmazon: boolean;
}

/** Whether the live Worker is switched off for visitors, on purpose or not. */
export function isSwitchedOff({ token }: LiveFacts): boolean {
  return token.code === "SWITCHED_OFF";
}

/** Findings about the Worker on the live site, in any order. */
export function findInLive(live: LiveFacts, pages: readonly PageFacts[], expected: LiveExpected): Finding[] {
  if (live.status === "misconfigured") return [buildFinding("misconfigured")];
  const { roundTrip, token, version } = live;
  const versions = [`live: ${version ?? "unknown"}`, `here: ${expected.version}`];
  const differs = findIf(version !== expected.version, "version-differs", versions);
  if (isSwitchedOff(live)) {
    const off = buildFinding("switched-off", { weight: expected.isOn ? "blocks" : "notes" });
    return [...differs, off, ...findIf(expected.isPageWidget, "widget-without-token")];
  }
  const untagged = pages.filter(({ hasTag, isChallenge, reason }) => reason === null && !hasTag && !isChallenge);
  return [
    ...differs,
    ...findInScript(live),
    ...(token.claims === null
      ? [refusal("token-refused", token.status, token.code)]
      : findInToken(token.claims, token, expected)),
    ...findOnPages("tag-missing", untagged),
    ...findIf(roundTrip === null && token.claims !== null, "consent-needed"),
    ...findInRoundTrip(live, expected),
  ];
}

function findInScript({ script }: LiveFacts): Finding[] {
  if (script.status === 200 && script.isJavaScript && !script.isEmpty) return [];
  const what =
    script.status === 200 ? (script.isEmpty ? "it is empty" : "it is no JavaScript") : `status ${script.status}`;
  return [buildFinding("widget-script", { details: [what] })];
}

function findInToken(claims: Claims, token: TokenFacts, expected: LiveExpected): Finding[] {
  const life = claims.exp - claims.iat;
  const names = [expected.contactAttribute, expected.visitorAttribute, ...FIXED_ATTRIBUTES];
  const missing = names.filter((name) => typeof claims.attributes[name] !== "string");
  const { dateSeconds, localSeconds } = token;
  const nowSeconds = dateSeconds ?? localSeconds;
  const skew = Math.round(claims.iat - nowSeconds);
  const localSkew = Math.round(localSeconds - nowSeconds);
  const isOther = expected.widgetId !== null && expected.widgetId !== claims.sub;
  return [
    ...findIf(life > MAX_TOKEN_TTL_SECONDS, "token-lifetime", [`${life} s`]),
    ...findIf(missing.length > 0, "token-attributes", [`missing: ${missing.join(", ")}`]),
    ...findIf(isOther, "other-widget", [`live: ${claims.sub}`, `here: ${expected.widgetId}`]),
    ...findIf(Math.abs(skew) > CLOCK_TOLERANCE_SECONDS, "clock-skew", [`${skew} s apart`]),
    ...findIf(Math.abs(localSkew) > CLOCK_TOLERANCE_SECONDS, "local-clock", [`${localSkew} s apart`]),
  ];
}

function findInRoundTrip({ roundTrip }: LiveFacts, { mayAskAmazon }: LiveExpected): Finding[] {
  if (roundTrip === null) return [];
  const { forgotten, isOffered, reportCode, reported } = roundTrip;
  const isTaken = reported === 201;
  return [
    ...(isTaken ? [] : [refusal("report-refused", reported, reportCode)]),
    ...findIf(isTaken && !isOffered && !mayAskAmazon, "history-not-offered"),
    ...(forgotten === 204 ? [] : [refusal("forgetting-refused", forgotten, null)]),
  ];
}

function refusal(
  code: "token-refused" | "report-refused" | "forgetting-refused",
  status: number,
  error: string | null,
) {
  return buildFinding(code, { details: [error === null ? `status ${status}` : `status ${status}, ${error}`] });
}

/** @param status Status of a start call without a token; `null` where nothing answered. */
export function findInStartCall(status: number | null): Finding[] {
  if (status === 401) return [];
  if (status === 200) return [buildFinding("security-not-enforced")];
  if (status === 400) return [buildFinding("not-on-allow-list")];
  if (status === 404) return [buildFinding("widget-unknown")];
  const details =
    status === null
      ? ["no answer, or the snippet's older client does not say where chats start"]
      : [`status ${status}`];
  return [buildFinding("start-call-unclear", { details })];
}

/** @param reason Why Amazon did not answer; `null` where it did. */
export function findInAmazon(reason: string | null): Finding[] {
  if (reason === null) return [];
  const isRefused = reason === "status-403" || reason === "status-400";
  return [buildFinding(isRefused ? "aws-refused" : "aws-unreachable", { details: [reason] })];
}
