/** One piece of markup. `end` is the position after it. */
export type HtmlToken =
  | { readonly kind: "text" }
  | { readonly kind: "comment" | "doctype"; readonly end: number }
  | {
      readonly kind: "tag";
      readonly end: number;
      readonly name: string;
      readonly attributes: readonly DecidingAttribute[];
    }
  /** The token's end has not arrived. */
  | { readonly kind: "partial"; readonly progress: TokenProgress };

/** The attributes that decide something. `amp` stands for each that makes a page an AMP page. */
export type DecidingAttribute = "amp" | "charset" | "http-equiv";

/** How far an unfinished token has been read: no character is read twice, in however many pieces a page arrives. */
export interface TokenProgress {
  /** All characters before this position have been read. */
  readonly position: number;
  /** `null` for a token that is no tag. */
  readonly tag: TagProgress | null;
}

interface TagProgress {
  readonly state: TagState;
  /** `null` while the name has not ended. */
  readonly name: string | null;
  readonly attributes: readonly DecidingAttribute[];
  /** Where the attribute that is being read begins. */
  readonly attributeAt: number;
}

/** The states of the HTML Standard, without those that make no difference here. */
type TagState = "name" | "before-attribute" | "attribute" | "after-attribute" | "before-value" | "unquoted" | "'" | '"';

const WHITE_SPACE = "\t\n\f\r ";

/** Whether a character ends a run of others, by its code. A page's head is read so, and a pattern would take four times as long. */
type Ends = Uint8Array;

const ASCII_CODES = 128;

const endsAt = (chars: string): Ends =>
  Uint8Array.from({ length: ASCII_CODES }, (_, code) => Number(chars.includes(String.fromCharCode(code))));
const endsAtOther = (chars: string): Ends => endsAt(chars).map((isOne) => 1 - isOne);

const NO_WHITE_SPACE = endsAtOther(WHITE_SPACE);
/** For each state, the characters that end it. */
const STATE_ENDS: Readonly<Record<TagState, Ends>> = {
  name: endsAt(`${WHITE_SPACE}/>`),
  "before-attribute": endsAtOther(`${WHITE_SPACE}/`),
  attribute: endsAt(`${WHITE_SPACE}/>=`),
  "after-attribute": NO_WHITE_SPACE,
  "before-value": NO_WHITE_SPACE,
  unquoted: endsAt(`${WHITE_SPACE}>`),
  "'": endsAt("'"),
  '"': endsAt('"'),
};

/**
 * The token that a browser reads at one position, outside of scripts and other text elements.
 *
 * @param html The body so far, one character a byte. Markup is ASCII in every charset that gets here.
 * @param at Position of the token's first character.
 * @param progress What an earlier call with less of the body gave.
 * @returns A tag's name in lower case, an end tag's name with its slash. Attributes of `html` and `meta` alone.
 * Source: HTML Standard, 13.2.5 Tokenization.
 */
export function readToken(html: string, at: number, progress: TokenProgress | null = null): HtmlToken {
  if (progress !== null && progress.tag !== null) return readTag(html, at, progress.position, progress.tag);
  const from = Math.max(at, progress?.position ?? at);
  if (at + 1 >= html.length && (at >= html.length || html.charAt(at) === "<")) return toPartial(at, null);
  if (html.charAt(at) !== "<") return { kind: "text" };
  const isEnd = html.charAt(at + 1) === "/";
  if (isLetter(html.charCodeAt(isEnd ? at + 2 : at + 1))) return readTag(html, at, at + 2, TAG_BEGUN);
  if (html.startsWith("<!--", at)) return readComment(html, at, from);
  if (!"!?/".includes(html.charAt(at + 1))) return { kind: "text" };
  return readUntil(html, from, html.slice(at, at + DOCTYPE.length).toLowerCase() === DOCTYPE ? "doctype" : "comment");
}

/** Position of the next character that is not white space. */
export function skipWhiteSpace(html: string, at: number): number {
  return find(html, at, NO_WHITE_SPACE);
}

/** Position of the first character that ends a run; the text's end without one. */
function find(html: string, at: number, ends: Ends): number {
  // The last code of ASCII stands for all beyond.
  for (let position = at; position < html.length; position += 1) {
    if (ends[Math.min(html.charCodeAt(position), ASCII_CODES - 1)] === 1) return position;
  }
  return html.length;
}

function isLetter(code: number): boolean {
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x7a;
}

function toPartial(position: number, tag: TagProgress | null): HtmlToken {
  return { kind: "partial", progress: { position, tag } };
}

/** A doctype, or markup that browsers take for a comment: `<?xml …?>`, `<!x>`, `</ >`. Each ends at the first `>`. */
function readUntil(html: string, from: number, kind: "doctype" | "comment"): HtmlToken {
  const end = html.indexOf(">", from);
  return end === -1 ? toPartial(html.length, null) : { kind, end: end + 1 };
}

const DOCTYPE = "<!doctype";

/** The longest end of a comment, less the `>` that has to arrive. */
const COMMENT_END = "--!";

function readComment(html: string, at: number, from: number): HtmlToken {
  // "<!-->" and "<!--->" are whole comments; "<!--!>" is not.
  const first = html.indexOf("--", Math.max(at + 2, from - COMMENT_END.length));
  for (let dashes = first; dashes !== -1; dashes = html.indexOf("--", dashes + 1)) {
    if (html[dashes + 2] === ">") return { kind: "comment", end: dashes + 3 };
    if (dashes >= at + 4 && html.startsWith("!>", dashes + 2)) return { kind: "comment", end: dashes + 4 };
  }
  return toPartial(html.length, null);
}

const TAG_BEGUN: TagProgress = { state: "name", name: null, attributes: [], attributeAt: 0 };

function readTag(html: string, at: number, from: number, progress: TagProgress): HtmlToken {
  let { state, name, attributes, attributeAt } = progress;
  let position = from;
  for (;;) {
    position = find(html, position, STATE_ENDS[state]);
    if (position >= html.length) return toPartial(html.length, { state, name, attributes, attributeAt });
    switch (state) {
      case "name":
        name = html.slice(at + 1, position).toLowerCase();
        state = "before-attribute";
        break;
      case "before-attribute":
        if (html[position] === ">") return { kind: "tag", end: position + 1, name: name ?? "", attributes };
        attributeAt = position;
        // The first character of a name may be "=".
        position += 1;
        state = "attribute";
        break;
      case "attribute":
        if (name === "html" || name === "meta")
          attributes = addAttribute(attributes, html.slice(attributeAt, position));
        state = "after-attribute";
        break;
      case "after-attribute":
        state = html[position] === "=" ? "before-value" : "before-attribute";
        if (state === "before-value") position += 1;
        break;
      case "before-value": {
        const first = html[position];
        state = first === "'" || first === '"' ? first : "unquoted";
        if (state !== "unquoted") position += 1;
        break;
      }
      case "unquoted":
        state = "before-attribute";
        break;
      case "'":
      case '"':
        position += 1;
        state = "before-attribute";
        break;
    }
  }
}

type Attributes = readonly DecidingAttribute[];

function addAttribute(attributes: Attributes, written: string): Attributes {
  const found = toDeciding(written.slice(0, MAX_NAME_CHARS).toLowerCase());
  return found === null || attributes.includes(found) ? attributes : [...attributes, found];
}

/** More than the longest name that decides something. */
const MAX_NAME_CHARS = 12;

function toDeciding(name: string): DecidingAttribute | null {
  // `amp`, `amp4email` and the like, and `⚡` in UTF-8, as Windows-1252 shows it.
  if (name.startsWith("amp") || name.startsWith("âš¡")) return "amp";
  return name === "charset" || name === "http-equiv" ? name : null;
}
