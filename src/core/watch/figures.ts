import { type Failure } from "../outcome/outcome.ts";
import { MAX_COUNTED_PER_NETWORK } from "../../limits.ts";

/** What was counted in a span of time. */
export interface Figures {
  /** Pages that got the chat. */
  readonly pages: number;
  readonly tokens: number;
  /** Tokens that named a past chat. */
  readonly offered: number;
  readonly failures: readonly FailureCount[];
}

/** How often browsers of one network told one failure. */
export interface FailureCount {
  readonly failure: Failure;
  /** Family of the browser. */
  readonly browser: string;
  /** Number of the network in that hour; empty where it is not known. */
  readonly network: string;
  /** Number of the network's operator in that hour; empty where it is not known. */
  readonly operator: string;
  /** Amazon's status of a refused start, where the browser knew it. */
  readonly status?: string;
  readonly count: number;
}

/** A failure, counted so that one caller who tells it again and again does not weigh more than a few visitors. */
export interface WeighedFailure {
  readonly count: number;
  readonly networks: number;
  readonly operators: number;
  /** Share of the operator with the most networks, from 0 to 1. */
  readonly largestOperator: number;
}

/**
 * Counts a failure, at most MAX_COUNTED_PER_NETWORK times for each network: anybody can tell of failures, and a network has
 * few visitors.
 */
export function weighFailure({ failures }: Figures, failure: Failure): WeighedFailure {
  const byNetwork = new Map<string, number>();
  const operatorOf = new Map<string, string>();
  for (const { count, network, operator } of failures.filter((counted) => counted.failure === failure)) {
    byNetwork.set(network, (byNetwork.get(network) ?? 0) + count);
    operatorOf.set(network, operator);
  }
  const networksOf = new Map<string, number>();
  for (const operator of operatorOf.values()) networksOf.set(operator, (networksOf.get(operator) ?? 0) + 1);
  const networks = byNetwork.size;
  return {
    count: [...byNetwork.values()].reduce((sum, count) => sum + Math.min(count, MAX_COUNTED_PER_NETWORK), 0),
    networks,
    operators: networksOf.size,
    largestOperator: networks === 0 ? 0 : Math.max(...networksOf.values()) / networks,
  };
}
