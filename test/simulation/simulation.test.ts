import { assert as assertProperty, asyncProperty, check } from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { histories } from "./history.ts";
import { type Breach, createFigures, type Figures, renderTable } from "./report.ts";
import { type Rule } from "./world/rules.ts";
import { type Mode } from "./world/world.ts";
import { runHistory } from "./run-history.ts";

const HISTORIES = Number(process.env["SIMULATION_HISTORIES"] ?? 800);
const SEED = Number(process.env["SIMULATION_SEED"] ?? 1);

/** Without a rule, a promise must break within this many histories. */
const MOST_HISTORIES_WITHOUT_A_RULE = 1500;
/** Includes the search for the smallest history that breaks a promise. */
const TIMEOUT_MS = 600_000 + 300 * HISTORIES;

const runs: Record<string, Figures> = {};

afterAll(() => {
  process.stdout.write(`\nSeed ${SEED}\n${renderTable(runs)}\n`);
});

describe.concurrent("the chat routes, in random histories", () => {
  it.each<Mode>(["AWS", "no AWS", "LINK_BY=worker"])(
    "keep every promise (%s)",
    async (mode) => {
      const figures = createFigures();
      runs[mode] = figures;
      const keepsPromises = asyncProperty(histories, async (history) => {
        const before = { ...figures.breaches };
        await runHistory(history, { mode, without: null, figures });
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
  const broken: readonly (readonly [Rule, Breach, Mode])[] = [
    ["lock", "newest chat lost", "no AWS"],
    ["merge", "newest chat lost", "no AWS"],
    ["ticket", "another's chat", "no AWS"],
    ["first writer", "another's chat", "no AWS"],
    ["sign-out", "another's chat", "no AWS"],
    ["describe contact", "another's chat", "AWS"],
    ["erasure", "erased chat", "no AWS"],
    ["new chat's owner", "another's chat linked", "LINK_BY=worker"],
    ["past chat's owner", "another's chat linked", "LINK_BY=worker"],
    ["link once", "linked twice", "LINK_BY=worker"],
    ["erasure", "erased chat linked", "LINK_BY=worker"],
    ["other tabs", "live chat ended", "LINK_BY=worker"],
    ["customers' devices", "live chat ended", "LINK_BY=worker"],
  ];

  it.each(broken)(
    "break a promise (%s: %s)",
    async (without, promise, mode) => {
      const keepsPromise = asyncProperty(histories, async (history) => {
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
