import { MAX_PATTERN_NUMBERS } from "../../limits.ts";
import { END, FORK, MATCH, NO_WORD_BOUNDARY, type Pattern, START, WORD_BOUNDARY } from "./pattern.ts";

/** A pattern that JavaScript accepts and this project does not. The message continues "expected …, ". */
export class PatternError extends Error {
  override readonly name = "PatternError";
}

/** A part of a program. Its jumps are relative, so it works at any place. */
type Fragment = readonly number[];

export const TOO_LONG = "shorter or with fewer repetitions";

const QUANTITIES: Readonly<Record<string, readonly [least: number, most: number]>> = {
  "*": [0, Infinity],
  "+": [1, Infinity],
  "?": [0, 1],
};
const ASSERTIONS: Readonly<Record<string, number>> = {
  "^": START,
  $: END,
  "\\b": WORD_BOUNDARY,
  "\\B": NO_WORD_BOUNDARY,
};

/** The program before a match that may begin anywhere. */
const ANYTHING: Fragment = [FORK, 7, 2, 0, 0xff_ff, FORK, -3];

/** The characters of `\s` and `.` beyond Latin-1. Source: ECMA-262, WhiteSpace and LineTerminator. */
const SPACES = "\u1680\u2000\u200a\u2028\u2029\u202f\u205f\u3000\ufeff";

const ASSERTION = /[$^]|\\[Bb]/y;
const GROUP = /\((?:\?:|\?<(?![!=])[^>]*>|(?!\?))/y;
const QUANTIFIER = /(?:([*+?])|\{(\d+)(?:,(\d*))?\})\??/y;
const BRACKETS = /\[(?:\\[^]|[^\\\]])*\]/y;
// Escapes of other letters and digits are back references, or have a meaning only with flags.
const CHARACTER = /\\(?:x[\dA-Fa-f]{2}|u[\dA-Fa-f]{4}|0(?!\d)|[DSWdfnrstvw]|[^\dA-Za-z])|[^\\]/y;

/**
 * Compiles a regular expression for `matches()`, which then agrees with JavaScript's `test()`.
 *
 * @throws {SyntaxError} As `new RegExp(source)` does.
 * @throws {PatternError} For syntax that cannot be matched in linear time, and for a pattern that is too long.
 * Source: ECMA-262, "Patterns", and its Annex B for lenient syntax.
 */
export function parseRegex(source: string): Pattern {
  const program = new RegexParser(new RegExp(source)).alternatives();
  if (program[0] !== START) return { prefix: "", program: checked([...ANYTHING, ...program, MATCH]) };
  // Plain characters at the beginning are compared at once, without instructions.
  let at = 1;
  let prefix = "";
  for (; program[at] === 2 && program[at + 1] === program[at + 2]; at += 3) {
    prefix += String.fromCharCode(program[at + 1] ?? 0);
  }
  return { prefix, program: [...program.slice(at), MATCH] };
}

/** Reads an expression that JavaScript has accepted. */
class RegexParser {
  readonly #source: string;
  #at = 0;

  constructor({ source }: RegExp) {
    this.#source = source;
  }

  alternatives(): Fragment {
    let sequence: Fragment = [];
    while (this.#at < this.#source.length && this.#source[this.#at] !== ")") {
      if (this.#take(/\|/y) !== null) return either(sequence, this.alternatives());
      sequence = checked([...sequence, ...this.#term()]);
    }
    return sequence;
  }

  #term(): Fragment {
    const assertion = this.#take(ASSERTION);
    if (assertion !== null) return [ASSERTIONS[assertion[0]] ?? MATCH];
    const atom = this.#atom();
    const quantifier = this.#take(QUANTIFIER);
    if (quantifier === null) return atom;
    const [, sign = "", count = "", limit = count] = quantifier;
    const [least, most] = QUANTITIES[sign] ?? [Number(count), Number(limit || Infinity)];
    return repeat(atom, least, most);
  }

  #atom(): Fragment {
    if (this.#source[this.#at] !== "(") return consume((this.#take(BRACKETS) ?? this.#take(CHARACTER) ?? refuse())[0]);
    if (this.#take(GROUP) === null) return refuse();
    const inner = this.alternatives();
    this.#at++;
    return inner;
  }

  #take(token: RegExp): RegExpExecArray | null {
    token.lastIndex = this.#at;
    const found = token.exec(this.#source);
    if (found !== null) this.#at = token.lastIndex;
    return found;
  }
}

/** @param atom Syntax for one code unit: JavaScript's own engine says for which. */
function consume(atom: string): Fragment {
  const literal = atom.replace(/^\\(?=\W)/, "");
  const code = literal.charCodeAt(0);
  if (literal.length === 1 && atom !== ".") return [2, code, code];
  const named = `${atom}${SPACES}`.replace(/\\u([\dA-Fa-f]{4})/g, (_, hex) => String.fromCharCode(Number(`0x${hex}`)));
  const codes = Array.from({ length: named.length }, (_, at) => named.charCodeAt(at));
  // All code units between two of these are in the set, or none is.
  const edges = [...Array(257).keys(), ...codes, ...codes.map((code) => code + 1)].sort((a, b) => a - b);
  const expression = new RegExp(atom);
  const ranges: number[] = [];
  for (const [index, first] of edges.entries()) {
    const last = (edges[index + 1] ?? 0x1_00_00) - 1;
    if (first > last || !expression.test(String.fromCharCode(first))) continue;
    if (ranges.at(-1) === first - 1) ranges.pop();
    else ranges.push(first);
    ranges.push(last);
  }
  return [ranges.length, ...ranges];
}

function either(first: Fragment, second: Fragment): Fragment {
  // The 0 separates the two: no program continues through it.
  return [FORK, first.length + 5, ...first, FORK, second.length + 3, 0, ...second];
}

function repeat(fragment: Fragment, least: number, most: number): Fragment {
  // A part that takes no character is not repeated.
  if (fragment.length === 0) return fragment;
  const optional = [FORK, fragment.length + 2, ...fragment];
  const rest =
    most === Infinity
      ? [FORK, fragment.length + 4, ...fragment, FORK, -fragment.length]
      : copies(optional, most - least);
  return [...copies(fragment, least), ...rest];
}

function copies(fragment: Fragment, count: number): Fragment {
  // More than the limit: the pattern is refused later.
  return Array(Math.min(count, MAX_PATTERN_NUMBERS + 1))
    .fill(fragment)
    .flat();
}

function checked(fragment: Fragment): Fragment {
  return fragment.length > MAX_PATTERN_NUMBERS ? refuse(TOO_LONG) : fragment;
}

/** @throws {PatternError} Always. */
export function refuse(message = "without lookaround, back references or flags"): never {
  throw new PatternError(message);
}
