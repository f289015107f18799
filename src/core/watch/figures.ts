import { MAX_COUNTED_PER_NETWORK } from "../../limits.ts";
import { type Failure, FAILURES } from "../outcome/outcome.ts";

/** A span of time, in seconds since 1970: after `from`, up to and with `to`. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** What was counted in a span of time. */
export interface Figures {
  /** Pages that got the chat. */
  readonly pages: number;
  readonly tokens: number;
  /** Tokens that named a past chat. */
  readonly offered: number;
  /** Whether browsers told anything. An older version, and OUTCOMES=0, has them tell nothing: that nothing failed is not known then. */
  readonly hasOutcomes: boolean;
  readonly failures: readonly OperatorFailures[];
  /** Page views in which a visitor opened the chat. */
  readonly opened: readonly OperatorCount[];
}

/** What the networks of one operator told. */
export interface OperatorCount {
  /** Number of the operator in that hour; empty where it is not known. */
  readonly operator: string;
  /** Networks that told it. */
  readonly networks: number;
  /** How often they told it: each network at most MAX_COUNTED_PER_NETWORK times, since anybody can tell anything. */
  readonly count: number;
}

export interface OperatorFailures extends OperatorCount {
  readonly failure: Failure;
}

/** One row of the counts of a span. */
export interface FigureRow {
  readonly event: string;
  readonly outcome: string;
  readonly operator: string;
  readonly networks: number;
  /** Each network at most MAX_COUNTED_PER_NETWORK times. */
  readonly counted: number;
  readonly total: number;
}

/** Adds up the rows of a span. Events and outcomes that this version does not know count for nothing: a newer one wrote them. */
export function toFigures(rows: readonly FigureRow[]): Figures {
  const counted = rows.filter(({ total }) => total > 0);
  const total = (of: (row: FigureRow) => boolean) => counted.filter(of).reduce((sum, row) => sum + row.total, 0);
  return {
    pages: total(({ event }) => event === "page.injected"),
    tokens: total(({ event }) => event === "token.issued"),
    offered: total(({ event, outcome }) => event === "token.issued" && outcome !== "none"),
    hasOutcomes: counted.some(({ event }) => event === "browser.outcome"),
    failures: counted.flatMap((row) => {
      const { event, outcome } = row;
      return event === "browser.outcome" && isFailure(outcome) ? [{ failure: outcome, ...toCount(row) }] : [];
    }),
    opened: counted.filter(({ event, outcome }) => event === "browser.outcome" && outcome === "opened").map(toCount),
  };
}

function toCount({ operator, networks, counted }: FigureRow): OperatorCount {
  return { operator, networks, count: counted };
}

function isFailure(outcome: string): outcome is Failure {
  return FAILURES.some((failure) => failure === outcome);
}

/**
 * The figures with those page views alone in which a client loads: by ROLLOUT_PERCENT, the others never could fail.
 *
 * @param rolloutPercent As it is now, also for figures from before it was changed: what it was then is not counted.
 */
export function onlyLoading(figures: Figures, rolloutPercent: number): Figures {
  return { ...figures, pages: (figures.pages * rolloutPercent) / 100 };
}

/** What was told, counted so that few callers who tell it often do not weigh more than a few visitors. */
export interface Weight {
  readonly count: number;
  readonly networks: number;
  readonly operators: number;
}

/** Of one operator, so much counts at most. */
export interface OperatorLimit {
  readonly count: number;
  readonly networks?: number;
}

const NO_LIMIT: OperatorLimit = { count: Infinity };

/** Adds failures up over the operators of networks: see `weigh()`. */
export function weighFailures({ failures }: Figures, which: readonly Failure[], most = NO_LIMIT): Weight {
  return weigh(
    failures.filter(({ failure }) => which.includes(failure)),
    most,
  );
}

/**
 * Adds up over the operators of networks, each with at most so many networks and words: whoever rents one machine gets thousands
 * of networks of one operator.
 *
 * With several failures, a network that told of each is not known from networks that told of one. So an operator has at least
 * as many networks as told of its most frequent failure, and no network counts more often than with one failure.
 *
 * @param most Of one operator. Without it, each counts in full.
 */
export function weigh(told: readonly OperatorCount[], most = NO_LIMIT): Weight {
  const weights = [...Map.groupBy(told, ({ operator }) => operator).values()].map((own) => {
    const networks = Math.max(...own.map((each) => each.networks));
    const count = own.reduce((sum, each) => sum + each.count, 0);
    return {
      networks: Math.min(networks, most.networks ?? Infinity),
      count: Math.min(count, networks * MAX_COUNTED_PER_NETWORK, most.count),
    };
  });
  return {
    count: weights.reduce((sum, { count }) => sum + count, 0),
    networks: weights.reduce((sum, { networks }) => sum + networks, 0),
    operators: weights.length,
  };
}
