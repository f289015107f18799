import { patchPolicies } from "../../core/policy/patch-policies.ts";
import { parseContentType } from "../../core/page/content-type.ts";
import { escapeAttribute } from "../../core/page/html-text.ts";
import { decidePage, type Injection } from "./decide-page.ts";
import { readMarkup } from "../site/markup.ts";
import { type Answer, readText } from "../site/request.ts";
import { diffPolicies } from "./policy-diff.ts";

/** What matters for the chat on one page of the site. */
export interface PageFacts {
  readonly path: string;
  readonly status: number;
  /** Why the Worker would leave the page alone, as its log says it; `null`: the page would get the chat. */
  readonly reason: string | null;
  readonly hasTag: boolean;
  readonly charset: string | null;
  readonly encoding: string | null;
  /** What would change in the page's policies, a line per directive. */
  readonly policyChanges: readonly string[];
  readonly hasWidget: boolean;
  readonly launchesByItself: boolean;
  readonly pressesButton: boolean;
  readonly registersServiceWorker: boolean;
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

/** Whether an answer is a page that people look at. The doctor skips all others. */
export function isPage({ headers, status }: Answer): boolean {
  const { essence } = parseContentType(headers.get("content-type"));
  return status === 200 && (essence === "text/html" || essence === "application/xhtml+xml");
}

/** Whether Cloudflare wants to see a browser first. Source: Cloudflare documentation, "Detect a Challenge Page response". */
export function isChallenge({ headers }: Answer): boolean {
  return headers.get("cf-mitigated") === "challenge";
}

export function toPageFacts(answer: Answer, injection: Injection): PageFacts {
  const { chatPath, sources } = injection;
  const { headers, status, url } = answer;
  const html = readText(answer);
  const markup = readMarkup(html, url);
  const encoding = headers.get("content-encoding");
  const reason = isChallenge(answer) ? "status" : decidePage(answer, injection);
  const policies = [
    {
      enforced: headers.get("content-security-policy"),
      reportOnly: headers.get("content-security-policy-report-only"),
    },
    ...markup.metaPolicies.map((enforced) => ({ enforced, reportOnly: null })),
  ];
  const changes = policies.flatMap((found) => {
    const patched = patchPolicies(found, sources, `${url.origin}${chatPath}/`);
    if (!patched.works) return [];
    const { enforced, reportOnly } = patched.policies;
    const ofEnforced = diffPolicies(found.enforced ?? "", enforced ?? "");
    return ofEnforced.concat(diffPolicies(found.reportOnly ?? "", reportOnly ?? ""));
  });
  return {
    path: url.pathname,
    status,
    reason,
    hasTag: hasTag(html, chatPath),
    charset: parseContentType(headers.get("content-type")).charset,
    encoding,
    policyChanges: reason === null ? [...new Set(changes)] : [],
    hasWidget: markup.hasWidget,
    launchesByItself: markup.launchesByItself,
    pressesButton: markup.pressesButton,
    registersServiceWorker: markup.registersServiceWorker,
    caching: {
      cacheControl: headers.get("cache-control"),
      etag: headers.get("etag"),
      isFromCache: Number(headers.get("age") ?? 0) > 0 || headers.get("cf-cache-status") === "HIT",
    },
    isChallenge: isChallenge(answer),
    isFromCloudflare: headers.has("cf-ray"),
  };
}

function hasTag(html: string, chatPath: string): boolean {
  return html.includes(`src="${escapeAttribute(chatPath)}/widget.js"`);
}
