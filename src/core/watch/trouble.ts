import { type Failure, FAILURES } from "../outcome/outcome.ts";
import { type Figures, weighFailure } from "./figures.ts";

/** What may be wrong with the chat: a failure that browsers tell of, or no chats at all where there were many. */
export type Trouble = Failure | "chats-gone";

export const TROUBLES: readonly Trouble[] = [...FAILURES, "chats-gone"];

/** What a failure is a share of. */
export type Base = "pages" | "chats" | "continued";

export const BASE_OF: Readonly<Record<Failure, Base>> = {
  "client-failed": "pages",
  "policy-blocked": "pages",
  "never-ready": "pages",
  "token-refused": "chats",
  "start-refused": "chats",
  "connection-lost": "chats",
  "history-missing": "continued",
};

/** A trouble in the figures of an hour. */
export interface Measure {
  /** Failures, as they are weighed; for `chats-gone`, the tokens. */
  readonly count: number;
  /** What they are a share of; for `chats-gone`, the pages. */
  readonly base: number;
  /** From 0 to 1. Pages from another cache are not counted, so there may be more failures than pages. */
  readonly share: number;
}

export function measureTrouble(figures: Figures, trouble: Trouble): Measure {
  if (trouble === "chats-gone") return toMeasure(figures.tokens, figures.pages);
  const { count } = weighFailure(figures, trouble);
  switch (BASE_OF[trouble]) {
    case "pages":
      return toMeasure(count, figures.pages);
    case "chats":
      // A refused token was not issued.
      return toMeasure(count, figures.tokens + (trouble === "token-refused" ? count : 0));
    case "continued":
      return toMeasure(count, figures.offered);
  }
}

function toMeasure(count: number, base: number): Measure {
  return { count, base, share: base === 0 ? 0 : Math.min(1, count / base) };
}

/** The browser that tells of most of it, and Amazon's status that most of it has; empty where nothing is known. */
export function findMost(figures: Figures, failure: Failure): { readonly browser: string; readonly status: string } {
  const failures = figures.failures.filter((counted) => counted.failure === failure);
  const most = (of: (counted: (typeof failures)[number]) => string) => {
    const weights = [...new Set(failures.map(of))].map((value) => ({
      value,
      weight: weighFailure({ ...figures, failures: failures.filter((counted) => of(counted) === value) }, failure)
        .count,
    }));
    return weights.toSorted((a, b) => b.weight - a.weight)[0]?.value ?? "";
  };
  return { browser: most(({ browser }) => browser), status: most(({ status = "" }) => status) };
}
