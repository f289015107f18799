import {
  type Arbitrary,
  array,
  assert as assertProperty,
  constantFrom,
  oneof,
  option,
  property,
  string,
} from "fast-check";
import { describe, expect, it } from "vitest";
import { patchPolicies, type PolicyDecision } from "../../../src/core/policy/patch-policies.ts";
import { API, CLIENT, OWN, sources } from "../../core/policy/sources.ts";
import { FUZZ_TIMEOUT_MS, fuzzed } from "../fuzz.ts";
import { mutated } from "../mutation.ts";

/** All words that may be added; a new directive also copies the words of the directive that applied before. */
const ADDED = new Set([`${OWN}widget.js`, OWN, CLIENT, API, "data:", "blob:", "'unsafe-inline'"]);

const POLICIES = [
  "default-src 'self'",
  "default-src 'none'; script-src 'self' 'nonce-r4nd0m' 'strict-dynamic'; style-src 'self' 'nonce-r4nd0m'; object-src 'none'",
  "script-src 'self' https://cdn.example 'unsafe-inline' 'unsafe-eval'; connect-src 'self' wss://live.example; img-src * data:",
  "default-src https:; script-src-elem 'sha256-abc='; worker-src 'none'; report-uri /csp; upgrade-insecure-requests",
  "DEFAULT-SRC 'None';;\tScript-Src\n'SELF' ;frame-ancestors 'none'; default-src *;",
  "default-src 'self', script-src 'self' 'report-sample', frame-ancestors 'self'",
  "",
];
const FRAGMENTS = [
  ";", ",", " ", "\t", "\f", "\v", "\u00a0", "'none'", "'self'", "'NONE'", "*", "https:", "http:", "blob:", "data:", "'nonce-a'", "'nonce-r4nd0m'",
  "'nonce-", "'nonce-\"><script>'", "'sha256-x='", "'strict-dynamic'", "'unsafe-inline'", "'unsafe-hashes'", "sandbox", "sandbox allow-scripts;",
  "; require-trusted-types-for 'script'", "default-src", "; script-src", "; script-src-elem", "; style-src", "; style-src-elem", "; connect-src",
  "; img-src", "; font-src", "; worker-src", "; child-src", "; __proto__", "; constructor", OWN, CLIENT, "https://www.example.com", "$&", "\0", "\u00e9",
]; // prettier-ignore

const policyList: Arbitrary<string> = oneof(
  { weight: 8, arbitrary: mutated(POLICIES, FRAGMENTS, 5) },
  { weight: 2, arbitrary: array(constantFrom(...FRAGMENTS, " "), { maxLength: 15 }).map((pieces) => pieces.join("")) },
  { weight: 1, arbitrary: string({ unit: "binary" }) },
);
const policies = [option(policyList, { freq: 12 }), option(policyList, { freq: 2 })] as const;

const WHITE_SPACE = /[\t\n\f\r ]+/;
const isText = (text: string) => text !== "";

/** One policy as browsers read it: all directives in order, also repeated ones, which have no effect. */
function parsePolicy(text: string): readonly (readonly string[])[] {
  const directives = text.split(";").map((part) => part.split(WHITE_SPACE).filter(isText));
  return directives.filter((words) => words.length > 0);
}

/** Each directive begins with its old words, unchanged; new directives come last. */
function expectOnlyAdded(original: string | null, patched: string | null): void {
  const [before, after] = [original, patched].map((list) => list?.split(",").map(parsePolicy));
  expect(after?.length).toBe(before?.length);
  before?.forEach((directives, index) => {
    const now = after?.[index] ?? [];
    const known = new Set(directives.flatMap((words) => words));
    directives.forEach((words, place) => {
      const found = now[place] ?? [];
      const isNone = words.length === 2 && words[1]?.toLowerCase() === "'none'" && found.length > 1;
      const kept = isNone && found[1]?.toLowerCase() !== "'none'" ? words.slice(0, 1) : words;
      expect(found.slice(0, kept.length)).toEqual(kept);
      expect(found.slice(kept.length).filter((word) => !ADDED.has(word))).toEqual([]);
    });
    for (const [name = "", ...words] of now.slice(directives.length)) {
      expect(directives.map(([other]) => other?.toLowerCase())).not.toContain(name);
      expect(words.filter((word) => !ADDED.has(word) && !known.has(word))).toEqual([]);
    }
  });
}

const FALLBACKS = {
  script: ["script-src-elem", "script-src", "default-src"],
  connect: ["connect-src", "default-src"],
  img: ["img-src", "default-src"],
  font: ["font-src", "default-src"],
  worker: ["worker-src", "child-src", "script-src", "default-src"],
};

/** Whether a policy lets something be loaded from an address. Source: Content Security Policy Level 3, §6.7.2. */
function isAllowed(policy: string, kind: keyof typeof FALLBACKS, address: string, nonce: string | null): boolean {
  const directives = parsePolicy(policy);
  const effective = FALLBACKS[kind]
    .map((name) => directives.find(([found]) => found?.toLowerCase() === name))
    .find((found) => found !== undefined);
  if (effective === undefined) return true;
  const words = effective.slice(1).map((word) => word.toLowerCase());
  const hasNonce = nonce !== null && effective.slice(1).some((word) => /^'nonce-(.*)'$/i.exec(word)?.[1] === nonce);
  if (kind === "script" && hasNonce && words.includes("'strict-dynamic'")) return true;
  // Under 'strict-dynamic', a trusted script may start any worker.
  if (kind === "worker" && words.includes("'strict-dynamic'")) return true;
  if (kind === "script" && hasNonce && address.startsWith(OWN)) return true;
  return words.some((word) => matches(word, address));
}

function matches(word: string, address: string): boolean {
  const isNetwork = /^(?:https|wss):/.test(address);
  if (word === "*") return isNetwork;
  if (word === "'self'") return address.startsWith("https://www.example.com/");
  if (/^[a-z][a-z0-9+.-]*:$/.test(word)) return address.startsWith(word);
  if (word.startsWith("wss://*."))
    return address.startsWith("wss://") && address.includes(word.slice("wss://*".length));
  return word.endsWith("/") ? address.startsWith(word) : address === word || address.startsWith(`${word}/`);
}

const NEEDED = [
  ["script", `${OWN}widget.js`],
  ["script", `${CLIENT}/connectwidget/static/client.js`],
  ["connect", `${OWN}token`],
  ["connect", `${CLIENT}/start`],
  ["connect", "wss://a.transport.connect.eu-central-1.amazonaws.com/socket"],
  ["img", "data:,x"],
  ["img", `${CLIENT}/logo.png`],
  ["font", "data:,x"],
  ["worker", "blob:https://www.example.com/7b9f"],
] as const;

function expectChatAllowed(list: string | null, nonce: string | null): void {
  for (const policy of list?.split(",") ?? []) {
    const refused = NEEDED.filter(([kind, address]) => !isAllowed(policy, kind, address, nonce));
    expect(refused).toEqual([]);
  }
}

const patch = (enforced: string | null, reportOnly: string | null): PolicyDecision =>
  patchPolicies({ enforced, reportOnly }, sources, OWN);

describe("patchPolicies()", () => {
  it("adds to any policy, and changes nothing else", { timeout: FUZZ_TIMEOUT_MS }, () => {
    assertProperty(
      property(...policies, (enforced, reportOnly) => {
        const decision = patch(enforced, reportOnly);
        if (!decision.works) return;
        expectOnlyAdded(enforced, decision.policies.enforced);
        expectOnlyAdded(reportOnly, decision.policies.reportOnly);
        if (decision.nonce !== null)
          expect(enforced?.toLowerCase()).toContain(`'nonce-${decision.nonce.toLowerCase()}'`);
      }),
      fuzzed(3000),
    );
  });

  it("lets the chat in under every policy that it can patch", { timeout: FUZZ_TIMEOUT_MS }, () => {
    assertProperty(
      property(...policies, (enforced, reportOnly) => {
        const decision = patch(enforced, reportOnly);
        if (decision.works) expectChatAllowed(decision.policies.enforced, decision.nonce);
      }),
      fuzzed(3000),
    );
  });

  it("adds nothing the second time", { timeout: FUZZ_TIMEOUT_MS }, () => {
    assertProperty(
      property(...policies, (enforced, reportOnly) => {
        const first = patch(enforced, reportOnly);
        if (first.works) expect(patch(first.policies.enforced, first.policies.reportOnly)).toEqual(first);
      }),
      fuzzed(1500),
    );
  });
});
