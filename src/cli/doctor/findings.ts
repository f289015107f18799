import { FIXED_ATTRIBUTES } from "../../core/chat/continuation.ts";
import { CLOCK_TOLERANCE_SECONDS, MAX_TOKEN_TTL_SECONDS } from "../../limits.ts";
import { buildFinding, type Finding, type FindingCode, isFindingCode } from "./catalogue.ts";
import { type Claims, type LiveFacts, type TokenFacts } from "./live.ts";
import { type PageFacts } from "./page.ts";

/** What is known of the site beside its pages. */
export interface SiteFacts {
  readonly isHttps: boolean;
  /** A machine of the owner's own: no Cloudflare before it, and browsers keep secure cookies of it without https. */
  readonly isLocal: boolean;
  readonly settingProblems: readonly string[];
  /** Whose widget it is to be; `placeholder`: not known yet. */
  readonly widget: "snippet" | "page" | "placeholder";
  /** Whether the owner's snippet opens the chat by itself. */
  readonly launchesByItself: boolean;
  readonly forbidden: number;
  readonly serviceWorkers: readonly string[];
}

/** What there is to say of a site and its pages, in any order. */
export function findInPages(pages: readonly PageFacts[], site: SiteFacts): Finding[] {
  const seen = pages.filter(({ isChallenge }) => !isChallenge);
  const good = seen.filter(({ reason }) => reason === null);
  const withWidget = seen.filter(({ hasWidget }) => hasWidget);
  const launching = seen.filter(({ launchesByItself }) => launchesByItself);
  return [
    ...is(site.settingProblems.length > 0, "settings-invalid", site.settingProblems),
    ...is(good.length === 0, "no-page"),
    ...is(!site.isHttps && !site.isLocal, "not-https"),
    ...is(!site.isLocal && seen.every(({ isFromCloudflare }) => !isFromCloudflare), "not-on-cloudflare"),
    ...(site.widget === "page" ? is(withWidget.length === 0, "widget-missing") : where("existing-widget", withWidget)),
    ...is(site.widget === "placeholder", "no-snippet"),
    ...(site.widget === "page"
      ? where(
          "widget-without-token",
          withWidget.filter(({ reason }) => reason !== null),
        )
      : []),
    ...(site.launchesByItself ? is(true, "auto-launch") : where("auto-launch", launching)),
    ...where(
      "challenged",
      pages.filter(({ isChallenge }) => isChallenge),
    ),
    ...findServiceWorkers(seen, site.serviceWorkers),
    ...findLeftAlone(seen),
    ...findPolicyChanges(good),
    ...findCached(good),
    ...is(site.forbidden > 0, "robots", [`addresses: ${site.forbidden}`]),
  ];
}

function is(condition: boolean, code: FindingCode, details: readonly string[] = []): Finding[] {
  return condition ? [buildFinding(code, { details })] : [];
}

function where(code: FindingCode, pages: readonly PageFacts[], details: readonly string[] = []): Finding[] {
  return pages.length === 0 ? [] : [buildFinding(code, { pages: pages.map(({ path }) => path), details })];
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
  return where(
    "cached-pages",
    found,
    [...controls].map((control) => `Cache-Control: ${control}`),
  );
}

function isKept({ cacheControl, isFromCache }: PageFacts["caching"]): boolean {
  return isFromCache || /\b(?:s-maxage|max-age)\s*=\s*"?0*[1-9]/i.test(cacheControl ?? "");
}

/** What the live Worker should be like. */
export interface LiveExpected {
  readonly version: string;
  readonly contactAttribute: string;
  readonly visitorAttribute: string;
  /** `null`: the owner's snippet is not known here. */
  readonly widgetId: string | null;
  /** Whether the site's own pages bring the widget. */
  readonly isPageWidget: boolean;
  /** Whether it is switched on in wrangler.toml. */
  readonly isOn: boolean;
  /** Whether the Worker may ask Amazon, which knows no made-up chat. */
  readonly mayAskAmazon: boolean;
}

/** Whether the live Worker is switched off for visitors: on purpose or not. */
export function isSwitchedOff({ token }: LiveFacts): boolean {
  return token.code === "SWITCHED_OFF";
}

/** What there is to say of the Worker on the live site, in any order. */
export function findInLive(live: LiveFacts, pages: readonly PageFacts[], expected: LiveExpected): Finding[] {
  if (live.status === "misconfigured") return [buildFinding("misconfigured")];
  const { roundTrip, token, version } = live;
  const versions = [`live: ${version ?? "unknown"}`, `here: ${expected.version}`];
  const differs = is(version !== expected.version, "version-differs", versions);
  if (isSwitchedOff(live)) {
    const off = buildFinding("switched-off", { weight: expected.isOn ? "blocks" : "notes" });
    return [...differs, off, ...is(expected.isPageWidget, "widget-without-token")];
  }
  const untagged = pages.filter(({ hasTag, isChallenge, reason }) => reason === null && !hasTag && !isChallenge);
  return [
    ...differs,
    ...findInScript(live),
    ...(token.claims === null
      ? [refusal("token-refused", token.status, token.code)]
      : findInToken(token.claims, token, expected)),
    ...where("tag-missing", untagged),
    ...is(roundTrip === null && token.claims !== null, "consent-needed"),
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
    ...is(life > MAX_TOKEN_TTL_SECONDS, "token-lifetime", [`${life} s`]),
    ...is(missing.length > 0, "token-attributes", [`missing: ${missing.join(", ")}`]),
    ...is(isOther, "other-widget", [`live: ${claims.sub}`, `here: ${expected.widgetId}`]),
    ...is(Math.abs(skew) > CLOCK_TOLERANCE_SECONDS, "clock-skew", [`${skew} s apart`]),
    ...is(Math.abs(localSkew) > CLOCK_TOLERANCE_SECONDS, "local-clock", [`${localSkew} s apart`]),
  ];
}

function findInRoundTrip({ roundTrip }: LiveFacts, { mayAskAmazon }: LiveExpected): Finding[] {
  if (roundTrip === null) return [];
  const { forgotten, isOffered, reportCode, reported } = roundTrip;
  const isTaken = reported === 201;
  return [
    ...(isTaken ? [] : [refusal("report-refused", reported, reportCode)]),
    ...is(isTaken && !isOffered && !mayAskAmazon, "history-not-offered"),
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

/** @param status Of a start call without a token; `null` where nobody could be asked. */
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

/** @param reason Why Amazon could not answer; `null` where it did. */
export function findInAmazon(reason: string | null): Finding[] {
  if (reason === null) return [];
  const isRefused = reason === "status-403" || reason === "status-400";
  return [buildFinding(isRefused ? "aws-refused" : "aws-unreachable", { details: [reason] })];
}
