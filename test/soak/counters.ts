/** How often each thing happened; the `FAULTS` must not happen. */
export interface Counters {
  pages: number;
  tokens: number;
  chats: number;
  forgettings: number;
  signOuts: number;
  attacks: number;
  /** Tokens with a contact id of somebody else. */
  foreignIds: number;
  /** Tokens without the newest chat of that visitor. */
  brokenContinuities: number;
  changedPages: number;
  unexpectedAnswers: number;
  succeededAttacks: number;
  /** Lines of level error in the Worker's log, and requests that failed. */
  errors: number;
}

export const FAULTS = [
  "foreignIds",
  "brokenContinuities",
  "changedPages",
  "unexpectedAnswers",
  "succeededAttacks",
  "errors",
] as const satisfies readonly (keyof Counters)[];

export function createCounters(): Counters {
  return {
    pages: 0,
    tokens: 0,
    chats: 0,
    forgettings: 0,
    signOuts: 0,
    attacks: 0,
    foreignIds: 0,
    brokenContinuities: 0,
    changedPages: 0,
    unexpectedAnswers: 0,
    succeededAttacks: 0,
    errors: 0,
  };
}
