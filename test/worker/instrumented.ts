import { join } from "node:path";
import { type RunningWorker } from "./start-worker.ts";

/** Entry file of the product with a KV that can be watched and made to fail, a clock that can be moved, and an Amazon that is elsewhere. */
export const instrumentedEntry = join(import.meta.dirname, "./entries/instrumented.ts");

interface Control {
  readonly kv?: "works" | "fails" | "hangs";
  readonly kvCalls?: "all" | "get" | "put";
  /** "nothing": reads find nothing, as at a location that has cached that. */
  readonly kvShows?: "all" | "nothing";
  readonly clockOffsetSeconds?: number;
  /** As after a deployment with this MODE, or without its bindings. */
  readonly mode?: "configured" | "off" | "unbound";
  /** As after a deployment with these instead. */
  readonly settings?: Readonly<Record<string, string>>;
  /** What happens when calls are counted. */
  readonly limit?: "works" | "fails";
  /** How long every call waits before the product sees it. */
  readonly delayMs?: number;
  /** Written to KV as it is. */
  readonly store?: Readonly<Record<string, string>>;
}

interface Observation {
  /** Calls since the last change: of KV as "get visitor" or "put contact", of Amazon as "describe contact". */
  readonly calls: readonly string[];
  /** What was counted since then: event, outcome and reason. */
  readonly counted: readonly string[];
  readonly stored: Readonly<Record<string, { readonly value: string; readonly expiration: number }>>;
}

/** Sets what is named, the rest back to normal, and forgets the calls seen so far. */
export async function control(worker: RunningWorker, changes: Control): Promise<void> {
  await fetch(`${worker.origin}/__test`, { method: "POST", body: JSON.stringify(changes) });
}

/**
 * Sets the clock of this Worker apart from the real one, whatever `control` does to it.
 *
 * @throws {Error} When it has another entry.
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
