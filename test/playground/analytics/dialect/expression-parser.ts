import { build, buildInterval, calculate, compare, type Expression, isNumber, quote } from "./expression.ts";
import { callFunction } from "./functions.ts";
import { QueryError, type TokenReader } from "./tokens.ts";

/** What a name stands for in a query; `null`: there is nothing of that name. */
export type FindName = (name: string) => Expression | null;

const COMPARISONS = ["=", "<>", "!=", "<=", ">=", "<", ">"];

/**
 * Reads one expression, by the rules of precedence of SQL.
 *
 * Source: Cloudflare documentation, Workers Analytics Engine, SQL reference, "Operators".
 */
export class ExpressionParser {
  readonly #tokens: TokenReader;
  readonly #find: FindName;
  readonly #now: number;

  /** @param now Seconds. */
  constructor(tokens: TokenReader, find: FindName, now: number) {
    this.#tokens = tokens;
    this.#find = find;
    this.#now = now;
  }

  /** @throws {QueryError} For what Analytics Engine does not document. */
  read(): Expression {
    return this.#readChain(["OR"], () => this.#readChain(["AND"], () => this.#readNot(), toLogic), toLogic);
  }

  #readChain(
    signs: readonly string[],
    readPart: () => Expression,
    join: (left: Expression, sign: string, right: Expression) => Expression,
  ): Expression {
    let expression = readPart();
    for (;;) {
      const sign = signs.find((one) => this.#tokens.takes(one));
      if (sign === undefined) return expression;
      expression = join(expression, sign, readPart());
    }
  }

  #readNot(): Expression {
    if (!this.#tokens.takes("NOT")) return this.#readComparison();
    const negated = requireCondition(this.#readNot());
    return build("UInt8", `(NOT ${negated.sql})`, negated);
  }

  #readComparison(): Expression {
    const left = this.#readSum();
    const sign = COMPARISONS.find((one) => this.#tokens.takes(one));
    if (sign !== undefined) return compare(left, sign, this.#readSum());
    const isNegated = this.#tokens.takes("NOT");
    const compared = this.#readWordComparison(left);
    if (compared === null && isNegated) throw this.#tokens.unexpected("IN, BETWEEN or LIKE");
    if (compared === null) return left;
    return isNegated ? build("UInt8", `(NOT ${compared.sql})`, compared) : compared;
  }

  #readWordComparison(left: Expression): Expression | null {
    if (this.#tokens.takes("IN")) {
      const options = this.#readList().map((option) => compare(left, "=", option));
      if (options.length === 0) throw new QueryError("IN has an empty list");
      return options.reduce((all, option) => toLogic(all, "OR", option));
    }
    if (this.#tokens.takes("BETWEEN")) {
      const low = this.#readSum();
      this.#tokens.expect("AND");
      return toLogic(compare(left, ">=", low), "AND", compare(left, "<=", this.#readSum()));
    }
    for (const [word, wrap] of [
      ["LIKE", (sql: string) => sql],
      ["ILIKE", (sql: string) => `lower(${sql})`],
    ] as const) {
      if (!this.#tokens.takes(word)) continue;
      const pattern = this.#readSum();
      if (left.type !== "String" || pattern.type !== "String") throw new QueryError(`${word} compares strings only`);
      return build("UInt8", `(${wrap(left.sql)} LIKE ${wrap(pattern.sql)})`, left, pattern);
    }
    return null;
  }

  #readSum(): Expression {
    const readProduct = () => this.#readChain(["*", "/", "%"], () => this.#readUnary(), calculate);
    return this.#readChain(["+", "-"], readProduct, calculate);
  }

  #readUnary(): Expression {
    if (!this.#tokens.takes("-")) return this.#readPrimary();
    const value = this.#readUnary();
    if (!isNumber(value)) throw new QueryError(`a ${value.type} has no negative`);
    return build(value.type, `(-${value.sql})`, value);
  }

  #readPrimary(): Expression {
    if (this.#tokens.takes("(")) {
      const inside = this.read();
      this.#tokens.expect(")");
      return inside;
    }
    const { kind, value } = this.#tokens.peek();
    if (kind === "number") return build(value.includes(".") ? "Float64" : "UInt32", this.#tokens.next().value);
    if (kind === "text") return build("String", quote(this.#tokens.next().value));
    if (this.#tokens.takes("TRUE")) return build("UInt8", "1");
    if (this.#tokens.takes("FALSE")) return build("UInt8", "0");
    if (this.#tokens.takes("INTERVAL")) {
      const amount = Number(this.#tokens.expectKind("text", "a number in quotes"));
      return buildInterval(amount, this.#tokens.expectKind("word", "a unit of time").toUpperCase());
    }
    if (kind !== "word") throw this.#tokens.unexpected("an expression");
    this.#tokens.next();
    return this.#tokens.sees("(") ? this.#readCall(value) : this.#readName(value);
  }

  #readCall(name: string): Expression {
    if (!this.#tokens.sees("(", "DISTINCT")) return callFunction(name, false, this.#readList(), this.#now);
    this.#tokens.takes("(", "DISTINCT");
    const argument = this.read();
    this.#tokens.expect(")");
    return callFunction(name, true, [argument], this.#now);
  }

  #readName(name: string): Expression {
    const found = this.#find(name);
    if (found === null) throw new QueryError(`unable to find type of column: ${name}`);
    return found;
  }

  #readList(): Expression[] {
    const list: Expression[] = [];
    this.#tokens.expect("(");
    if (this.#tokens.takes(")")) return list;
    do list.push(this.read());
    while (this.#tokens.takes(","));
    this.#tokens.expect(")");
    return list;
  }
}

function toLogic(left: Expression, sign: string, right: Expression): Expression {
  return build("UInt8", `(${requireCondition(left).sql} ${sign} ${requireCondition(right).sql})`, left, right);
}

/** @throws {QueryError} Where the expression is neither true nor false. */
export function requireCondition(expression: Expression): Expression {
  if (expression.type === "UInt8") return expression;
  throw new QueryError(`expected a condition, found a ${expression.type}`);
}
