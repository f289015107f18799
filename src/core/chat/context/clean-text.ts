/** Longest value of one attribute, in UTF-16 code units: as JavaScript counts characters. */
export const MAX_VALUE_CHARS = 256;

/**
 * Controls, marks that turn or hide text (but not the joiners of Persian and of emoji), halves of surrogate pairs and what
 * browsers put in their place, line and paragraph separators. Source: Unicode Standard Annex #44, "General Category Values".
 */
const UNSEEN = /(?![\u200C\u200D])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\uFFFD]/gu;

const TAG = /<[a-z/!?][^<>]*>/gi;

/**
 * A text that says nothing but what a reader sees: one line, without markup, at most `MAX_VALUE_CHARS` long.
 *
 * Done twice, it changes nothing more. A surrogate pair is never cut in two.
 *
 * @param text Anybody's text, of limited length.
 */
export function cleanText(text: string): string {
  const line = text.replaceAll(/\s/g, " ").replaceAll(UNSEEN, "");
  const words = line.replaceAll(TAG, " ").replaceAll(/[<>]/g, "").replaceAll(/ +/g, " ").trim();
  // Half of a pair that stays at the end is one of those marks.
  return words.slice(0, MAX_VALUE_CHARS).replaceAll(UNSEEN, "").trimEnd();
}
