/** A query that Analytics Engine would not run. The message is the answer. */
export class QueryError extends Error {}

export interface Token {
  readonly kind: "word" | "number" | "text" | "sign" | "end";
  /** As written; of a text, what is between the quotes. */
  readonly value: string;
}

const PATTERN =
  /\s+|--[^\n]*|(?<number>\d+(?:\.\d+)?)|'(?<text>(?:[^'\\]|''|\\.)*)'|(?<word>[A-Za-z_]\w*)|(?<sign><>|!=|<=|>=|[-+*/%=<>(),])/gy;

/** @throws {QueryError} For a character that begins nothing, and for a text without an end. */
export function readTokens(query: string): Token[] {
  const tokens: Token[] = [];
  let end = 0;
  for (const match of query.matchAll(PATTERN)) {
    end = match.index + match[0].length;
    const { number, sign, text, word } = match.groups ?? {};
    if (number !== undefined) tokens.push({ kind: "number", value: number });
    else if (word !== undefined) tokens.push({ kind: "word", value: word });
    else if (sign !== undefined) tokens.push({ kind: "sign", value: sign });
    else if (text !== undefined)
      tokens.push({ kind: "text", value: text.replaceAll(/''|\\(.)/gs, (_, char = "'") => char) });
  }
  if (end < query.length) throw new QueryError(`unable to parse query at: ${query.slice(end, end + 20)}`);
  return tokens;
}

/** Reads tokens one after the other. */
export class TokenReader {
  readonly #tokens: readonly Token[];
  #position = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  peek(ahead = 0): Token {
    return this.#tokens[this.#position + ahead] ?? { kind: "end", value: "the end" };
  }

  next(): Token {
    const token = this.peek();
    this.#position += 1;
    return token;
  }

  /** Whether this sign or keyword is next, also as the first of several. */
  sees(...values: readonly string[]): boolean {
    return values.every((value, index) => {
      const token = this.peek(index);
      return (token.kind === "sign" || token.kind === "word") && token.value.toUpperCase() === value;
    });
  }

  /** Takes these signs or keywords if they are next. */
  takes(...values: readonly string[]): boolean {
    if (!this.sees(...values)) return false;
    this.#position += values.length;
    return true;
  }

  /** @throws {QueryError} When another token is next. */
  expect(value: string): void {
    if (!this.takes(value)) throw this.unexpected(value);
  }

  expectKind(kind: Token["kind"], wanted: string): string {
    if (this.peek().kind !== kind) throw this.unexpected(wanted);
    return this.next().value;
  }

  unexpected(wanted: string): QueryError {
    return new QueryError(`unable to parse query: expected ${wanted}, found ${this.peek().value}`);
  }
}
