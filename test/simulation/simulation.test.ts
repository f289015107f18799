import { assert as assertProperty, asyncProperty, check } from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { histories } from "./history.ts";
import { type Breach, createFigures, type Figures, renderTable } from "./report.ts";
import { type Rule } from "./world/rules.ts";
import { runHistory } from "./run-history.ts";

const HISTORIES = Number(process.env["SIMULATION_HISTORIES"] ?? 800);
const SEED = Number(process.env["SIMULATION_SEED"] ?? 1);

/** Without a rule, a promise must break within this many histories. */
const MOST_HISTORIES_WITHOUT_A_RULE = 1500;
/** Includes the search for the smallest history that breaks a promise. */
const TIMEOUT_MS = 120_000 + 100 * HISTORIES;

const runs: Record<string, Figures> = {};

afterAll(() => {
  process.stdout.write(`\nSeed ${SEED}\n${renderTable(runs)}\n`);
});

describe.concurrent("the chat routes, in random histories", () => {
  it.each([
    ["with AWS", true],
    ["without AWS", false],
  ])(
    "keep every promise (%s)",
    async (name, hasAws) => {
      const figures = createFigures();
      runs[name] = figures;
      const keepsPromises = asyncProperty(histories, async (history) => {
        const before = { ...figures.breaches };
        await runHistory(history, { hasAws, without: null, figures });
        expect(figures.breaches).toEqual(before);
      });
      await assertProperty(keepsPromises, { seed: SEED, numRuns: HISTORIES });

      // Without these cases, the promises would be kept by chance.
      expect(figures.newestExpected).toBeGreaterThan(HISTORIES);
      expect(figures.thefts).toBeGreaterThan(HISTORIES / 4);
      expect(figures.erasedTempted).toBeGreaterThan(HISTORIES / 20);
      // Not promised, but expected by customers.
      expect(figures.elsewhereOffered / figures.elsewhereExpected).toBeGreaterThan(0.98);
    },
    TIMEOUT_MS,
  );
});

describe.concurrent("the chat routes, without one of their rules", () => {
  const broken: readonly (readonly [Rule, Breach, { readonly hasAws: boolean }])[] = [
    ["lock", "newest chat lost", { hasAws: false }],
    ["merge", "newest chat lost", { hasAws: false }],
    ["ticket", "another's chat", { hasAws: false }],
    ["first writer", "another's chat", { hasAws: false }],
    ["sign-out", "another's chat", { hasAws: false }],
    ["describe contact", "another's chat", { hasAws: true }],
    ["erasure", "erased chat", { hasAws: false }],
  ];

  it.each(broken)(
    "break a promise (%s: %s)",
    async (without, promise, { hasAws }) => {
      const keepsPromise = asyncProperty(histories, async (history) => {
        const figures = createFigures();
        await runHistory(history, { hasAws, without, figures });
        return figures.breaches[promise] === 0;
      });
      const numRuns = MOST_HISTORIES_WITHOUT_A_RULE;
      const { failed } = await check(keepsPromise, { seed: SEED, numRuns, endOnFailure: true });
      expect(failed).toBe(true);
    },
    TIMEOUT_MS,
  );
});
