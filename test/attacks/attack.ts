import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { settings } from "../worker/settings.ts";
import { type AnsweringWorker, type RunningWorker, startWorker } from "../worker/start-worker.ts";
import { startWorkerd } from "../worker/start-workerd.ts";
import { createProductWithout, type Edit } from "./product-without.ts";

type Settings = Readonly<Record<string, string>>;

/** The product, or the product without a guard. */
export interface Target {
  /** Where a file of it is, such as an entry for the playground. */
  readonly path: (file: string) => string;
  /** Starts it with the instrumented entry, on settings that are fine but for these. */
  readonly start: (vars?: Settings) => Promise<RunningWorker>;
  /** The same with its own entry on workerd alone, for attacks that are a matter of bytes. */
  readonly startBare: (vars?: Settings) => Promise<AnsweringWorker>;
}

/** An attack of the threat model in SECURITY.md. */
export interface Attack {
  /** The same words as in that page's table. */
  readonly name: string;
  /** Takes the guard away that stops it; several edits where a second guard would stop it as well. */
  readonly withoutGuard: Edit | readonly Edit[];
  /** @returns Whether the attacker has what they wanted. */
  readonly attempt: (target: Target) => Promise<boolean>;
}

const ROOT = join(import.meta.dirname, "../..");

/** Every attack fails against the product. */
export function describeRefusals(title: string, attacks: readonly Attack[]): void {
  describe.each(attacks)(`${title}: $name`, ({ attempt }) => {
    const { createTarget } = useTargets();

    it("is refused", async () => {
      expect(await attempt(createTarget((file) => join(ROOT, file)))).toBe(false);
    });
  });
}

/** Every attack succeeds against the product without the one guard: it is tried in the right way. */
export function describeGuards(title: string, attacks: readonly Attack[]): void {
  describe.each(attacks)(`${title}: $name`, ({ attempt, withoutGuard }) => {
    const { closers, createTarget } = useTargets();

    it("succeeds where its guard is left out", async () => {
      const product = createProductWithout([withoutGuard].flat());
      closers.push(() => product.remove());
      expect(await attempt(createTarget((file) => product.path(file)))).toBe(true);
    });
  });
}

/** Targets whose Workers end with the tests. */
function useTargets() {
  const closers: (() => Promise<void> | void)[] = [];
  afterAll(async () => {
    for (const close of closers.toReversed()) await close();
  });
  const started = <Worker extends AnsweringWorker>(worker: Worker) => {
    closers.push(() => worker.close());
    return worker;
  };
  const createTarget = (path: Target["path"]): Target => ({
    path,
    start: async (vars) =>
      started(
        await startWorker({ entry: path("test/worker/entries/instrumented.ts"), vars: { ...settings, ...vars } }),
      ),
    startBare: async (vars) =>
      started(await startWorkerd({ entry: path("src/index.ts"), vars: { ...settings, ...vars } })),
  });
  return { closers, createTarget };
}
