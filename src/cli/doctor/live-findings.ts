import { FIXED_ATTRIBUTES } from "../../core/chat/continuation.ts";
import { CLOCK_TOLERANCE_SECONDS, MAX_TOKEN_TTL_SECONDS } from "../../limits.ts";
import { buildFinding, type Finding } from "../findings/catalogue.ts";
import { findIf } from "../findings/find-if.ts";
import { type LiveFacts } from "./live-worker.ts";
import { type Claims, type TokenFacts } from "../site/chat-visitor.ts";
import { findOnPages } from "./page-findings.ts";
import { type PageFacts } from "./page.ts";

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
  const { token, version } = live;
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
