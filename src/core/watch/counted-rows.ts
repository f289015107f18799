import { type Failure, FAILURES } from "../outcome/outcome.ts";
import { type FailureCount, type Figures } from "./figures.ts";

/** One row of the counts of an hour. */
export interface CountedRow {
  readonly event: string;
  readonly outcome: string;
  readonly reason: string;
  readonly browser: string;
  readonly network: string;
  readonly operator: string;
  readonly count: number;
}

/** Adds up the rows of an hour. Events and outcomes that this version does not know count for nothing: a newer one wrote them. */
export function toFigures(rows: readonly CountedRow[]): Figures {
  const counted = rows.filter(({ count }) => count > 0);
  const total = (of: (row: CountedRow) => boolean) => counted.filter(of).reduce((sum, { count }) => sum + count, 0);
  return {
    pages: total(({ event }) => event === "page.injected"),
    tokens: total(({ event }) => event === "token.issued"),
    offered: total(({ event, outcome }) => event === "token.issued" && outcome !== "none"),
    failures: counted.flatMap(toFailure),
  };
}

function toFailure({ event, outcome, reason, browser, network, operator, count }: CountedRow): FailureCount[] {
  if (event !== "browser.outcome" || !isFailure(outcome)) return [];
  return [{ failure: outcome, browser, network, operator, count, ...(reason !== "" && { status: reason }) }];
}

function isFailure(outcome: string): outcome is Failure {
  return FAILURES.some((failure) => failure === outcome);
}
