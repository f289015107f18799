import { join } from "node:path";
import { type RunningWorker } from "./start-worker.ts";

/** Entry file of the product with a KV that can be watched and made to fail, and a clock that can be moved. */
export const instrumentedEntry = join(import.meta.dirname, "entries/instrumented.ts");

interface Control {
  readonly kv?: "works" | "fails" | "hangs";
  readonly kvCalls?: "all" | "get" | "put";
  /** "nothing": reads find nothing, as at a location that has cached that. */
  readonly kvShows?: "all" | "nothing";
  readonly clockOffsetSeconds?: number;
  /** As after a deployment with this MODE. */
  readonly mode?: "on" | "off";
  /** How long every call waits before the product sees it. */
  readonly delayMs?: number;
  /** Written to KV as it is. */
  readonly store?: Readonly<Record<string, string>>;
}

interface Observation {
  /** KV calls since the last change, as "get visitor" or "put contact". */
  readonly calls: readonly string[];
  readonly stored: Readonly<Record<string, { readonly value: string; readonly expiration: number }>>;
}

/** Sets what is named, the rest back to normal, and forgets the calls seen so far. */
export async function control(worker: RunningWorker, changes: Control): Promise<void> {
  await fetch(`${worker.origin}/__test`, { method: "POST", body: JSON.stringify(changes) });
}

export async function observe(worker: RunningWorker): Promise<Observation> {
  const response = await fetch(`${worker.origin}/__test`);
  const observation: Observation = await response.json();
  return observation;
}
