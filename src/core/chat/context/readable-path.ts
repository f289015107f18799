import { cleanText } from "./clean-text.ts";

/** A character beyond ASCII, as addresses write its UTF-8 bytes. */
const ENCODED_CHARACTER = /%[C-F][\dA-F](?:%[89AB][\dA-F])+/gi;

/**
 * A path as a reader sees it: without query, fragment, white space, and without what follows a semicolon, where some
 * servers write a session's id. An address has no white space.
 *
 * ASCII characters stay encoded: decoded, they could look like another path.
 */
export function toReadablePath(text: string): string {
  return cleanText(text.replace(/[?#;].*/s, "").replaceAll(ENCODED_CHARACTER, decode)).replaceAll(" ", "");
}

function decode(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}
