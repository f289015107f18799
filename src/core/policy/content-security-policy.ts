import { MAX_DIRECTIVES, MAX_POLICIES, MAX_POLICY_CHARS } from "../../limits.ts";

export interface Directive {
  readonly name: string;
  readonly sources: readonly string[];
  /** The values in the form that browsers compare: keywords, schemes and hosts in lower case, paths unchanged. */
  readonly allowed: ReadonlySet<string>;
  /** Position after its name. */
  readonly nameEnd: number;
  /** Position after its last character that is not white space. */
  readonly end: number;
}

export interface Policy {
  readonly text: string;
  readonly directives: ReadonlyMap<string, Directive>;
}

/**
 * Whether a list is too long, or has a character that is neither printable ASCII nor white space.
 *
 * The length is limited since each policy of the list gets all sources. Chromium drops a directive with such a character
 * in its value, and takes U+000B for white space (measured); the standard says neither.
 */
export function isUnreadable(list: string | null): boolean {
  if (list === null) return false;
  const isLong = list.length > MAX_POLICY_CHARS || list.split(",").length > MAX_POLICIES;
  return isLong || list.split(";").length > MAX_DIRECTIVES || /[^\t\n\f\r\x20-\x7e]/.test(list);
}

export function splitPolicies(list: string | null): Policy[] {
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

/**
 * The directives that govern each kind of source: the first one in a policy counts.
 *
 * `own` ones are for this kind alone and may get sources. A `shared` one is copied to the last `own` one first.
 */
export const DIRECTIVES = {
  script: { own: ["script-src-elem", "script-src"], shared: ["default-src"] },
  style: { own: ["style-src-elem", "style-src"], shared: ["default-src"] },
  connect: { own: ["connect-src"], shared: ["default-src"] },
  image: { own: ["img-src"], shared: ["default-src"] },
  font: { own: ["font-src"], shared: ["default-src"] },
  worker: { own: ["worker-src"], shared: ["child-src", "script-src", "default-src"] },
};

export type Kind = keyof typeof DIRECTIVES;

/** The directive of a policy that governs a kind of source; `null` where the policy allows all. */
export function findEffective({ directives }: Policy, kind: Kind): Directive | null {
  const { own, shared } = DIRECTIVES[kind];
  for (const name of [...own, ...shared]) {
    const directive = directives.get(name);
    if (directive !== undefined) return directive;
  }
  return null;
}

/** `https:` for any host, or one, or all below one, also with a path. Source: Content Security Policy Level 3, §2.3.1. */
export const HTTPS_SOURCE = /^https:(?:\/\/(?:\*\.)?[a-z\d-]+(?:\.[a-z\d-]+)*(?::\d+)?(?:\/[\w/.~%+-]*)?)?$/i;

const NONCE = /^'nonce-([^']+)'$/i;
export function noncesOf(directive: Directive | null): string[] {
  return (directive?.sources ?? []).map((source) => NONCE.exec(source)?.[1]).filter((nonce) => nonce !== undefined);
}

export function has(directive: Directive | null, keyword: string): boolean {
  return directive?.allowed.has(keyword) ?? false;
}
