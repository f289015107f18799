/**
 * Lets calls through at a rate, and as many as `burst` at once after a pause.
 *
 * Source: Amazon Connect API Reference, "Best practices for using Amazon Connect APIs" (throttling).
 *
 * @param perSecond How fast it fills.
 * @returns Takes one call, at a time in seconds; whether it may pass.
 */
export function createTokenBucket(perSecond: number, burst: number): (now: number) => boolean {
  let level = burst;
  let filledAt = 0;
  return (now) => {
    level = Math.min(burst, level + Math.max(0, now - filledAt) * perSecond);
    filledAt = now;
    if (level < 1) return false;
    level -= 1;
    return true;
  };
}
