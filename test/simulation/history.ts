import { type Arbitrary, array, constant, constantFrom, integer, nat, oneof, record } from "fast-check";

/** What may happen, and how often compared with the rest. */
const ACTS = [
  ["starts a chat", 26],
  ["starts two chats at once", 8],
  ["ends the chat", 14],
  ["closes a tab", 5],
  ["an agent acts", 8],
  ["asks for a token", 18],
  ["opens a page", 8],
  ["travels", 12],
  ["signs in", 10],
  ["signs out unseen by the Worker", 2],
  ["signs out", 6],
  ["asks to be forgotten", 9],
  ["is copied", 8],
  ["sends an old report again", 7],
  ["sends a report to two places", 4],
  ["steals a contact", 12],
  ["Amazon changes", 2],
  ["KV changes", 3],
] as const;

/** The browsers: two visitors', a copy of one of them, and a thief's. */
export const BROWSERS = ["first", "second", "copy", "thief"] as const;

export interface Step {
  /** Time since the step before, which may not be finished, in milliseconds. */
  readonly afterMs: number;
  readonly act: (typeof ACTS)[number][0];
  readonly browser: (typeof BROWSERS)[number];
  readonly tab: number;
  /** Decides everything else that is random in this step. */
  readonly seed: number;
}

/** What people do with their browsers, and which services fail meanwhile. */
export interface History {
  readonly seed: number;
  /** The customer who is signed in at each visitor's browser at the start. */
  readonly customers: readonly (string | null)[];
  readonly steps: readonly Step[];
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;

const pauses = oneof(
  { weight: 7, arbitrary: nat(SECOND / 2) },
  { weight: 4, arbitrary: integer({ min: SECOND, max: 20 * SECOND }) },
  { weight: 5, arbitrary: integer({ min: 20 * SECOND, max: 150 * SECOND }) },
  { weight: 2, arbitrary: integer({ min: 3 * MINUTE, max: 90 * MINUTE }) },
  { weight: 1, arbitrary: integer({ min: DAY, max: 8 * DAY }) },
);

const steps: Arbitrary<Step> = record({
  afterMs: pauses,
  act: oneof(...ACTS.map(([act, weight]) => ({ weight, arbitrary: constant(act) }))),
  browser: oneof(
    { weight: 4, arbitrary: constant("first") },
    { weight: 3, arbitrary: constant("second") },
    { weight: 2, arbitrary: constant("copy") },
    { weight: 1, arbitrary: constant("thief") },
  ),
  tab: nat(2),
  seed: integer(),
});

export const histories: Arbitrary<History> = record({
  seed: integer(),
  customers: constantFrom([], [], ["Anna", "Anna"], ["Anna", "Anna"], ["Anna", null]),
  steps: array(steps, { minLength: 4, maxLength: 18, size: "max" }),
});
