import { defaultReportMessage, type Parameters } from "fast-check";

/** `npm run fuzz` sets it; without it, a few inputs are tried that are always the same. */
const ASKED_SEED = process.env["FUZZ_SEED"];
const SEED = Number(ASKED_SEED ?? 1);

/** How many times more `npm run fuzz` tries with one seed. */
const FACTOR = 20;

/** Ends a test that hangs; leaves time to find the smallest input that fails. */
export const FUZZ_TIMEOUT_MS = ASKED_SEED === undefined ? 120_000 : 900_000;

/**
 * How a property is tried.
 *
 * @param inputs How many inputs `npm test` tries.
 */
export function fuzzed<Input>(inputs: number): Parameters<Input> {
  return {
    seed: SEED,
    numRuns: ASKED_SEED === undefined ? inputs : FACTOR * inputs,
    // By then a failure is shown, also where a smaller failing input is still looked for.
    interruptAfterTimeLimit: 0.9 * FUZZ_TIMEOUT_MS,
    markInterruptAsFailure: true,
    reporter(details) {
      if (!details.failed) return;
      const message = `${defaultReportMessage(details)}\n\nTo repeat it: FUZZ_SEED=${SEED} npm run fuzz`;
      throw new Error(message, { cause: details.errorInstance });
    },
  };
}
