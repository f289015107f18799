import { type FailureCount, type Figures } from "../../../src/core/watch/figures.ts";
import { type Failure } from "../../../src/core/outcome/outcome.ts";

/** Failures of so many networks, one each. */
export function failuresOf(failure: Failure, networks: number, changes: Partial<FailureCount> = {}): FailureCount[] {
  return Array.from({ length: networks }, (_none, index) => ({
    failure,
    browser: "safari",
    network: `${failure} ${index}`,
    operator: "1",
    count: 1,
    ...changes,
  }));
}

/** An hour of a shop: 1,000 pages, 50 chats, 30 of them continued. */
export function hourOf(changes: Partial<Figures> = {}): Figures {
  return { pages: 1000, tokens: 50, offered: 30, failures: [], ...changes };
}
