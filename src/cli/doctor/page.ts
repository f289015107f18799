import { patchPolicies } from "../../core/policy/patch-policies.ts";
import { parseContentType } from "../../core/page/content-type.ts";
import { decidePage, type Injection } from "./decide-page.ts";
import { type ConsentBanner } from "../site/consent-banners.ts";
import { readMarkup } from "../site/markup.ts";
import { type Answer, readText } from "../site/request.ts";
import { decideOwnPage, findTags, judgeOwnTag, type OwnTag } from "./own-tag.ts";
import { diffPolicies } from "./policy-diff.ts";

/** What matters for the chat on one page of the site. */
export interface PageFacts {
  readonly path: string;
  readonly status: number;
  /** Why the Worker would leave the page alone, as its log says it; `null`: the page would get the chat. */
  readonly reason: string | null;
  readonly hasTag: boolean;
  /** `null`: a Route leads the page to the Worker, which puts the tag in. */
  readonly ownTag: OwnTag | null;
  readonly charset: string | null;
  readonly encoding: string | null;
  /** What would change in the page's policies, a line per directive. */
  readonly policyChanges: readonly string[];
  readonly hasWidget: boolean;
  readonly launchesByItself: boolean;
  readonly hasOwnStart: boolean;
  /** Vendors of other chats that the page brings. */
  readonly otherChats: readonly string[];
  /** Consent banners that the page brings. */
  readonly consentBanners: readonly ConsentBanner[];
  readonly pressesButton: boolean;
  readonly registersServiceWorker: boolean;
  /** Files of the page's own host that a browser asks for with the page. */
  readonly assets: readonly string[];
  readonly caching: CachingFacts;
  /** Whether Cloudflare asked the doctor to prove that it is human. */
  readonly isChallenge: boolean;
  readonly isFromCloudflare: boolean;
}

export interface CachingFacts {
  readonly cacheControl: string | null;
  readonly etag: string | null;
  /** Whether the answer came from a cache. */
  readonly isFromCache: boolean;
}

/** Whether Cloudflare wants to see a browser first. Source: Cloudflare documentation, "Detect a Challenge Page response". */
export function isChallenge({ headers }: Answer): boolean {
  return headers.get("cf-mitigated") === "challenge";
}

export function toPageFacts(answer: Answer, injection: Injection): PageFacts {
  const { async, chatPath, sources } = injection;
  const { headers, status, url } = answer;
  const markup = readMarkup(readText(answer), url);
  const policies = [
    {
      enforced: headers.get("content-security-policy"),
      reportOnly: headers.get("content-security-policy-report-only"),
    },
    ...markup.metaPolicies.map((enforced) => ({ enforced, reportOnly: null })),
  ];
  const needs = policies.map((found) => {
    const decision = patchPolicies(found, sources, `${url.origin}${chatPath}/`);
    const patched = decision.works ? decision.policies : found;
    return {
      decision,
      lacking: diffPolicies(found.enforced ?? "", patched.enforced ?? ""),
      lackingInReportOnly: diffPolicies(found.reportOnly ?? "", patched.reportOnly ?? ""),
    };
  });
  const nonces = needs.flatMap(({ decision }) => (decision.works ? (decision.nonce ?? []) : []));
  const isIncluded = injection.isIncluded(url.pathname);
  const ownTag = injection.isBesideRoutes(url)
    ? judgeOwnTag(markup.scripts, url, { chatPath, async, nonces, isIncluded })
    : null;
  const decide = () =>
    ownTag === null ? decidePage(answer, injection) : decideOwnPage(ownTag, needs, headers, isIncluded);
  const reason = isChallenge(answer) ? "status" : decide();
  const changes = needs.flatMap(({ lacking, lackingInReportOnly }) => lacking.concat(lackingInReportOnly));
  return {
    path: url.pathname,
    status,
    reason,
    hasTag: findTags(markup.scripts, url, chatPath).length > 0,
    ownTag,
    charset: parseContentType(headers.get("content-type")).charset,
    encoding: headers.get("content-encoding"),
    policyChanges: reason === null || reason === "policies-lack" ? [...new Set(changes)] : [],
    hasWidget: markup.hasWidget,
    launchesByItself: markup.launchesByItself,
    hasOwnStart: markup.hasOwnStart,
    otherChats: markup.otherChats,
    consentBanners: markup.consentBanners,
    pressesButton: markup.pressesButton,
    registersServiceWorker: markup.registersServiceWorker,
    assets: markup.assets.map(({ pathname, search }) => pathname + search),
    caching: {
      cacheControl: headers.get("cache-control"),
      etag: headers.get("etag"),
      isFromCache: Number(headers.get("age") ?? 0) > 0 || headers.get("cf-cache-status") === "HIT",
    },
    isChallenge: isChallenge(answer),
    isFromCloudflare: headers.has("cf-ray"),
  };
}
