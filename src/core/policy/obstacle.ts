import { findEffective, has, noncesOf, type Policy } from "./content-security-policy.ts";
import { type ChatSources } from "./chat-sources.ts";

/** Why the chat cannot work with a page's policies. */
export type PolicyReason =
  | "csp-no-script"
  | "csp-unreadable"
  | "csp-sandbox"
  | "csp-trusted-types"
  | "csp-strict-dynamic"
  | "csp-style-hashes";

const HASH = /^'sha(?:256|384|512)-/i;
// A keyword, nonce or hash, a scheme, a wildcard or a host. Any other text allows no script, such as 'unsafe-eval' alone,
// or none without its quotes.
const ALLOWS_SCRIPT =
  /^(?:'(?:self|unsafe-inline|nonce-[^']+|sha(?:256|384|512)-[^']+)'|\*|(?!about:)[a-z][a-z\d+.-]*:|[^']*[.*]|localhost)/i;

/** A script element has one nonce: the one of a policy that accepts nothing else, or else the first one found. */
export function chooseNonce(policies: readonly Policy[]): string | null {
  const scripts = policies.map((policy) => findEffective(policy, "script"));
  const strict = scripts.filter((directive) => has(directive, "'strict-dynamic'"));
  return [...strict, ...scripts].flatMap(noncesOf)[0] ?? null;
}

/** The reason why the chat cannot work with a policy; `null` where it can. */
export function findObstacle(policy: Policy, nonce: string | null, { hasStyles }: ChatSources): PolicyReason | null {
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
