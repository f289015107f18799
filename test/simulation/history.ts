import { type Arbitrary, array, constant, constantFrom, integer, nat, oneof, record } from "fast-check";

/** What may happen, and how often compared with the rest: also where customers take over what was chatted before. */
const ACTS = [
  ["starts a chat", 26, 30],
  ["starts two chats at once", 8, 6],
  ["ends the chat", 14, 14],
  ["closes a tab", 5, 4],
  ["an agent acts", 8, 6],
  ["asks for a token", 18, 14],
  ["opens a page", 8, 8],
  ["travels", 12, 12],
  ["signs in", 10, 16],
  ["signs out unseen by the Worker", 2, 6],
  ["signs out", 6, 8],
  ["asks to be forgotten", 9, 6],
  ["is copied", 8, 6],
  ["sends an old report again", 7, 7],
  ["sends a report to two places", 4, 3],
  ["steals a contact", 12, 8],
  ["Amazon changes", 2, 1],
  ["KV changes", 3, 2],
  ["somebody else sits down", 0, 4],
  ["chats, then signs in", 0, 20],
  ["two customers sign in at once", 0, 6],
  ["is copied, and both sign in", 0, 6],
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

type Weights = readonly { readonly weight: number; readonly arbitrary: Arbitrary<Step["act"]> }[];

const buildSteps = (weights: Weights): Arbitrary<Step> =>
  record({
    afterMs: pauses,
    act: oneof(...weights.filter(({ weight }) => weight > 0)),
    browser: oneof(
      { weight: 4, arbitrary: constant("first") },
      { weight: 3, arbitrary: constant("second") },
      { weight: 2, arbitrary: constant("copy") },
      { weight: 1, arbitrary: constant("thief") },
    ),
    tab: nat(2),
    seed: integer(),
  });

const usual = ACTS.map(([act, weight]) => ({ weight, arbitrary: constant(act) }));
const withCarryOver = ACTS.map(([act, , weight]) => ({ weight, arbitrary: constant(act) }));

export const histories: Arbitrary<History> = record({
  seed: integer(),
  customers: constantFrom([], [], ["Anna", "Anna"], ["Anna", "Anna"], ["Anna", null]),
  steps: array(buildSteps(usual), { minLength: 4, maxLength: 18, size: "max" }),
});

/** More people chat first and sign in later. */
export const historiesWithCarryOver: Arbitrary<History> = record({
  seed: integer(),
  customers: constantFrom([], [], [], [null, "Anna"], ["Anna", null]),
  steps: array(buildSteps(withCarryOver), { minLength: 4, maxLength: 18, size: "max" }),
});
