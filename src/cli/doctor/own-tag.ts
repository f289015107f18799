import { decideByResponse } from "../../core/page/injection.ts";
import { renderScriptTag } from "../../core/page/script-tag.ts";
import { type PolicyDecision } from "../../core/policy/patch-policies.ts";
import { type ScriptElement } from "../site/markup.ts";

/** The tag that the owner has written into a page to which no Route leads. */
export interface OwnTag {
  readonly isThere: boolean;
  /** Whether a browser runs it in time. */
  readonly works: boolean;
  /** What is wrong with it, also where it works. */
  readonly problems: readonly string[];
  /** The right tag for this page. */
  readonly expected: string;
}

interface Expected {
  readonly chatPath: string;
  readonly async: boolean;
  /** The nonces that the page's policies want. */
  readonly nonces: readonly string[];
  /** Whether the page shall have the chat. */
  readonly isIncluded: boolean;
}

const NONCE = "nonce of the policy";

/** @param scripts All scripts of the page that have an address, in their order. */
export function judgeOwnTag(scripts: readonly ScriptElement[], page: URL, expected: Expected): OwnTag {
  const { async, chatPath, isIncluded, nonces } = expected;
  const tags = findTags(scripts, page, chatPath);
  const isBehindWidget = !async && tags.some((tag) => scripts.slice(0, scripts.indexOf(tag)).some((s) => s.isWidget));
  const faults = [
    ...tags.flatMap((tag) => findFaults(tag, expected)),
    ...(isBehindWidget ? ["behind the widget's own snippet"] : []),
  ];
  const flaws = [
    ...tags.flatMap((tag) => findFlaws(tag, expected)),
    ...(tags.length > 1 ? [`in the page ${tags.length} times`] : []),
    ...(tags.length > 0 && !isIncluded ? ["in a page that INCLUDE_PATHS or EXCLUDE_PATHS leaves out"] : []),
  ];
  return {
    isThere: tags.length > 0,
    works: faults.length === 0,
    problems: [...new Set([...faults, ...flaws])],
    expected: renderScriptTag({ chatPath, async, nonce: nonces.length === 0 ? null : NONCE }),
  };
}

/** The elements that load the Worker's script. */
export function findTags(scripts: readonly ScriptElement[], page: URL, chatPath: string): readonly ScriptElement[] {
  const { host, pathname } = new URL(`${chatPath}/widget.js`, page);
  return scripts.filter(({ url }) => url?.host === host && url.pathname === pathname);
}

const isJavaScript = (type: string) => /^(?:|(?:text|application)\/javascript)$/i.test(type.trim());

/** Attributes with which a browser does not run the script, or too late. */
function findFaults({ attributes }: ScriptElement, { async, nonces }: Expected): string[] {
  const wrong = [...attributes].filter(([name, value]) => {
    if (name === "type") return !isJavaScript(value);
    // The script changes with each version.
    if (name === "integrity" || name === "nomodule") return true;
    return !async && (name === "async" || name === "defer");
  });
  const lacksNonce = nonces.some((nonce) => nonce !== attributes.get("nonce"));
  return [
    ...wrong.map(([name, value]) => (value === "" ? name : `${name}="${value}"`)),
    ...(lacksNonce ? ["without the nonce of the page's policy"] : []),
  ];
}

/** Attributes without which the script works, but not everywhere, or makes the page wait. */
function findFlaws({ attributes }: ScriptElement, { async }: Expected): string[] {
  const names = [...attributes.keys()];
  const isKnownToRocketLoader =
    attributes.get("data-cfasync") === "false" && names.indexOf("data-cfasync") < names.indexOf("src");
  return [
    ...(isKnownToRocketLoader ? [] : ['without data-cfasync="false" before src']),
    ...(async && !attributes.has("async") ? ["without async"] : []),
  ];
}

/** A page's policies, and what the chat adds to those that are enforced. */
export interface PolicyNeed {
  readonly decision: PolicyDecision;
  readonly lacking: readonly string[];
}

/**
 * Decides as a browser does about a page with the owner's own tag, which gets no help from the Worker.
 *
 * @param headers The page's headers that could keep the client out.
 * @returns Why the page has no chat; `null`: the page has it.
 */
export function decideOwnPage(
  tag: OwnTag,
  policies: readonly PolicyNeed[],
  headers: Headers,
  isIncluded: boolean,
): string | null {
  if (!isIncluded) return "excluded-path";
  if (!tag.isThere) return "own-tag-missing";
  if (!tag.works) return "own-tag-wrong";
  const byHeaders = decideByResponse({
    ...ANY_PAGE,
    embedderPolicy: headers.get("cross-origin-embedder-policy"),
    integrityPolicy: headers.get("integrity-policy"),
  });
  if (!byHeaders.inject) return byHeaders.reason;
  for (const { decision } of policies) if (!decision.works) return decision.reason;
  return policies.some(({ lacking }) => lacking.length > 0) ? "policies-lack" : null;
}

const ANY_PAGE = {
  status: 200,
  contentType: "text/html",
  contentEncoding: null,
  contentLength: null,
  contentDisposition: null,
  cacheControl: null,
};
