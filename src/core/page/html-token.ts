/** One piece of markup at the beginning of a body. `end` is the position after it. */
export type HtmlToken =
  | { readonly kind: "text" }
  | { readonly kind: "comment" | "doctype"; readonly end: number }
  | { readonly kind: "tag"; readonly end: number; readonly name: string; readonly attributes: readonly string[] }
  /** The token's end has not arrived. */
  | { readonly kind: "partial" };

const WHITE_SPACE = "\t\n\f\r ";
const AFTER_NAME = `${WHITE_SPACE}/>`;
const BEFORE_ATTRIBUTE = `${WHITE_SPACE}/`;
const AFTER_ATTRIBUTE = `${WHITE_SPACE}/>=`;
const AFTER_VALUE = `${WHITE_SPACE}>`;
const PARTIAL: HtmlToken = { kind: "partial" };

/**
 * The token that a browser reads at one position, outside of scripts and other text elements.
 *
 * @param html The body so far, one character a byte. Markup is ASCII in every charset that gets here.
 * @param at Position of the token's first character.
 * @returns A tag's name and attribute names in lower case, an end tag's name with its slash.
 * Source: HTML Standard, 13.2.5 Tokenization.
 */
export function readToken(html: string, at: number): HtmlToken {
  const rest = html.slice(at, at + 9).toLowerCase();
  if (rest === "" || rest === "<") return PARTIAL;
  if (/^<\/?[a-z]/.test(rest)) return readTag(html, at);
  if (rest.startsWith("<!--")) return readComment(html, at);
  if (/^<[!?/]/.test(rest)) return readUntil(html, at, rest === "<!doctype" ? "doctype" : "comment");
  return { kind: "text" };
}

/** Position of the next character that is not white space. */
export function skipWhiteSpace(html: string, at: number): number {
  return skipWhile(html, at, (char) => WHITE_SPACE.includes(char));
}

/** A doctype, or markup that browsers take for a comment: `<?xml …?>`, `<!x>`, `</ >`. Each ends at the first `>`. */
function readUntil(html: string, at: number, kind: "doctype" | "comment"): HtmlToken {
  const end = html.indexOf(">", at);
  return end === -1 ? PARTIAL : { kind, end: end + 1 };
}

function readComment(html: string, at: number): HtmlToken {
  // "<!-->" and "<!--->" are whole comments; "<!--!>" is not.
  for (let dashes = html.indexOf("--", at + 2); dashes !== -1; dashes = html.indexOf("--", dashes + 1)) {
    if (html[dashes + 2] === ">") return { kind: "comment", end: dashes + 3 };
    if (dashes >= at + 4 && html.startsWith("!>", dashes + 2)) return { kind: "comment", end: dashes + 4 };
  }
  return PARTIAL;
}

function readTag(html: string, at: number): HtmlToken {
  let position = skipWhile(html, at + 2, (char) => !AFTER_NAME.includes(char));
  const name = html.slice(at + 1, position).toLowerCase();
  const attributes: string[] = [];
  for (;;) {
    position = skipWhile(html, position, (char) => BEFORE_ATTRIBUTE.includes(char));
    if (position >= html.length) return PARTIAL;
    if (html[position] === ">") return { kind: "tag", end: position + 1, name, attributes };
    // The first character of a name may be "=".
    const nameEnd = skipWhile(html, position + 1, (char) => !AFTER_ATTRIBUTE.includes(char));
    // No caller needs the attributes of another element.
    if (name === "html") attributes.push(html.slice(position, nameEnd).toLowerCase());
    position = skipValue(html, nameEnd);
  }
}

/** Position after an attribute's value, or after its name where it has none. A `>` within quotes ends no tag. */
function skipValue(html: string, nameEnd: number): number {
  const equals = skipWhiteSpace(html, nameEnd);
  if (html[equals] !== "=") return equals;
  const start = skipWhiteSpace(html, equals + 1);
  const quote = html[start];
  if (quote !== '"' && quote !== "'") return skipWhile(html, start, (char) => !AFTER_VALUE.includes(char));
  const end = html.indexOf(quote, start + 1);
  return end === -1 ? html.length : end + 1;
}

function skipWhile(html: string, at: number, isSkipped: (char: string) => boolean): number {
  let position = at;
  while (position < html.length && isSkipped(html.charAt(position))) position += 1;
  return position;
}
