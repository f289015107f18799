import { type ChatSources } from "./chat-sources.ts";
import {
  type Directive,
  DIRECTIVES,
  findEffective,
  has,
  isUnreadable,
  type Kind,
  noncesOf,
  type Policy,
  splitPolicies,
} from "./content-security-policy.ts";
import { chooseNonce, findObstacle, type PolicyReason } from "./obstacle.ts";

/** The page's policies: each is a comma-separated list, `null` where there is none. */
export interface Policies {
  readonly enforced: string | null;
  readonly reportOnly: string | null;
}

export type PolicyDecision =
  | { readonly works: true; readonly policies: Policies; readonly nonce: string | null }
  | { readonly works: false; readonly reason: PolicyReason };

/**
 * Adds the chat's sources to a page's policies, and changes no other byte of them.
 *
 * Browsers enforce all policies, so each one is patched. A nonce or hash is never added: it would switch off
 * `'unsafe-inline'` and with it the site's own scripts.
 *
 * @param own Our own routes: a prefix such as `https://www.example.com/_chat/`.
 * @returns The nonce for our script element, `null` where it needs none; or the reason why no change helps.
 * Source: Content Security Policy Level 3, §6.8.1 (fallback), §6.7.2 (matching), §8.2 ('strict-dynamic').
 */
export function patchPolicies(policies: Policies, sources: ChatSources, own: string): PolicyDecision {
  if (isUnreadable(policies.enforced)) return { works: false, reason: "csp-unreadable" };
  const enforced = splitPolicies(policies.enforced);
  const nonce = chooseNonce(enforced);
  const reason = enforced.map((policy) => findObstacle(policy, nonce, sources)).find((found) => found !== null);
  if (reason !== undefined) return { works: false, reason };
  const needs = { nonce, sources, own, ownOrigin: new URL(own).origin };
  const patchAll = (list: string | null) => {
    if (list === null || isUnreadable(list)) return list;
    return splitPolicies(list)
      .map((policy) => patchPolicy(policy, needs))
      .join(",");
  };
  const patched = { enforced: patchAll(policies.enforced), reportOnly: patchAll(policies.reportOnly) };
  return { works: true, policies: patched, nonce };
}

interface Needs {
  /** The nonce of our script element. */
  readonly nonce: string | null;
  readonly sources: ChatSources;
  readonly own: string;
  readonly ownOrigin: string;
}

function patchPolicy(policy: Policy, { nonce, sources, own, ownOrigin }: Needs): string {
  const script = findEffective(policy, "script");
  const isOurNonce = nonce !== null && noncesOf(script).includes(nonce);
  const needs: Record<Kind, readonly string[]> = {
    // With 'strict-dynamic' hosts do not count, and our script may load more. Only the path of our script is added, not the
    // prefix: some sites take "/_chat/..%2fuploads/x.js" for "/uploads/x.js".
    script: has(script, "'strict-dynamic'") ? [] : [...(isOurNonce ? [] : [`${own}widget.js`]), ...sources.script],
    style: sources.hasStyles ? stylesNeeded(findEffective(policy, "style")) : [],
    connect: [own, ...sources.connect],
    image: sources.image,
    font: sources.font,
    // A new directive would forbid workers of the site that 'strict-dynamic' allows in some browsers.
    worker: has(findEffective(policy, "worker"), "'strict-dynamic'") ? [] : sources.worker,
  };
  const insertions = new Map<number, string>();
  const created: string[] = [];
  for (const kind of Object.keys(DIRECTIVES).filter(isKind)) {
    const directive = findEffective(policy, kind);
    if (directive === null) continue;
    const missing = needs[kind].filter((source) => !isCovered(source, directive, { own, ownOrigin }));
    if (missing.length === 0) continue;
    const owned = DIRECTIVES[kind].own;
    if (owned.includes(directive.name)) {
      insertions.set(directive.end, ` ${missing.join(" ")}`);
    } else {
      const copied = directive.sources.filter((source) => source.toLowerCase() !== "'none'");
      created.push([owned.at(-1), ...copied, ...missing].join(" "));
    }
  }
  const patched = insertAll(policy, insertions);
  return created.length === 0 ? patched : [patched.replace(/;[\t\n\f\r ]*$/, ""), ...created].join("; ");
}

function stylesNeeded(style: Directive | null): readonly string[] {
  // The widget's own styles carry the nonce.
  return style === null || noncesOf(style).length > 0 ? [] : ["'unsafe-inline'"];
}

/** Whether a source is allowed already. Not complete: adding a source twice does no harm. */
function isCovered(
  needed: string,
  { allowed }: Directive,
  { own, ownOrigin }: Pick<Needs, "own" | "ownOrigin">,
): boolean {
  if (allowed.has(needed)) return true;
  if (needed.endsWith(":") || needed.startsWith("'")) return false;
  if (needed.startsWith(own) && (allowed.has("'self'") || allowed.has(ownOrigin))) return true;
  return allowed.has("*") || (allowed.has("https:") && needed.startsWith("https:"));
}

/** Inserts texts at their positions, and removes a lone `'none'`. */
function insertAll({ text, directives }: Policy, insertions: ReadonlyMap<number, string>): string {
  let patched = "";
  let from = 0;
  for (const { sources, allowed, nameEnd, end } of directives.values()) {
    const inserted = insertions.get(end);
    if (inserted === undefined) continue;
    // Browsers ignore 'none' beside other sources.
    const isNone = sources.length === 1 && allowed.has("'none'");
    patched += text.slice(from, isNone ? nameEnd : end) + inserted;
    from = end;
  }
  return patched + text.slice(from);
}

function isKind(name: string): name is Kind {
  return name in DIRECTIVES;
}
