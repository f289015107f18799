import { median } from "../bench/median.ts";

/** While caches fill and code is compiled, memory grows. */
const WARM_UP_SHARE = 0.2;

/** workerd collects garbage at any time: memory that it frees later is no leak. */
const TOLERATED_BYTES = 64 * 1024 * 1024;
const TOLERATED_RATIO = 1.3;

/** Medians of the memory after the warm-up and at the end, in bytes. */
export function compareMemory(samples: readonly number[]): { readonly first: number; readonly last: number } {
  const warm = samples.slice(Math.ceil(samples.length * WARM_UP_SHARE));
  const third = Math.ceil(warm.length / 3);
  return { first: median(warm.slice(0, third)), last: median(warm.slice(-third)) };
}

/** Whether the memory grows after the warm-up: by 30 % and by 64 MB. */
export function isGrowing(samples: readonly number[]): boolean {
  const { first, last } = compareMemory(samples);
  return last - first > TOLERATED_BYTES && last > first * TOLERATED_RATIO;
}
