/**
 * What the service API does with a call: `slow` waits before it looks at the call, and drops the call when its caller
 * has gone; `late` acts at once, and waits before it answers; `down` hangs up.
 */
export const serviceHealths = ["works", "slow", "late", "down", "fails", "throttles", "denies", "garbage"] as const;

export type ServiceHealth = (typeof serviceHealths)[number];

export function isServiceHealth(value: unknown): value is ServiceHealth {
  return serviceHealths.some((health) => health === value);
}
