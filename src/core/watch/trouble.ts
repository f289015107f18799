import { type Failure, FAILURES } from "../outcome/outcome.ts";
import { type Figures, weigh, weighFailures } from "./figures.ts";

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
  /** Failures, each network's word three times at most; for `chats-gone`, the chats. */
  readonly count: number;
  /** What they are a share of; for `chats-gone`, the pages. */
  readonly base: number;
  /** From 0 to 1. */
  readonly share: number;
}

export function measureTrouble(figures: Figures, trouble: Trouble): Measure {
  // Every token counts, since too many say at most that the chat works.
  if (trouble === "chats-gone") return toMeasure(figures.tokens, figures.pages);
  const { count } = weighFailures(figures, [trouble]);
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

/** The same of the week before, `null` where it is not known: no browser told anything then. */
export function measureBefore(weekBefore: Figures, trouble: Trouble): Measure | null {
  if (!weekBefore.hasOutcomes) return null;
  // One address can get many tokens: what is compared with takes many networks.
  if (trouble === "chats-gone") return toMeasure(weigh(weekBefore.opened).count, weekBefore.pages);
  const measure = measureTrouble(weekBefore, trouble);
  return measure.base + measure.count > 0 ? measure : null;
}

function toMeasure(count: number, base: number): Measure {
  return { count, base, share: base === 0 ? 0 : Math.min(1, count / base) };
}

/**
 * Whether more pages failed than were counted: with a tag by hand, and for pages from a cache, the Worker counts none, and a
 * share says nothing.
 */
export function isUncounted(failure: Failure, { count, base }: Measure): boolean {
  return BASE_OF[failure] === "pages" && count > base;
}
