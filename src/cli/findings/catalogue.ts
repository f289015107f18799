import { BLOCKS } from "./catalogue/blocks.ts";
import { NOTES } from "./catalogue/notes.ts";
import { WARNS } from "./catalogue/warns.ts";

/** How much a finding matters: `blocks` makes the verdict bad. */
export type Weight = "blocks" | "warns" | "notes";

interface Advice {
  readonly what: string;
  readonly todo: string;
}

const WEIGHTS: readonly Weight[] = ["blocks", "warns", "notes"];

/** A finding's code is stable. For a page that is left alone, the code is the Worker's own reason. */
export type FindingCode = keyof typeof BLOCKS | keyof typeof WARNS | keyof typeof NOTES;

const CATALOGUE: Readonly<Record<FindingCode, Advice>> = { ...BLOCKS, ...WARNS, ...NOTES };

/** One thing that the owner should know, and what to do. */
export interface Finding extends Advice {
  readonly code: FindingCode;
  readonly weight: Weight;
  /** Paths of the pages with this finding; empty: the finding is about the whole site. */
  readonly pages: readonly string[];
  /** Facts, a line each. */
  readonly details: readonly string[];
}

export const FINDING_CODES: readonly FindingCode[] = Object.keys(CATALOGUE).filter(isFindingCode);

export function isFindingCode(text: string): text is FindingCode {
  return Object.hasOwn(CATALOGUE, text);
}

type Circumstances = Partial<Pick<Finding, "pages" | "details" | "weight">>;

export function buildFinding(code: FindingCode, { pages = [], details = [], weight }: Circumstances = {}): Finding {
  return { code, weight: weight ?? weigh(code), ...CATALOGUE[code], pages, details };
}

/** Whether a finding of this code makes the verdict bad, as a rule. */
export function isBlocking(code: FindingCode): boolean {
  return weigh(code) === "blocks";
}

function weigh(code: FindingCode): Weight {
  if (code in BLOCKS) return "blocks";
  return code in WARNS ? "warns" : "notes";
}

/** Sorts by weight, the heaviest first; findings of one weight stay in the catalogue's order. */
export function sortFindings(findings: readonly Finding[]): readonly Finding[] {
  const rank = ({ code, weight }: Finding) =>
    WEIGHTS.indexOf(weight) * FINDING_CODES.length + FINDING_CODES.indexOf(code);
  return findings.toSorted((a, b) => rank(a) - rank(b));
}
