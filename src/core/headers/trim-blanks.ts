/**
 * A text without the tabs and spaces around it: other white space is part of a header's value.
 *
 * Not by a pattern: `[\t ]+$` takes quadratic time for many blanks within. Source: RFC 9110 §5.6.3, "OWS".
 */
export function trimBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text.charCodeAt(start))) start += 1;
  while (start < end && isBlank(text.charCodeAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}
