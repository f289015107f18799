import { assert as assertProperty, asyncProperty, check } from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { histories, historiesWithCarryOver } from "./history.ts";
import { type Breach, createFigures, type Figures, renderTable } from "./report.ts";
import { type Rule } from "./world/rules.ts";
import { type Mode, setupOf } from "./world/setups.ts";
import { runHistory } from "./run-history.ts";

/** A history with links takes twice as long. */
const HISTORIES: Readonly<Record<Mode, number>> = {
  "flow with AWS": 800,
  "flow without AWS": 800,
  worker: 400,
  "carry-over without AWS": 500,
  "carry-over by worker": 300,
};
const WANTED = process.env["SIMULATION_HISTORIES"];
const SEED = Number(process.env["SIMULATION_SEED"] ?? 1);

/** Without a rule, a promise must break within this many histories. */
const MOST_HISTORIES_WITHOUT_A_RULE = 1500;
/** Includes the search for the smallest history that breaks a promise. */
const TIMEOUT_MS = 600_000 + 500 * Number(WANTED ?? 0);

const historiesOf = (mode: Mode) => (setupOf(mode).carriesOver ? historiesWithCarryOver : histories);

const runs: Record<string, Figures> = {};

afterAll(() => {
  process.stdout.write(`\nSeed ${SEED}\n${renderTable(runs)}\n`);
});

describe.concurrent("the chat routes, in random histories", () => {
  it.each<Mode>(["flow with AWS", "flow without AWS", "worker", "carry-over without AWS", "carry-over by worker"])(
    "keep every promise (%s)",
    async (mode) => {
      const { carriesOver, linkBy } = setupOf(mode);
      const numRuns = Number(WANTED ?? HISTORIES[mode]);
      const figures = createFigures();
      runs[mode] = figures;
      const keepsPromises = asyncProperty(historiesOf(mode), async (history) => {
        const before = { ...figures.breaches };
        await runHistory(history, { mode, without: null, figures });
        expect(figures.breaches).toEqual(before);
      });
      await assertProperty(keepsPromises, { seed: SEED, numRuns });

      // Without these cases, the promises would be kept by chance.
      expect(figures.newestExpected).toBeGreaterThan(numRuns);
      expect(figures.thefts).toBeGreaterThan(numRuns / 4);
      expect(figures.erasedTempted).toBeGreaterThan(numRuns / 20);
      if (linkBy === "worker") {
        expect(figures.newestLinkExpected).toBeGreaterThan(numRuns / 2);
        expect(figures.erasedLinkTempted).toBeGreaterThan(numRuns / 20);
        expect(figures.abandonedEnded).toBeGreaterThan(numRuns / 10);
      }
      if (carriesOver) {
        expect(figures.carryOverExpected).toBeGreaterThan(numRuns / 4);
        expect(figures.takenFromOthers).toBeGreaterThan(numRuns / 20);
        expect(figures.carriedOver / figures.carryOverExpected).toBeGreaterThan(0.98);
      }
      // Not promised, but expected by customers.
      expect(figures.elsewhereOffered / figures.elsewhereExpected).toBeGreaterThan(0.98);
    },
    TIMEOUT_MS,
  );
});

describe.concurrent("the chat routes, without one of their rules", () => {
  const broken: readonly (readonly [Rule, Breach, Mode])[] = [
    ["lock", "newest chat lost", "flow without AWS"],
    ["merge", "newest chat lost", "flow without AWS"],
    ["ticket", "another's chat", "flow without AWS"],
    ["first writer", "another's chat", "flow without AWS"],
    ["sign-out", "another's chat", "flow without AWS"],
    ["describe contact", "another's chat", "flow with AWS"],
    ["erasure", "erased chat", "flow without AWS"],
    ["new chat's owner", "another's chat linked", "worker"],
    ["past chat's owner", "another's chat linked", "worker"],
    ["client token", "linked twice", "worker"],
    ["link once", "linked twice", "worker"],
    ["erasure", "erased chat linked", "worker"],
    ["other tabs", "live chat ended", "worker"],
    ["customers' devices", "live chat ended", "worker"],
    ["carry-over once", "carried over twice", "carry-over without AWS"],
    ["carry-over once", "offered to the old cookie", "carry-over without AWS"],
    ["carry-over in time", "carried over too late", "carry-over without AWS"],
    ["guests only", "another's chat carried over", "carry-over without AWS"],
    ["sign-out", "carried over after a sign-out", "carry-over without AWS"],
    ["erasure", "forgotten chat carried over", "carry-over without AWS"],
  ];

  it.each(broken)(
    "break a promise (%s: %s)",
    async (without, promise, mode) => {
      const keepsPromise = asyncProperty(historiesOf(mode), async (history) => {
        const figures = createFigures();
        await runHistory(history, { mode, without, figures });
        return figures.breaches[promise] === 0;
      });
      const numRuns = MOST_HISTORIES_WITHOUT_A_RULE;
      const { failed } = await check(keepsPromise, { seed: SEED, numRuns, endOnFailure: true });
      expect(failed).toBe(true);
    },
    TIMEOUT_MS,
  );
});
