import { CONTACTS_UNTIL_PAUSE, MAX_CONNECT_PAUSE_SECONDS } from "../limits.ts";

/** Tells when no calls are made, after calls without an answer. `now` is in seconds. */
export interface CallPauses {
  isPausing(action: string, now: number): boolean;
  /** @param contact What was asked about. A visitor can invent a contact that Amazon refuses: one such contact must not keep others from their history. */
  noteSilence(action: string, contact: string, isThrottled: boolean, now: number): void;
  noteAnswer(action: string): void;
}

interface Pause {
  seconds: number;
  until: number;
  /** Contacts without an answer since the last answer. */
  readonly unanswered: Set<string>;
}

/** Stands for every action: throttled calls pause together, since the quotas are those of a whole instance. */
const ALL = "*";

export function createCallPauses(): CallPauses {
  const pauses = new Map<string, Pause>();
  const read = (action: string): Pause => {
    const pause = pauses.get(action) ?? { seconds: 0, until: 0, unanswered: new Set() };
    pauses.set(action, pause);
    return pause;
  };
  const lengthen = (pause: Pause, now: number) => {
    // Of several calls at once, the first has begun the pause.
    if (now < pause.until) return;
    pause.seconds = Math.min(2 * pause.seconds + 1, MAX_CONNECT_PAUSE_SECONDS);
    pause.until = now + pause.seconds;
  };
  return {
    isPausing: (action, now) => now < read(action).until || now < read(ALL).until,
    noteSilence(action, contact, isThrottled, now) {
      if (isThrottled) return lengthen(read(ALL), now);
      const pause = read(action);
      if (pause.unanswered.size < CONTACTS_UNTIL_PAUSE) pause.unanswered.add(contact);
      if (pause.unanswered.size >= CONTACTS_UNTIL_PAUSE) lengthen(pause, now);
    },
    noteAnswer(action) {
      pauses.delete(action);
      read(ALL).seconds = 0;
    },
  };
}
