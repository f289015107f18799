import { expect, it } from "vitest";
import { createPace } from "../../../../src/cli/connect/aws/pace.ts";

it("createPace() lets each caller wait one pause longer than the one before", async () => {
  const PAUSE_MS = 40;
  const begunAt = performance.now();
  const waitForTurn = createPace(PAUSE_MS);
  const waited = await Promise.all(
    Array.from({ length: 5 }, async () => {
      await waitForTurn();
      return performance.now() - begunAt;
    }),
  );
  // Timers may fire a millisecond early.
  for (const [index, ms] of waited.entries()) expect(ms).toBeGreaterThanOrEqual(index * PAUSE_MS - 2);
});
