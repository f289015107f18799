/**
 * Text made safe for a double-quoted attribute, in ASCII.
 *
 * @param text Any text.
 */
export function escapeAttribute(text: string): string {
  return text.replace(/[^\x20-\x7e]|[&"<>]/gu, (char) => `&#${char.codePointAt(0) ?? 0};`);
}

// References for the characters of policies and addresses: HTML's names, and the numbers that PHP writes.
const NAMES =
  "Tab NewLine excl quot num dollar percnt amp apos lpar rpar ast plus comma period sol colon semi lt equals gt quest commat lowbar nbsp QUOT AMP LT GT";
const CHARACTERS = '\t\n!"#$%&\'()*+,./:;<=>?@_\u00a0"&<>';
const NAMED = new Map(NAMES.split(" ").map((name, index) => [name, CHARACTERS[index]]));
/** References that need no semicolon. */
const LEGACY = /^(?:amp|AMP|lt|LT|gt|GT|quot|QUOT|nbsp)$/;

const REFERENCE = /&(?:#(?:x([\da-f]+)|(\d+));?|([a-z][a-z\d]*)(;|(?![=a-z\d])))/gi;

/**
 * An attribute's value with its character references resolved, as far as policies and addresses need that.
 *
 * @param value The text between the quotes.
 * @returns `null` where the text may hold a reference that is not known here.
 * Source: HTML Standard, 13.2.5.72 "Character reference state" to 13.2.5.80, and 13.5 "Named character references".
 */
export function decodeCharacterReferences(value: string): string | null {
  let isKnown = true;
  const decoded = value.replace(REFERENCE, (reference, hex?: string, decimal?: string, name = "", end = "") => {
    if (name === "") return toCharacter(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16));
    const character = end === ";" || LEGACY.test(name) ? NAMED.get(name) : undefined;
    isKnown &&= character !== undefined;
    return character ?? reference;
  });
  return isKnown ? decoded : null;
}

const WINDOWS_1252 = new TextDecoder("windows-1252").decode(
  Uint8Array.from({ length: 32 }, (_, index) => 0x80 + index),
);

function toCharacter(code: number): string {
  // U+0080 to U+009F stand for the characters of windows-1252.
  if (code >= 0x80 && code < 0xa0) return WINDOWS_1252.charAt(code - 0x80);
  const isNone = code === 0 || code > 0x10ffff || (code >= 0xd800 && code < 0xe000);
  return String.fromCodePoint(isNone ? 0xfffd : code);
}
