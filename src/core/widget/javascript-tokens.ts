/** A token of live code: comments and white space are left out. */
export interface Token {
  /** As written, but a string always in double quotes, so that `'a'`, `"a"` and `` `a` `` are the same code. */
  readonly code: string;
  /** A string's value; `null` for everything else, also for a template with `${…}`. */
  readonly value: string | null;
}

/** The code leaves something open, or is no JavaScript. It has no message: the owner gets the one of `SnippetError`. */
export class UnreadableJavaScriptError extends Error {
  override readonly name = "UnreadableJavaScriptError";
}

/**
 * The tokens of a classic script.
 *
 * It tells live code from comments, strings, templates and regular expressions, and sees whether every bracket is closed.
 * The package js-tokens takes the HTML-like comments of classic scripts for live code, and would add 0.6 KB to the Worker.
 *
 * @throws {UnreadableJavaScriptError} Where the code is cut off or is no JavaScript.
 * Source: ECMA-262 §12 and annex B.1.1 (HTML-like comments).
 */
export function scanJavaScript(code: string): readonly Token[] {
  return new Scanner(code).scan();
}

const SKIPPED = /(?:\s+|\/\/.*|\/\*[^]*?\*\/|<!--.*|(?<=^[ \t]*)-->.*)+/my;
const QUOTED = /"(?:[^"\\\r\n]|\\(?:\r\n|[^]))*"|'(?:[^'\\\r\n]|\\(?:\r\n|[^]))*'/y;
const TEMPLATE_PART = /(?:[^`\\$]|\\[^]|\$(?!\{))*(?:`|\$\{)/y;
const REGULAR_EXPRESSION = /\/(?:[^/\\[\r\n]|\\.|\[(?:[^\]\\\r\n]|\\.)*\])+\/\w*/y;
const WORD = /[\p{ID_Continue}$\\]+/uy;
const MARK = /\?\.(?!\d)|\+\+|--|[{}()[\];,<>=!+\-*/%&|^~?:.#@]/y;

const CLOSING = new Map([
  [")", "("],
  ["]", "["],
  ["}", "{"],
]);
const BEFORE_CONDITION = new Set(["if", "while", "for", "with"]);
const BEFORE_EXPRESSION = new Set(
  "return typeof case do else in instanceof new void delete throw yield await of".split(" "),
);

interface Opening {
  readonly bracket: string;
  /** Whether a slash after the closing bracket begins a regular expression: `if (x) /y/.test(z)`. */
  readonly endsCondition: boolean;
}

class Scanner {
  readonly #code: string;
  readonly #tokens: Token[] = [];
  readonly #open: Opening[] = [];
  #at = 0;
  /** Whether a slash here would begin a regular expression; otherwise it divides. */
  #expectsOperand = true;

  constructor(code: string) {
    this.#code = code;
  }

  scan(): readonly Token[] {
    while (this.#at < this.#code.length) this.#scanNext();
    if (this.#open.length > 0) throw new UnreadableJavaScriptError();
    return this.#tokens;
  }

  #scanNext(): void {
    if (this.#take(SKIPPED) !== null) return;
    switch (this.#code.charAt(this.#at)) {
      case '"':
      case "'":
        return this.#add(toStringToken(this.#need(QUOTED)), false);
      case "`":
        this.#at += 1;
        return this.#scanTemplate();
      case "/":
        return this.#scanSlash();
      default:
        return this.#scanWordOrMark();
    }
  }

  #scanTemplate(): void {
    const part = this.#need(TEMPLATE_PART);
    if (part.endsWith("`")) return this.#add(toStringToken(`\`${part}`), false);
    this.#add({ code: "`", value: null }, true);
    this.#open.push({ bracket: "${", endsCondition: false });
  }

  #scanTemplateRest(): void {
    this.#expectsOperand = this.#need(TEMPLATE_PART).endsWith("${");
    if (this.#expectsOperand) this.#open.push({ bracket: "${", endsCondition: false });
  }

  #scanSlash(): void {
    if (this.#code.startsWith("/*", this.#at)) throw new UnreadableJavaScriptError();
    if (!this.#expectsOperand) return this.#scanWordOrMark();
    this.#add({ code: this.#need(REGULAR_EXPRESSION), value: null }, false);
  }

  #scanWordOrMark(): void {
    const word = this.#take(WORD);
    if (word !== null) {
      const isProperty = this.#last() === ".";
      return this.#add({ code: word, value: null }, BEFORE_EXPRESSION.has(word) && !isProperty);
    }
    const mark = this.#need(MARK);
    if ("([{".includes(mark)) {
      this.#open.push({ bracket: mark, endsCondition: BEFORE_CONDITION.has(this.#last()) });
    }
    const opener = CLOSING.get(mark);
    if (opener !== undefined) return this.#close(mark, opener);
    // After `i++` a slash divides.
    this.#add({ code: mark, value: null }, mark !== "++" && mark !== "--");
  }

  #close(mark: string, opener: string): void {
    const opening = this.#open.pop();
    if (mark === "}" && opening?.bracket === "${") return this.#scanTemplateRest();
    if (opening?.bracket !== opener) throw new UnreadableJavaScriptError();
    // After a block a new statement begins. No snippet divides an object literal.
    this.#add({ code: mark, value: null }, mark === "}" || opening.endsCondition);
  }

  #add(token: Token, expectsOperand: boolean): void {
    this.#tokens.push(token);
    this.#expectsOperand = expectsOperand;
  }

  #last(): string {
    return this.#tokens.at(-1)?.code ?? "";
  }

  #take(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    const text = pattern.exec(this.#code)?.[0] ?? null;
    this.#at += text?.length ?? 0;
    return text;
  }

  #need(pattern: RegExp): string {
    const text = this.#take(pattern);
    if (text === null) throw new UnreadableJavaScriptError();
    return text;
  }
}

const ESCAPE = /\\(?:u([0-9a-f]{4})|x([0-9a-f]{2})|(\r\n|[^]))/gi;
const ESCAPED = new Map([
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  // A backslash at the end of a line continues the string.
  ["\n", ""],
  ["\r", ""],
  ["\r\n", ""],
]);

function toStringToken(literal: string): Token {
  const value = literal.slice(1, -1).replace(ESCAPE, (_escape, unit?: string, byte?: string, character = "") => {
    const hex = unit ?? byte;
    return hex === undefined ? (ESCAPED.get(character) ?? character) : String.fromCharCode(Number.parseInt(hex, 16));
  });
  return { code: JSON.stringify(value), value };
}
