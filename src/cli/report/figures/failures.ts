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
  /** `null` where nothing is known of the days before. */
  readonly before: number | null;
  /** The browser family and the version of most of them, each with its count. */
  readonly browser: { readonly key: string; readonly count: number };
  readonly version: { readonly key: string; readonly count: number };
}

const isFailure = (word: string): word is Failure => FAILURES.some((failure) => failure === word);

/** The counts of failures in browsers. A word of another version that this one does not know is left out. */
export function pickFailures<T extends { readonly event: string; readonly outcome: string }>(
  counts: readonly T[],
): T[] {
  return pick(counts, "browser.outcome").filter(({ outcome }) => isFailure(outcome));
}

/** The failures, the most frequent first. */
export function buildFailures({ counts, before }: ReportFigures): FailureTotal[] {
  const groups = Map.groupBy(pickFailures(counts), toKey);
  const earlier = Map.groupBy(pickFailures(before), toKey);
  return [...groups]
    .flatMap(([key, rows]) => {
      const [first] = rows;
      const count = sum(rows);
      if (first === undefined || !isFailure(first.outcome) || count === 0) return [];
      const { outcome: failure, reason: status } = first;
      const { what, todo } = describeFailure(failure, status);
      return {
        failure,
        status,
        what,
        todo,
        count,
        before: before.length === 0 ? null : sum(earlier.get(key) ?? []),
        browser: mostOf(rows, "browser"),
        version: mostOf(rows, "version"),
      };
    })
    .toSorted((a, b) => b.count - a.count);
}

const toKey = ({ outcome, reason }: Count) => JSON.stringify([outcome, reason]);

function mostOf(rows: readonly Count[], field: "browser" | "version"): { key: string; count: number } {
  return totalBy(rows, (row) => row[field])[0] ?? { key: "", count: 0 };
}
