import { MOST_SHARE } from "../../limits.ts";
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

/** What most of a failure has in common; empty where nothing is known, and where nothing is more than all others. */
export interface MostOf {
  readonly browser: string;
  /** Amazon's status of a refused start. */
  readonly status: string;
}

/** The browser that tells of most of a failure, and Amazon's status that most of it has. */
export function findMost(details: readonly FailureDetail[], failure: Failure): MostOf {
  const own = details.filter(({ outcome }) => outcome === failure);
  const all = addUp(own);
  const most = (of: (detail: FailureDetail) => string) =>
    [...Map.groupBy(own, of)].find(([, group]) => addUp(group) > MOST_SHARE * all)?.[0] ?? "";
  return { browser: most(({ browser }) => browser), status: most(({ reason }) => reason) };
}

function addUp(details: readonly FailureDetail[]): number {
  return details.reduce((sum, { counted }) => sum + counted, 0);
}
