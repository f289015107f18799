/** Characters that a terminal obeys or that change the order on the screen: escapes, right-to-left marks, other line ends. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * A text that is safe for a terminal: text from a site, a header or a log may hold control characters.
 *
 * @param text Line ends stay.
 * @returns The text with unseen characters written as in JSON, such as `\u001b`.
 */
export function toPrintable(text: string): string {
  return text.replace(UNSEEN, (character) => (character === "\n" ? character : writeOut(character)));
}

/** The same for one line: a line end in it could make lines that look like ours. */
export function toPrintableLine(text: string): string {
  return text.replace(UNSEEN, writeOut);
}

function writeOut(character: string): string {
  return character.replace(/[^]/g, (unit) => String.raw`\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
