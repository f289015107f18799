import { MAX_MATCHED_CHARS } from "../../limits.ts";

/**
 * A pattern of the owner's, ready to be matched: plain JSON, so that the browser part gets it as it is.
 *
 * JavaScript's own expressions may take seconds for one long text; this takes a few steps a character.
 */
export interface Pattern {
  /** What a text begins with; empty where the pattern may match anywhere. */
  readonly prefix: string;
  /**
   * What has to follow: instructions, one after the other. One from 0 up takes a character: so many numbers follow, which
   * are the first and last code units of the ranges it may be in. The others are the constants below.
   */
  readonly program: readonly number[];
}

/** Goes on only at the beginning of the text. */
export const START = -1;
export const END = -2;
export const WORD_BOUNDARY = -3;
export const NO_WORD_BOUNDARY = -4;
/** Goes on behind its number, and as many numbers further from itself as that says. */
export const FORK = -5;
/** The text matches. */
export const MATCH = -6;

/**
 * Whether a text matches. Every place of the program is looked at once a character, however many ways lead there.
 *
 * @param text One longer than `MAX_MATCHED_CHARS` never does.
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
 * Takes one character. A function of its own, called so often that JavaScript's compiler does its best with it.
 *
 * @param places Where the program has got to; empty afterwards.
 * @param seenAt By place: the last position in the text at which it was looked at.
 * @returns Where the program goes on; `null` when the text matches.
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
