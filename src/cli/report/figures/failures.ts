import { describeFailure } from "../../../core/outcome/advice.ts";
import { type Failure, FAILURES } from "../../../core/outcome/outcome.ts";
import { type Count, type ReportFigures, pick, sum, totalBy } from "./report-figures.ts";

/** A failure that browsers told, with all that is known of it. */
export interface FailureTotal {
  readonly failure: Failure;
  /** Amazon's status of a refused start; empty where there is none. */
  readonly status: string;
  /** What failed, as a clause. */
  readonly what: string;
  readonly todo: string;
  readonly count: number;
  /** `null` where browsers told nothing in the days before: an older version, or OUTCOMES=0. */
  readonly before: number | null;
  /** The browser family and the version of most of them, each with its count. */
  readonly browser: { readonly key: string; readonly count: number };
  readonly version: { readonly key: string; readonly count: number };
  /** Those of that browser with that version. */
  readonly both: number;
}

const isFailure = (word: string): word is Failure => FAILURES.some((failure) => failure === word);

/** The counts of failures in browsers. A word of another version that this one does not know is left out. */
export function pickFailures<T extends { readonly event: string; readonly outcome: string }>(
  counts: readonly T[],
): T[] {
  return pick(counts, "browser.outcome").filter(({ outcome }) => isFailure(outcome));
}

/** Whether browsers told anything at all. */
export function hasTold(counts: readonly Count[]): boolean {
  return pick(counts, "browser.outcome").length > 0;
}

/** The failures, the most frequent first. */
export function buildFailures({ counts, before }: ReportFigures): FailureTotal[] {
  const groups = Map.groupBy(pickFailures(counts), toKey);
  const earlier = Map.groupBy(pickFailures(before), toKey);
  const isKnown = hasTold(before);
  return [...groups]
    .flatMap(([key, rows]) => {
      const [first] = rows;
      const count = sum(rows);
      if (first === undefined || !isFailure(first.outcome) || count === 0) return [];
      const { outcome: failure, reason: status } = first;
      const { what, todo } = describeFailure(failure, status);
      const [browser, version] = [mostOf(rows, "browser"), mostOf(rows, "version")];
      return {
        failure,
        status,
        what,
        todo,
        count,
        before: isKnown ? sum(earlier.get(key) ?? []) : null,
        browser,
        version,
        both: sum(rows.filter((row) => row.browser === browser.key && row.version === version.key)),
      };
    })
    .toSorted((a, b) => b.count - a.count);
}

const toKey = ({ outcome, reason }: Count) => JSON.stringify([outcome, reason]);

function mostOf(rows: readonly Count[], field: "browser" | "version"): { key: string; count: number } {
  return totalBy(rows, (row) => row[field])[0] ?? { key: "", count: 0 };
}
