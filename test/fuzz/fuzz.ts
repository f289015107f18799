import { defaultReportMessage, type Parameters } from "fast-check";

/** What `npm run fuzz` sets; without it, a few inputs that are always the same. */
const ASKED_SEED = process.env["FUZZ_SEED"];
const SEED = Number(ASKED_SEED ?? 1);

/** How many times more `npm run fuzz` tries with one seed. */
const FACTOR = 20;

/** A bound for what hangs, with room for finding the smallest input that fails. */
export const FUZZ_TIMEOUT_MS = ASKED_SEED === undefined ? 120_000 : 900_000;

/**
 * How a property is tried.
 *
 * @param inputs How many of them, where nobody asks for more.
 */
export function fuzzed<Input>(inputs: number): Parameters<Input> {
  return {
    seed: SEED,
    numRuns: ASKED_SEED === undefined ? inputs : FACTOR * inputs,
    // What has failed by then is shown, however long it would take to find the smallest.
    interruptAfterTimeLimit: 0.9 * FUZZ_TIMEOUT_MS,
    markInterruptAsFailure: true,
    reporter(details) {
      if (!details.failed) return;
      const message = `${defaultReportMessage(details)}\n\nTo repeat it: FUZZ_SEED=${SEED} npm run fuzz`;
      throw new Error(message, { cause: details.errorInstance });
    },
  };
}
