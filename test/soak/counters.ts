/** How often each thing happened; the `FAULTS` must not happen. */
export interface Counters {
  pages: number;
  tokens: number;
  chats: number;
  forgettings: number;
  signOuts: number;
  attacks: number;
  /** Words that browsers told of what happened to the chat. */
  outcomes: number;
  /** Visitors who got no chat while it had switched itself off. */
  emptyScripts: number;
  /** Live chats that got no chat meanwhile. */
  lostWidgets: number;
  /** Words that were not counted, or counted too often. */
  miscounted: number;
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
  "lostWidgets",
  "miscounted",
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
    outcomes: 0,
    emptyScripts: 0,
    lostWidgets: 0,
    miscounted: 0,
    foreignIds: 0,
    brokenContinuities: 0,
    changedPages: 0,
    unexpectedAnswers: 0,
    succeededAttacks: 0,
    errors: 0,
  };
}
