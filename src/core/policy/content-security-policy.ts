import { MAX_DIRECTIVES, MAX_POLICIES, MAX_POLICY_CHARS } from "../../limits.ts";

/** The widget's sources, by directive, beside our own routes. */
export interface ChatSources {
  readonly script: readonly string[];
  readonly connect: readonly string[];
  readonly image: readonly string[];
  readonly font: readonly string[];
  readonly worker: readonly string[];
  /** Whether the widget brings inline styles. */
  readonly hasStyles: boolean;
}

/** Why the chat cannot work with a page's policies. */
export type PolicyReason =
  | "csp-no-script"
  | "csp-unreadable"
  | "csp-sandbox"
  | "csp-trusted-types"
  | "csp-strict-dynamic"
  | "csp-style-hashes";

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

interface Directive {
  readonly name: string;
  readonly sources: readonly string[];
  /** The values in the form that browsers compare: keywords, schemes and hosts in lower case, paths unchanged. */
  readonly allowed: ReadonlySet<string>;
  /** Position after its name. */
  readonly nameEnd: number;
  /** Position after its last character that is not white space. */
  readonly end: number;
}

interface Policy {
  readonly text: string;
  readonly directives: ReadonlyMap<string, Directive>;
}

/**
 * Whether a list is too long, or has a character that is neither printable ASCII nor white space.
 *
 * The length is limited since each policy of the list gets all sources. Chromium drops a directive with such a character
 * in its value, and takes U+000B for white space (measured); the standard says neither.
 */
function isUnreadable(list: string | null): boolean {
  if (list === null) return false;
  const isLong = list.length > MAX_POLICY_CHARS || list.split(",").length > MAX_POLICIES;
  return isLong || list.split(";").length > MAX_DIRECTIVES || /[^\t\n\f\r\x20-\x7e]/.test(list);
}

function splitPolicies(list: string | null): Policy[] {
  // A directive's value has no comma, so every comma separates two policies.
  return list === null ? [] : list.split(",").map(parsePolicy);
}

// In a policy fewer characters are white space than in JavaScript. Source: Content Security Policy Level 3, §2.2.1.
const WORD = /[^\t\n\f\r ]+/g;

/** Of two directives with one name, the first one counts. */
function parsePolicy(text: string): Policy {
  const directives = new Map<string, Directive>();
  let start = 0;
  for (const part of text.split(";")) {
    const words = [...part.matchAll(WORD)];
    const [name = "", ...sources] = words.map(([word]) => word);
    const ends = words.map(({ 0: word, index }) => start + index + word.length);
    const [nameEnd = 0] = ends;
    const end = ends.at(-1);
    const key = name.toLowerCase();
    if (end !== undefined && !directives.has(key))
      directives.set(key, { name: key, sources, allowed: new Set(sources.map(foldSource)), nameEnd, end });
    start += part.length + 1;
  }
  return { text, directives };
}

function foldSource(source: string): string {
  return source.replace(/^[^/]*(?:\/\/[^/]*)?/, (start) => start.toLowerCase());
}

const FALLBACKS = {
  script: ["script-src-elem", "script-src", "default-src"],
  style: ["style-src-elem", "style-src", "default-src"],
  connect: ["connect-src", "default-src"],
  image: ["img-src", "default-src"],
  font: ["font-src", "default-src"],
  worker: ["worker-src", "child-src", "script-src", "default-src"],
} as const;

type Kind = keyof typeof FALLBACKS;

// For each kind, the directives that may get sources; another directive is copied to one of these first.
const OWN_DIRECTIVES: Record<Kind, readonly string[]> = {
  script: ["script-src-elem", "script-src"],
  style: ["style-src-elem", "style-src"],
  connect: ["connect-src"],
  image: ["img-src"],
  font: ["font-src"],
  worker: ["worker-src"],
};

const NEW_DIRECTIVE: Record<Kind, string> = {
  script: "script-src",
  style: "style-src",
  connect: "connect-src",
  image: "img-src",
  font: "font-src",
  worker: "worker-src",
};

function findEffective({ directives }: Policy, kind: Kind): Directive | null {
  for (const name of FALLBACKS[kind]) {
    const directive = directives.get(name);
    if (directive !== undefined) return directive;
  }
  return null;
}

/** `https:` for any host, or one, or all below one, also with a path. Source: Content Security Policy Level 3, §2.3.1. */
export const HTTPS_SOURCE = /^https:(?:\/\/(?:\*\.)?[a-z\d-]+(?:\.[a-z\d-]+)*(?::\d+)?(?:\/[\w/.~%+-]*)?)?$/i;

const NONCE = /^'nonce-([^']+)'$/i;
const HASH = /^'sha(?:256|384|512)-/i;
// A keyword, nonce or hash, a scheme, a wildcard or a host. Any other text allows no script, such as 'unsafe-eval' alone,
// or none without its quotes.
const ALLOWS_SCRIPT =
  /^(?:'(?:self|unsafe-inline|nonce-[^']+|sha(?:256|384|512)-[^']+)'|\*|(?!about:)[a-z][a-z\d+.-]*:|[^']*[.*]|localhost)/i;

function noncesOf(directive: Directive | null): string[] {
  return (directive?.sources ?? []).map((source) => NONCE.exec(source)?.[1]).filter((nonce) => nonce !== undefined);
}

function has(directive: Directive | null, keyword: string): boolean {
  return directive?.allowed.has(keyword) ?? false;
}

/** A script element has one nonce: the one of a policy that accepts nothing else, or else the first one found. */
function chooseNonce(policies: readonly Policy[]): string | null {
  const scripts = policies.map((policy) => findEffective(policy, "script"));
  const strict = scripts.filter((directive) => has(directive, "'strict-dynamic'"));
  return [...strict, ...scripts].flatMap(noncesOf)[0] ?? null;
}

function findObstacle(policy: Policy, nonce: string | null, { hasStyles }: ChatSources): PolicyReason | null {
  if (policy.directives.has("sandbox")) return "csp-sandbox";
  // Amazon's loader assigns the address of its script as plain text, which Trusted Types forbid.
  const trustedTypes = policy.directives.get("require-trusted-types-for") ?? null;
  if (has(trustedTypes, "'script'")) return "csp-trusted-types";
  const script = findEffective(policy, "script");
  // For example an uploaded file: our script would be its only one, and would widen the policy.
  if (script !== null && !script.sources.some((source) => ALLOWS_SCRIPT.test(source))) return "csp-no-script";
  const isOurNonce = nonce !== null && noncesOf(script).includes(nonce);
  if (has(script, "'strict-dynamic'") && !isOurNonce) return "csp-strict-dynamic";
  const style = findEffective(policy, "style");
  const hasHashes = style?.sources.some((source) => HASH.test(source)) ?? false;
  return hasStyles && hasHashes && noncesOf(style).length === 0 ? "csp-style-hashes" : null;
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
  for (const kind of Object.keys(FALLBACKS).filter(isKind)) {
    const directive = findEffective(policy, kind);
    if (directive === null) continue;
    const missing = needs[kind].filter((source) => !isCovered(source, directive, { own, ownOrigin }));
    if (missing.length === 0) continue;
    if (OWN_DIRECTIVES[kind].includes(directive.name)) {
      insertions.set(directive.end, ` ${missing.join(" ")}`);
    } else {
      const copied = directive.sources.filter((source) => source.toLowerCase() !== "'none'");
      created.push([NEW_DIRECTIVE[kind], ...copied, ...missing].join(" "));
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
  return name in FALLBACKS;
}
