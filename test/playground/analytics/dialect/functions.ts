import { build, type Expression, hasAggregate, isInterval, isNumber, type ValueType } from "./expression.ts";
import { QueryError } from "./tokens.ts";

type Check = (argument: Expression) => boolean;

interface Rule {
  readonly takes: readonly Check[];
  readonly gives: ValueType | "the first" | "the second" | "the sum";
  readonly sql: (...values: readonly string[]) => string;
  readonly isAggregate?: true;
  readonly canBeDistinct?: true;
}

const any: Check = ({ type }) => type !== "Interval";
const number: Check = (argument) => isNumber(argument);
const text: Check = ({ type }) => type === "String";
const time: Check = ({ type }) => type === "DateTime";
const condition: Check = ({ type }) => type === "UInt8";

const aggregate = (takes: readonly Check[], gives: Rule["gives"], sql: Rule["sql"]): Rule => ({
  takes,
  gives,
  sql,
  isAggregate: true,
});
const startOf = (seconds: number): Rule => ({
  takes: [time],
  gives: "DateTime",
  sql: (at) => `(${at} - ${at} % ${seconds})`,
});
const partOf = (format: string, gives: ValueType = "UInt8"): Rule => ({
  takes: [time],
  gives,
  sql: (at) => `CAST(strftime('${format}', ${at}, 'unixepoch') AS INTEGER)`,
});

/**
 * The functions, in lower case: a part of those that Cloudflare documents. Any other one is refused.
 *
 * Source: Cloudflare documentation, Workers Analytics Engine, SQL reference.
 */
const RULES: Readonly<Record<string, Rule>> = {
  count: { ...aggregate([], "UInt64", (value) => `count(${value ?? "*"})`), canBeDistinct: true },
  sum: { ...aggregate([number], "the sum", (value) => `coalesce(sum(${value}), 0)`), canBeDistinct: true },
  avg: { ...aggregate([number], "Float64", (value) => `avg(${value})`), canBeDistinct: true },
  min: aggregate([any], "the first", (value) => `min(${value})`),
  max: aggregate([any], "the first", (value) => `max(${value})`),
  countif: aggregate([condition], "UInt64", (value) => `count(nullif(${value}, 0))`),
  sumif: aggregate([number, condition], "the sum", (value, when) => `coalesce(sum(iif(${when}, ${value}, 0)), 0)`),
  avgif: aggregate([number, condition], "Float64", (value, when) => `avg(iif(${when}, ${value}, NULL))`),
  if: { takes: [condition, any, any], gives: "the second", sql: (when, a, b) => `iif(${when}, ${a}, ${b})` },
  tounixtimestamp: { takes: [time], gives: "UInt32", sql: (at = "") => at },
  tostartofminute: startOf(60),
  tostartoffiveminutes: startOf(300),
  tostartoftenminutes: startOf(600),
  tostartoffifteenminutes: startOf(900),
  tostartofhour: startOf(3600),
  tostartofday: startOf(86_400),
  toyear: partOf("%Y", "UInt32"),
  tomonth: partOf("%m"),
  todayofmonth: partOf("%d"),
  todayofweek: partOf("%u"),
  tohour: partOf("%H"),
  tominute: partOf("%M"),
  tosecond: partOf("%S"),
  toyyyymm: partOf("%Y%m", "UInt32"),
  touint8: { takes: [any], gives: "UInt8", sql: (value) => `CAST(${value} AS INTEGER)` },
  touint32: { takes: [any], gives: "UInt32", sql: (value) => `CAST(${value} AS INTEGER)` },
  length: { takes: [text], gives: "UInt64", sql: (value) => `length(${value})` },
  empty: { takes: [text], gives: "UInt8", sql: (value) => `(${value} = '')` },
  lower: { takes: [text], gives: "String", sql: (value) => `lower(${value})` },
  upper: { takes: [text], gives: "String", sql: (value) => `upper(${value})` },
  startswith: { takes: [text, text], gives: "UInt8", sql: (value, start) => `(instr(${value}, ${start}) = 1)` },
};

/**
 * A function's call.
 *
 * @param now Seconds.
 * @throws {QueryError} Where the function is not documented, or gets what it does not take.
 */
export function callFunction(
  name: string,
  isDistinct: boolean,
  values: readonly Expression[],
  now: number,
): Expression {
  const called = name.toLowerCase();
  if (called === "now" && values.length === 0) return build("DateTime", `${Math.floor(now)}`);
  if (called === "todatetime" && values[0] !== undefined) return toDateTime(values[0], values.length);
  if (called === "tostartofinterval") return toStartOfInterval(values);
  const rule = Object.hasOwn(RULES, called) ? RULES[called] : undefined;
  if (rule === undefined) throw new QueryError(`function ${name} is not supported`);
  if (isDistinct && rule.canBeDistinct === undefined) throw new QueryError(`${name} does not support DISTINCT`);
  const takes = called === "count" && isDistinct ? [any] : rule.takes;
  if (values.length !== takes.length || !takes.every((check, index) => values[index] && check(values[index]))) {
    const found = values.map(({ type }) => type).join(", ");
    throw new QueryError(`function ${name} does not take (${found})`);
  }
  if (rule.isAggregate && values.some(hasAggregate)) {
    throw new QueryError(`an aggregate function is inside of aggregate function ${name}`);
  }
  if (called === "if") requireOneType(values);
  const [first = "", ...others] = values.map(({ sql }) => sql);
  const given = values.length === 0 ? [] : [isDistinct ? `DISTINCT ${first}` : first, ...others];
  const expression = build(toType(rule.gives, values), rule.sql(...given), ...values);
  return rule.isAggregate ? { ...expression, kind: "aggregate" } : expression;
}

function requireOneType([, then, otherwise]: readonly Expression[]): void {
  if (then?.type !== otherwise?.type) {
    throw new QueryError(`the two values of if are of different types: ${then?.type} and ${otherwise?.type}`);
  }
}

function toType(gives: Rule["gives"], [first, second]: readonly Expression[]): ValueType {
  if (gives === "the first") return first?.type ?? "String";
  if (gives === "the second") return second?.type ?? "String";
  // Sums of whole numbers have 64 bits.
  if (gives === "the sum") return first?.type === "Float64" ? "Float64" : "UInt64";
  return gives;
}

/** From seconds, or a text of seconds or of the form YYYY-MM-DD hh:mm:ss; only in UTC. */
function toDateTime(value: Expression, count: number): Expression {
  if (count > 1) throw new QueryError("toDateTime with a time zone is not supported here");
  if (value.type === "DateTime" || isNumber(value)) return build("DateTime", value.sql, value);
  const { sql } = value;
  return build("DateTime", `iif(${sql} GLOB '*[^0-9]*', unixepoch(${sql}), CAST(${sql} AS INTEGER))`, value);
}

function toStartOfInterval([at, interval, ...more]: readonly Expression[]): Expression {
  if (at?.type !== "DateTime" || interval === undefined || !isInterval(interval) || more.length > 0) {
    throw new QueryError("toStartOfInterval takes a DateTime and an INTERVAL");
  }
  if (interval.unit === "month" || interval.amount < 1) {
    throw new QueryError("toStartOfInterval takes seconds, minutes, hours or days here");
  }
  return build("DateTime", `(${at.sql} - ${at.sql} % ${interval.amount})`, at);
}
