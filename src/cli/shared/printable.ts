/** What a terminal may obey or show in another order than it stands: escapes, marks for right-to-left text, other line ends. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * A text that says no more to a terminal than can be read: a site, its headers or its log may hold anything.
 *
 * @param text Its line ends stay.
 * @returns The text with what cannot be seen written out, such as `\u001b`: JSON means the same by it.
 */
export function toPrintable(text: string): string {
  return text.replace(UNSEEN, (character) => (character === "\n" ? character : writeOut(character)));
}

/** The same for a text that is to be a line, or a part of one: else it could make lines that look like ours. */
export function toPrintableLine(text: string): string {
  return text.replace(UNSEEN, writeOut);
}

function writeOut(character: string): string {
  return character.replace(/[^]/g, (unit) => String.raw`\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
