import { trimBlanks } from "../headers/trim-blanks.ts";

export interface ContentType {
  /** The media type in lower case. */
  readonly essence: string;
  /** Whether it is a page's: `text/html` alone gets the tag. */
  readonly isPage: boolean;
  /** The charset's label as written; `null` without one. */
  readonly charset: string | null;
}

/**
 * The parts of a `Content-Type` header that decide about a page.
 *
 * @param contentType The header's value; `null` where there is none.
 * Source: RFC 9110 §8.3.
 */
export function parseContentType(contentType: string | null): ContentType {
  const essence = trimBlanks((contentType ?? "").split(";", 1)[0] ?? "").toLowerCase();
  const charset = /;[\t ]*charset[\t ]*=[\t ]*"?([^\t ;"]*)/i.exec(contentType ?? "")?.[1] ?? null;
  return { essence, isPage: essence === "text/html", charset };
}
