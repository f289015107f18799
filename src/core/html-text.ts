/**
 * Text made safe for a double-quoted attribute, in ASCII.
 *
 * @param text Any text.
 */
export function escapeAttribute(text: string): string {
  return text.replace(/[^\x20-\x7e]|[&"<>]/gu, (char) => `&#${char.codePointAt(0) ?? 0};`);
}
