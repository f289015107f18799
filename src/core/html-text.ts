/**
 * Text made safe for a double-quoted attribute, in ASCII.
 *
 * @param text Any text.
 */
export function escapeAttribute(text: string): string {
  return text.replace(/[^\x20-\x7e]|[&"<>]/gu, (char) => `&#${char.codePointAt(0) ?? 0};`);
}

const NAMED: Readonly<Record<string, string | undefined>> = { amp: "&", apos: "'", gt: ">", lt: "<", quot: '"' };

/**
 * An attribute's value as browsers understand it, as far as a policy needs it.
 *
 * @param value As it stands between the quotes.
 * Source: HTML Standard, 13.2.5.72 "Character reference state".
 */
export function decodeCharacterReferences(value: string): string {
  return value.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]+));/gi, (reference, decimal, hex, name) => {
    if (name !== undefined) return NAMED[name.toLowerCase()] ?? reference;
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : reference;
  });
}
