/**
 * A text without leading and trailing tabs and spaces. Other white space is part of a header's value.
 *
 * A regular expression such as `[\t ]+$` would take quadratic time for many blanks inside. Source: RFC 9110 §5.6.3, "OWS".
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
