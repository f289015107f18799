import { type Figures, type OperatorCount, type OperatorFailures } from "../../../src/core/watch/figures.ts";
import { type Failure } from "../../../src/core/outcome/outcome.ts";

/** Failures, told from networks that are spread evenly over operators, so many from each network. */
export function failuresOf(failure: Failure, networks: number, { operators = 5, each = 1 } = {}): OperatorFailures[] {
  return Array.from({ length: Math.min(operators, networks) }, (_none, operator) => {
    const own = Math.ceil((networks - operator) / operators);
    return { failure, operator: `${operator}`, networks: own, count: own * each };
  });
}

/** Chats that were opened, each from a network of its own. */
export function openedOf(networks: number, operators = 5): OperatorCount[] {
  return failuresOf("client-failed", networks, { operators }).map(({ failure: _none, ...count }) => count);
}

/** An hour of a shop: 1,000 pages, 50 chats, 30 of them continued. */
export function hourOf(changes: Partial<Figures> = {}): Figures {
  return { pages: 1000, tokens: 50, offered: 30, hasOutcomes: true, failures: [], opened: openedOf(45), ...changes };
}
