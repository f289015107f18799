import { setTimeout as sleep } from "node:timers/promises";

/** Shortest time between two requests: Connect's quotas for most of these calls are 2 a second, for all callers together. */
const PAUSE_MS = 500;

/** @returns Waits until the next request may go: at most 2 a second, however many are waiting. */
export function createPace(pauseMs = PAUSE_MS): () => Promise<void> {
  let nextAt = 0;
  return async () => {
    const now = performance.now();
    const at = Math.max(now, nextAt);
    nextAt = at + pauseMs;
    await sleep(at - now);
  };
}
