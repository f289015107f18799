import { ExpressionParser, type FindName, requireCondition } from "./expression-parser.ts";
import { build, type Expression, hasAggregate, quote, requireGrouped, type ValueType } from "./expression.ts";
import { QueryError, readTokens, TokenReader } from "./tokens.ts";

export interface Column {
  readonly name: string;
  readonly type: ValueType;
}

/** A query in SQLite's language, and the columns of its result. */
export interface TranslatedQuery {
  readonly sql: string;
  readonly columns: readonly Column[];
}

/** What is known where a query runs. */
export interface Surroundings {
  /** Columns of a dataset; `null`: there is none of that name. */
  readonly findDataset: (name: string) => readonly Column[] | null;
  /** Seconds. */
  readonly now: number;
}

/** Words that cannot be a name without AS, nor the name of a dataset. */
const KEYWORDS = ["FROM", "WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "FORMAT"];

/**
 * Translates one query of Analytics Engine's dialect.
 *
 * It is strict where SQLite is not: an unknown function, a column that is not grouped by, a text that is compared with a
 * number.
 *
 * @throws {QueryError}
 * Source: Cloudflare documentation, Workers Analytics Engine, SQL reference, "Statements".
 */
export function translateQuery(query: string, surroundings: Surroundings): TranslatedQuery {
  const tokens = new TokenReader(readTokens(query));
  const translated = readSelect(tokens, surroundings);
  if (tokens.takes("FORMAT")) {
    const format = tokens.expectKind("word", "a format");
    if (format !== "JSON") throw new QueryError(`format ${format} is not supported here: only JSON`);
  }
  if (tokens.peek().kind !== "end") throw tokens.unexpected("the end of the query");
  return translated;
}

interface Item extends Column {
  readonly expression: Expression;
}

function readSelect(tokens: TokenReader, surroundings: Surroundings): TranslatedQuery {
  tokens.expect("SELECT");
  // The columns that the list may name are known only after FROM: so it is read twice.
  const list = splitList(tokens);
  const source = tokens.takes("FROM") ? readSource(tokens, surroundings) : { sql: null, columns: [] };
  const items: Item[] = [];
  const find: FindName = (name) => {
    const item = items.find((one) => one.name === name);
    const column = source.columns.find((one) => one.name === name);
    if (item !== undefined) return item.expression;
    return column === undefined ? null : toExpression(column);
  };
  const read = (reader = tokens) => new ExpressionParser(reader, find, surroundings.now).read();
  for (const part of list) items.push(...readItem(part, source.columns, read));

  const where = tokens.takes("WHERE") ? requireCondition(read()) : null;
  if (where !== null && hasAggregate(where)) throw new QueryError("an aggregate function is in WHERE");
  const groups = tokens.takes("GROUP", "BY") ? readCommas(tokens, read) : [];
  const having = tokens.takes("HAVING") ? requireCondition(read()) : null;
  const order = tokens.takes("ORDER", "BY") ? readCommas(tokens, () => readOrder(tokens, read)) : [];
  const limit = tokens.takes("LIMIT") && !tokens.takes("ALL") ? tokens.expectKind("number", "a number") : "-1";
  const offset = tokens.takes("OFFSET") ? tokens.expectKind("number", "a number") : "0";

  const shown = [...items.map(({ expression }) => expression), ...order.map(({ by }) => by)];
  if (having !== null) shown.push(having);
  if (groups.some(hasAggregate)) throw new QueryError("an aggregate function is in GROUP BY");
  if (groups.length > 0 || shown.some(hasAggregate)) {
    const keys = new Set(groups.map(({ sql }) => sql));
    for (const expression of shown) requireGrouped(expression, keys);
  }
  const clauses = [
    `SELECT ${items.map(({ expression, name }) => `${expression.sql} AS "${name}"`).join(", ")}`,
    source.sql === null ? "" : `FROM ${source.sql}`,
    where === null ? "" : `WHERE ${where.sql}`,
    groups.length === 0 ? "" : `GROUP BY ${groups.map(({ sql }) => `(${sql})`).join(", ")}`,
    having === null ? "" : `HAVING ${having.sql}`,
    order.length === 0 ? "" : `ORDER BY ${order.map(({ by, direction }) => `(${by.sql}) ${direction}`).join(", ")}`,
    `LIMIT ${limit} OFFSET ${offset}`,
  ];
  return { sql: clauses.join(" "), columns: items.map(({ name, type }) => ({ name, type })) };
}

/** The tokens of each expression after SELECT. */
function splitList(tokens: TokenReader): TokenReader[] {
  const parts: ReturnType<TokenReader["next"]>[][] = [[]];
  let depth = 0;
  while (tokens.peek().kind !== "end") {
    if (depth === 0 && (tokens.sees(")") || KEYWORDS.some((word) => tokens.sees(word)))) break;
    if (depth === 0 && tokens.takes(",")) parts.push([]);
    else {
      depth += tokens.sees("(") ? 1 : tokens.sees(")") ? -1 : 0;
      parts.at(-1)?.push(tokens.next());
    }
  }
  return parts.map((part) => new TokenReader(part));
}

function readItem(part: TokenReader, columns: readonly Column[], read: (part: TokenReader) => Expression): Item[] {
  if (part.sees("*") && part.peek(1).kind === "end") {
    return columns.map((column) => ({ ...column, expression: toExpression(column) }));
  }
  const written = part.peek().value;
  const expression = read(part);
  const name = part.takes("AS") ? part.expectKind("word", "a name") : expression.kind === "column" ? written : null;
  if (part.peek().kind !== "end") throw part.unexpected("a comma");
  if (name === null) throw new QueryError(`expression ${expression.sql} has no name: give it one with AS`);
  // ClickHouse puts the expression in the column's place also in WHERE, and SQLite does not.
  if (expression.sql !== `"${name}"` && columns.some((column) => column.name === name)) {
    throw new QueryError(`the name ${name} is also a column's: choose another one`);
  }
  return [{ name, type: expression.type, expression }];
}

function toExpression({ name, type }: Column): Expression {
  return { ...build(type, `"${name}"`), kind: "column" };
}

function readSource(tokens: TokenReader, surroundings: Surroundings): { sql: string; columns: readonly Column[] } {
  if (tokens.takes("(")) {
    const { columns, sql } = readSelect(tokens, surroundings);
    tokens.expect(")");
    return { sql: `(${sql})`, columns };
  }
  const name = tokens.expectKind("word", "a dataset");
  const columns = surroundings.findDataset(name);
  if (columns === null) throw new QueryError(`unable to find dataset: ${name}`);
  return { sql: `(SELECT * FROM points WHERE dataset = ${quote(name)})`, columns };
}

function readOrder(tokens: TokenReader, read: () => Expression): { by: Expression; direction: string } {
  const by = read();
  const direction = ["ASC", "DESC"].find((word) => tokens.takes(word)) ?? "ASC";
  return { by, direction };
}

function readCommas<T>(tokens: TokenReader, read: () => T): T[] {
  const list: T[] = [];
  do list.push(read());
  while (tokens.takes(","));
  return list;
}
