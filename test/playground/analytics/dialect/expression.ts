import { QueryError } from "./tokens.ts";

/** What a column or an expression holds. The names are those of ClickHouse. */
export type ValueType = "String" | "DateTime" | "UInt8" | "UInt32" | "UInt64" | "Float64" | "Interval";

/** A part of a query, already in SQLite's language. A DateTime is there a number of seconds since 1970. */
export interface Expression {
  readonly type: ValueType;
  readonly sql: string;
  /** What it is made of; a column and a literal are made of nothing. */
  readonly parts: readonly Expression[];
  readonly kind: "column" | "aggregate" | "other";
}

/** An interval: of so many seconds, or of months, which differ in length. */
export interface Interval extends Expression {
  readonly type: "Interval";
  readonly amount: number;
  readonly unit: "second" | "month";
}

export const build = (type: ValueType, sql: string, ...parts: readonly Expression[]): Expression => ({
  type,
  sql,
  parts,
  kind: "other",
});

export const isNumber = ({ type }: Expression): boolean => type.startsWith("UInt") || type === "Float64";

export function isInterval(expression: Expression): expression is Interval {
  return expression.type === "Interval";
}

export function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

export function hasAggregate({ kind, parts }: Expression): boolean {
  return kind === "aggregate" || parts.some(hasAggregate);
}

/** @throws {QueryError} Where a column is neither inside of an aggregate function nor grouped by. */
export function requireGrouped(expression: Expression, groups: ReadonlySet<string>): void {
  const { kind, parts, sql } = expression;
  if (kind === "aggregate" || groups.has(sql)) return;
  if (kind === "column") throw new QueryError(`column ${sql} is not under an aggregate function and not in GROUP BY`);
  for (const part of parts) requireGrouped(part, groups);
}

const SECONDS = { SECOND: 1, MINUTE: 60, HOUR: 3600, DAY: 86_400 } as const;
const MONTHS = { MONTH: 1, YEAR: 12 } as const;

/** Source: Cloudflare documentation, Workers Analytics Engine, SQL reference, "Literals". */
export function buildInterval(amount: number, unit: string): Interval {
  const seconds = Object.entries(SECONDS).find(([name]) => name === unit)?.[1];
  const months = Object.entries(MONTHS).find(([name]) => name === unit)?.[1];
  const size = seconds ?? months;
  if (size === undefined || !Number.isInteger(amount)) {
    throw new QueryError(`an interval of ${amount} ${unit} is not supported`);
  }
  const unitOfAmount = seconds === undefined ? "month" : "second";
  return { ...build("Interval", ""), type: "Interval", amount: amount * size, unit: unitOfAmount };
}

/** A time moved by an interval. */
export function shift(time: Expression, { amount, unit }: Interval, sign: "+" | "-"): Expression {
  if (time.type !== "DateTime") throw new QueryError(`an interval cannot be added to a ${time.type}`);
  const sql =
    unit === "second"
      ? `(${time.sql} ${sign} ${amount})`
      : `unixepoch(${time.sql}, 'unixepoch', '${sign}${amount} months')`;
  return build("DateTime", sql, time);
}

/** @throws {QueryError} Where a text would be taken for a number. */
export function compare(left: Expression, sign: string, right: Expression): Expression {
  const [a, b] = [asTimeBeside(left, right), asTimeBeside(right, left)];
  const fits = a.type === b.type || (a.type !== "String" && b.type !== "String");
  if (!fits || isInterval(a) || isInterval(b)) {
    throw new QueryError(`cannot compare ${left.type} with ${right.type}`);
  }
  return build("UInt8", `(${a.sql} ${sign} ${b.sql})`, left, right);
}

/** A text beside a time is a time. */
function asTimeBeside(expression: Expression, other: Expression): Expression {
  if (expression.type !== "String" || other.type !== "DateTime") return expression;
  return build("DateTime", `unixepoch(${expression.sql})`, expression);
}

/** `+`, `-`, `*`, `/` and `%`. Source: as above, "Operators". */
export function calculate(left: Expression, sign: string, right: Expression): Expression {
  if (isInterval(right) && (sign === "+" || sign === "-")) return shift(left, right, sign);
  const isDifference = sign === "-" && left.type === "DateTime" && right.type === "DateTime";
  if (!isDifference && !(isNumber(left) && isNumber(right))) {
    throw new QueryError(`cannot calculate ${left.type} ${sign} ${right.type}`);
  }
  if (sign === "/") return build("Float64", `(CAST(${left.sql} AS REAL) / ${right.sql})`, left, right);
  const isFraction = left.type === "Float64" || right.type === "Float64";
  return build(isFraction ? "Float64" : "UInt64", `(${left.sql} ${sign} ${right.sql})`, left, right);
}
