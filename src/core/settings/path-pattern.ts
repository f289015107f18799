import { type Pattern } from "./pattern.ts";
import { parseRegex, refuse } from "./regex.ts";

const ANYTHING = /\\.|./suy;
const CHARACTER = /\\.|[^*+?{}(\\:]/suy;
const ANY = "[^]*";
const REST = `(?:${ANY})`;
const NAME = /:[$_\p{ID_Start}][$\u200c\u200d\p{ID_Continue}]*/uy;
const MODIFIER = /[*+?]/y;

// Source: URL Standard, "path percent-encode set".
const ENCODED = /[^!-~]|["#<>?^`{}]/u;

// Syntax that URLPattern's groups read in another way than expressions without flags: nested sets, classes by name.
const WITH_FLAG = /&&|--|\[(?:\\.|[^\\\]])*\[|\\(?:[Ppq]|u\{)/;

/**
 * Compiles a path pattern for `matches()`, which then agrees with `URLPattern` on every pathname.
 *
 * @param pathname Without dot segments.
 * @throws {TypeError} As `new URLPattern({ pathname })` does.
 * @throws {PatternError} As `parseRegex()` does, and for syntax that `URLPattern` reads in another way than expressions without flags.
 */
export function parsePathPattern(pathname: string): Pattern {
  Reflect.construct(URLPattern, [{ pathname }]);
  return parseRegex(toRegexSource(pathname));
}

/** Source: URL Pattern Standard, "parse a pattern string" and "generate a regular expression". */
function toRegexSource(pathname: string): string {
  let at = 0;
  const take = (token: RegExp) => {
    token.lastIndex = at;
    const text = token.exec(pathname)?.[0] ?? "";
    at += text.length;
    return text;
  };
  const takeLiterals = () => {
    let literals = "";
    for (let text = take(CHARACTER); text !== ""; text = take(CHARACTER)) literals += toLiteral(text);
    return literals;
  };
  /** The wildcard: a `*`, a name or a group in brackets; empty without one. */
  const takeWildcard = () => {
    const name = take(NAME);
    if (pathname[at] === "(") {
      const begin = at;
      let depth = 0;
      do {
        const text = take(ANYTHING);
        if (text === "(") depth++;
        if (text === ")") depth--;
      } while (depth > 0 && at < pathname.length);
      const group = pathname.slice(begin + 1, at - 1);
      if (WITH_FLAG.test(group)) refuse();
      return group;
    }
    if (name !== "") return "[^/]+";
    return take(/\*/y) && ANY;
  };

  let source = "^";
  while (at < pathname.length) {
    const begin = at;
    if (take(/\{/y) !== "") {
      const [before, wildcard, after] = [takeLiterals(), takeWildcard(), takeLiterals()];
      at++;
      source += toPart(before, wildcard, after, take(MODIFIER));
    } else {
      const character = take(CHARACTER);
      const wildcard = takeWildcard();
      // The slash before an optional wildcard is optional with it.
      if (character === "/") source += toPart("/", wildcard, "", take(MODIFIER));
      else source += toLiteral(character) + toPart("", wildcard, "", take(MODIFIER));
    }
    if (at === begin) refuse();
  }
  // After a "*" at the end, every rest matches.
  return source.endsWith(`${REST})`) ? source.slice(0, -REST.length - 1) + ")" : `${source}$`;
}

/** @param wildcard The wildcard between the two literals; empty without one. */
function toPart(before: string, wildcard: string, after: string, modifier: string): string {
  const more = /[*+]/.test(modifier) ? `(?:${after}${before}(?:${wildcard}))*` : "";
  return `(?:${before}(?:${wildcard})${more}${after})${modifier.replace("+", "").replace("*", "?")}`;
}

function toLiteral(character: string): string {
  return character
    .replace(/^\\/, "")
    .replace(ENCODED, encodeURIComponent)
    .replace(/[$()*+.?[\\\]^{|}]/, String.raw`\$&`);
}
