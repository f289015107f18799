import { join } from "node:path";
import { type RunningWorker } from "./start-worker.ts";

/** Entry file of the product for tests: they can watch KV and make it fail, move the clock, and stand in for Amazon. */
export const instrumentedEntry = join(import.meta.dirname, "./entries/instrumented.ts");

interface Control {
  /** "loses answers": the calls work, and nobody hears of it. */
  readonly kv?: "works" | "fails" | "hangs" | "loses answers";
  readonly kvCalls?: "all" | "get" | "put";
  /** How many of these calls work before that. */
  readonly kvSpares?: number;
  /** How long each write to KV takes. */
  readonly kvPutMs?: number;
  /** "nothing": reads find nothing, as at a location that has cached the absence. */
  readonly kvShows?: "all" | "nothing";
  readonly clockOffsetSeconds?: number;
  /** As after a deployment with this MODE, or without its bindings. */
  readonly mode?: "configured" | "off" | "unbound";
  /** As after a deployment with these settings instead. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Whether the rate limit works. */
  readonly limit?: "works" | "fails";
  /** How long every call waits before the product sees it. */
  readonly delayMs?: number;
  /** How much shorter the product's time limits for calls of other services are, and its wait for another run. */
  readonly hurry?: number;
  /** What the Worker takes for a random number; `null`: a random one. */
  readonly random?: number | null;
  /** The visitor's country by Cloudflare; `null`: not known. */
  readonly country?: string | null;
  /** Records to write to KV, as they are. */
  readonly store?: Readonly<Record<string, string>>;
}

interface Observation {
  /** Calls since the last `control()`: to KV as "get visitor" or "put contact", to Amazon as "describe contact", "get attributes", "list contacts", "link contact", "stop contact". */
  readonly calls: readonly string[];
  /** Events counted since then, each with outcome and reason. */
  readonly counted: readonly string[];
  readonly stored: Readonly<Record<string, { readonly value: string; readonly expiration: number }>>;
}

/** Applies these changes, sets everything else back to normal, and empties the list of calls. */
export async function control(worker: RunningWorker, changes: Control): Promise<void> {
  await fetch(`${worker.origin}/__test`, { method: "POST", body: JSON.stringify(changes) });
}

/**
 * Moves the Worker's clock away from the real one. `control()` does not set it back.
 *
 * @throws {Error} When the Worker has another entry than the instrumented one.
 */
export async function shiftClock(worker: RunningWorker, clockShiftSeconds: number): Promise<void> {
  const body = JSON.stringify({ clockShiftSeconds });
  const { ok } = await fetch(`${worker.origin}/__test`, { method: "PATCH", body });
  if (!ok) throw new Error("Cannot shift the clock: the Worker has another entry than the instrumented one");
}

export async function observe(worker: RunningWorker): Promise<Observation> {
  const response = await fetch(`${worker.origin}/__test`);
  const observation: Observation = await response.json();
  return observation;
}
