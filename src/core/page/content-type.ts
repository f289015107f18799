import { trimBlanks } from "../headers/trim-blanks.ts";

/**
 * The parts of a `Content-Type` header that decide about a page.
 *
 * @param contentType The header's value; `null` where there is none.
 * @returns The media type in lower case, and the charset's label as written, `null` without one.
 * Source: RFC 9110 §8.3.
 */
export function parseContentType(contentType: string | null): { essence: string; charset: string | null } {
  const essence = trimBlanks((contentType ?? "").split(";", 1)[0] ?? "").toLowerCase();
  const charset = /;[\t ]*charset[\t ]*=[\t ]*"?([^\t ;"]*)/i.exec(contentType ?? "")?.[1] ?? null;
  return { essence, charset };
}
