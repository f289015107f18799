import { type Failure } from "../outcome/outcome.ts";

/** How often browsers of one family told a failure, each network at most MAX_COUNTED_PER_NETWORK times. */
export interface FailureDetail {
  readonly outcome: string;
  /** Family of the browser; empty where it is not known. */
  readonly browser: string;
  /** Amazon's status of a refused start; empty where it is not known. */
  readonly reason: string;
  readonly counted: number;
}

/** What most of a failure has in common; empty where nothing is known. */
export interface MostOf {
  readonly browser: string;
  /** Amazon's status of a refused start. */
  readonly status: string;
}

/** The browser that tells of most of a failure, and Amazon's status that most of it has. */
export function findMost(details: readonly FailureDetail[], failure: Failure): MostOf {
  const own = details.filter(({ outcome }) => outcome === failure);
  const most = (of: (detail: FailureDetail) => string) =>
    [...Map.groupBy(own, of)]
      .map(([value, group]) => ({ value, count: group.reduce((sum, { counted }) => sum + counted, 0) }))
      .toSorted((a, b) => b.count - a.count)[0]?.value ?? "";
  return { browser: most(({ browser }) => browser), status: most(({ reason }) => reason) };
}
