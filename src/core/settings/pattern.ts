import { MAX_MATCHED_CHARS } from "../../limits.ts";

/**
 * A compiled pattern of the owner: plain JSON, which the browser part receives as it is.
 *
 * JavaScript's own expressions may take seconds for one long text; a compiled pattern takes a few steps a character.
 */
export interface Pattern {
  /** A text must begin with this; empty where the pattern may match anywhere. */
  readonly prefix: string;
  /**
   * Instructions for the rest of the text. An instruction from 0 up takes one character: it is the count of the numbers
   * after it, which are the first and last code units of the allowed ranges. The others are the constants below.
   */
  readonly program: readonly number[];
}

/** Continues only at the beginning of the text. */
export const START = -1;
export const END = -2;
export const WORD_BOUNDARY = -3;
export const NO_WORD_BOUNDARY = -4;
/** Continues after its operand, and also at the offset that its operand gives. */
export const FORK = -5;
/** The text matches. */
export const MATCH = -6;

/** Whether the program continues at a place of the text: for `START`, `END` and the next two, in this order. */
const CONDITIONS = [/^/y, /$/y, /\b/y, /\B/y];

/**
 * Whether a text matches. Each place of the program is visited at most once for each character.
 *
 * @param text A text longer than `MAX_MATCHED_CHARS` never matches.
 * Source: Ken Thompson, "Regular Expression Search Algorithm" (1968).
 */
export function matches({ prefix, program }: Pattern, text: string): boolean {
  if (text.length > MAX_MATCHED_CHARS || !text.startsWith(prefix)) return false;
  /** For each place, where in the text the program has been there. */
  const seenAt: number[] = [];
  let places = [0];
  for (let at = prefix.length; places.length > 0; at++) {
    const code = text.charCodeAt(at);
    const next: number[] = [];
    // Grows meanwhile.
    for (const place of places) {
      if (seenAt[place] === at) continue;
      seenAt[place] = at;
      const op = program[place] || 0;
      const condition = op < 0 && CONDITIONS[-1 - op];
      if (op === MATCH) return true;
      if (op === FORK) {
        places.push(place + 2, place + (program[place + 1] || 0));
      } else if (condition) {
        condition.lastIndex = at;
        if (condition.test(text)) places.push(place + 1);
      } else {
        const end = place + op;
        for (let range = place + 1; range < end; range += 2)
          if (code >= (program[range] || 0) && code <= (program[range + 1] || 0)) next.push(end + 1);
      }
    }
    places = next;
  }
  return false;
}
