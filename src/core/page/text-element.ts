/** How far the content of a text element has been read. */
export interface TextProgress {
  readonly name: string;
  /** All characters before this position have been read. */
  readonly position: number;
  readonly script: ScriptState;
}

/** Within `<!--`, a second `<script>` makes the next `</script>` end nothing. */
type ScriptState = "plain" | "escaped" | "double-escaped";

const NAMES = new Set("script,style,title,textarea,noscript,noframes,noembed,iframe,xmp".split(","));

/** Whether everything between the tags of an element is text, whatever it looks like. */
export function isTextElement(name: string): boolean {
  return NAMES.has(name);
}

/** @param position After the start tag. */
export function beginText(name: string, position: number): TextProgress {
  return { name, position, script: "plain" };
}

/** Longest mark less one character: so much of the text may be the beginning of one. */
const toKept = (name: string) => name.length + "</".length;

/**
 * Where the content of a text element ends.
 *
 * @param html The body so far, one character a byte.
 * @returns The position of its end tag, or how far the content has been read.
 * Source: HTML Standard, 13.2.5.4 to 13.2.5.31.
 */
export function findTextEnd(html: string, { name, position, script }: TextProgress): number | TextProgress {
  const marks = name === "script" ? SCRIPT_MARK : new RegExp(`</${name}[\\t\\n\\f\\r />]`, "i");
  let state = script;
  let from = position;
  for (;;) {
    const length = html.slice(from).search(marks);
    if (length === -1) return { name, position: Math.max(from, html.length - toKept(name)), script: state };
    const at = from + length;
    const mark = html.slice(at, at + "</".length);
    switch (mark) {
      case "</":
        if (state !== "double-escaped") return at;
        state = "escaped";
        break;
      case "<!":
        if (state === "plain") state = "escaped";
        break;
      case "--":
        state = "plain";
        break;
      default:
        if (state === "escaped") state = "double-escaped";
    }
    // Two dashes may belong to the mark before and to the next one: "<!-->".
    from = at + mark.length;
  }
}

const SCRIPT_MARK = /<!--|-->|<\/?script[\t\n\f\r />]/i;
