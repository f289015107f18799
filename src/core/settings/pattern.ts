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

/**
 * Whether a text matches. Each place of the program is visited at most once for each character.
 *
 * @param text A text longer than `MAX_MATCHED_CHARS` never matches.
 * Source: Ken Thompson, "Regular Expression Search Algorithm" (1968).
 */
export function matches({ prefix, program }: Pattern, text: string): boolean {
  if (text.length > MAX_MATCHED_CHARS || !text.startsWith(prefix)) return false;
  const seenAt = new Int16Array(program.length).fill(-1);
  let places: number[] | null = [0];
  for (let at = prefix.length; places !== null && places.length > 0; at++)
    places = step(program, places, seenAt, text, at);
  return places === null;
}

/**
 * Takes one character. It is a function of its own so that JavaScript compiles this hot part early.
 *
 * @param places The current places in the program; empty afterwards.
 * @param seenAt For each place, the last position in the text at which it was visited.
 * @returns The next places; `null` when the text matches.
 */
function step(program: readonly number[], places: number[], seenAt: Int16Array, text: string, at: number) {
  const code = text.charCodeAt(at);
  let isBoundary: boolean | undefined;
  const next: number[] = [];
  while (places.length > 0) {
    const place = places.pop() || 0;
    if (seenAt[place] === at) continue;
    seenAt[place] = at;
    const op = program[place] || 0;
    if (op === MATCH) return null;
    if (op === FORK) {
      places.push(place + 2, place + (program[place + 1] || 0));
    } else if (op < 0) {
      if (op <= WORD_BOUNDARY) isBoundary ??= isWord(text.charAt(at - 1)) !== isWord(text.charAt(at));
      const holds = op === START ? at === 0 : op === END ? at === text.length : isBoundary === (op === WORD_BOUNDARY);
      if (holds) places.push(place + 1);
    } else {
      const end = place + op;
      let range = place;
      while (range < end && !(code >= (program[range + 1] || 0) && code <= (program[range + 2] || 0))) range += 2;
      if (range < end) next.push(end + 1);
    }
  }
  return next;
}

function isWord(character: string): boolean {
  return /\w/.test(character);
}
