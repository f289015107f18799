import * as v from "valibot";
import { parseStoredRecord } from "../stored-record.ts";
import { CLOCK_TOLERANCE_SECONDS, TROUBLE_FORGOTTEN_SECONDS } from "../../limits.ts";
import { type KnownTroubles } from "./decide-troubles.ts";
import { type Trouble, TROUBLES } from "./trouble.ts";

/** What the scheduled handler remembers from run to run. */
export interface WatchState {
  /** When it was written, in seconds. */
  readonly at: number;
  /** Mark of the run that wrote it: two runs at once find out by it. */
  readonly run: string;
  readonly known: KnownTroubles;
  /** Whether no trouble could be seen, and the log has said so. */
  readonly isBlind: boolean;
}

const seconds = v.pipe(v.number(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER));
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const knownSchema = v.object({
  since: seconds,
  line: share,
  share,
  count: v.exactOptional(v.pipe(v.number(), v.minValue(0), v.finite())),
  quietSince: v.exactOptional(seconds),
});
const stateSchema = v.object({
  v: v.literal(1),
  at: seconds,
  run: v.string(),
  known: v.record(v.string(), knownSchema),
  isBlind: v.optional(v.boolean(), false),
});

/** Before the first run. */
export const FIRST_STATE: WatchState = { at: 0, run: "", known: {}, isBlind: false };

/** @param text What KV holds; `null`: nothing. */
export function parseWatchState(text: string | null): WatchState | "newer" | "unreadable" {
  if (text === null) return FIRST_STATE;
  const state = parseStoredRecord(text, stateSchema);
  if (typeof state === "string") return state;
  const { at, run, known, isBlind } = state;
  return {
    at,
    run,
    known: Object.fromEntries(Object.entries(known).filter(([trouble]) => isTrouble(trouble))),
    isBlind,
  };
}

function isTrouble(name: string): name is Trouble {
  return TROUBLES.some((trouble) => trouble === name);
}

export function formatWatchState({ at, run, known, isBlind }: WatchState): string {
  return JSON.stringify({ v: 1, at, run, known, ...(isBlind && { isBlind }) });
}

/**
 * Takes the known troubles as fresh from now where the clock has jumped since they were written, back or by more than a day:
 * their times say nothing then, and they stay known, so that nobody is told of them twice.
 *
 * @returns Which way it jumped; `null` where it did not.
 */
export function settleClock(
  state: WatchState,
  now: number,
): { readonly state: WatchState; readonly jumped: "back" | "ahead" | null } {
  const isKnown = Object.keys(state.known).length > 0;
  const age = now - state.at;
  const jumped = age < -CLOCK_TOLERANCE_SECONDS ? "back" : isKnown && age > TROUBLE_FORGOTTEN_SECONDS ? "ahead" : null;
  if (jumped === null) return { state, jumped };
  const known = Object.fromEntries(
    Object.entries(state.known).map(([trouble, { quietSince: _quiet, ...kept }]) => [trouble, { ...kept, since: now }]),
  );
  return { state: { ...state, at: now, known }, jumped };
}
