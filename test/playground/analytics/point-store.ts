import { DatabaseSync } from "node:sqlite";
import { type DataPoint, MAX_VALUES } from "./data-point.ts";
import { type ValueType } from "./dialect/expression.ts";
import { type Column, translateQuery } from "./dialect/translate-query.ts";

type Value = string | number | null;

export interface Answer {
  readonly meta: readonly Column[];
  readonly data: readonly Record<string, Value>[];
  readonly rows: number;
}

const numbered = (name: string, type: ValueType): Column[] =>
  Array.from({ length: MAX_VALUES }, (_, index) => ({ name: `${name}${index + 1}`, type }));

/** Source: Cloudflare documentation, Workers Analytics Engine, SQL API, "Table structure". */
const COLUMNS: readonly Column[] = [
  { name: "dataset", type: "String" },
  { name: "timestamp", type: "DateTime" },
  { name: "_sample_interval", type: "UInt32" },
  { name: "index1", type: "String" },
  ...numbered("blob", "String"),
  ...numbered("double", "Float64"),
];

/** Data points, and queries on them. */
export interface PointStore {
  /** @param time Seconds. */
  write(dataset: string, point: DataPoint, time: number, sampleInterval: number): void;
  /**
   * @param now Seconds.
   * @throws {QueryError} For a query that Analytics Engine would not run.
   */
  query(query: string, now: number): Answer;
  clear(): void;
  close(): void;
}

export function createPointStore(): PointStore {
  const database = new DatabaseSync(":memory:");
  database.exec("PRAGMA case_sensitive_like = ON");
  database.exec(`CREATE TABLE points (${COLUMNS.map(({ name }) => name).join(", ")})`);
  const insert = database.prepare(`INSERT INTO points VALUES (${COLUMNS.map(() => "?").join(", ")})`);
  const datasets = new Set<string>();
  const fill = (values: readonly (string | number)[], empty: string | number) =>
    Array.from({ length: MAX_VALUES }, (_, index) => values[index] ?? empty);

  return {
    write(dataset, { blobs, doubles, indexes }, time, sampleInterval) {
      datasets.add(dataset);
      const [index = ""] = indexes;
      insert.run(dataset, Math.floor(time), sampleInterval, index, ...fill(blobs, ""), ...fill(doubles, 0));
    },
    query(query, now) {
      const findDataset = (name: string) => (datasets.has(name) ? COLUMNS : null);
      const { columns, sql } = translateQuery(query, { findDataset, now });
      const data = database
        .prepare(sql)
        .all()
        .map((row) => Object.fromEntries(columns.map(({ name, type }) => [name, toJson(row[name], type)])));
      return { meta: columns, data, rows: data.length };
    },
    clear() {
      database.exec("DELETE FROM points");
      datasets.clear();
    },
    close: () => database.close(),
  };
}

/** As ClickHouse writes JSON: numbers of 64 bits as text, and times without a zone. */
function toJson(value: unknown, type: ValueType): Value {
  if (typeof value !== "number") return typeof value === "string" ? value : null;
  if (type === "DateTime") return new Date(value * 1000).toISOString().slice(0, 19).replace("T", " ");
  return type === "UInt64" ? String(value) : value;
}
