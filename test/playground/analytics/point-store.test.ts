import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createPointStore, type PointStore } from "./point-store.ts";

/** 2026-11-28 12:34:56 UTC, a Saturday. */
const NOW = Date.UTC(2026, 10, 28, 12, 34, 56) / 1000;

let store: PointStore;
const write = (blobs: string[], { ago = 0, doubles = [] as number[], sampleInterval = 1 } = {}) =>
  store.write("chats", { indexes: [blobs[0] ?? ""], blobs, doubles }, NOW - ago, sampleInterval);
const query = (text: string) => store.query(text, NOW).data;

beforeEach(() => {
  store = createPointStore();
  write(["page.injected"]);
  write(["browser.outcome", "client-failed", "", "safari"], { ago: 3600, doubles: [1.5], sampleInterval: 10 });
  write(["browser.outcome", "opened", "", "chrome"], { ago: 90_000, doubles: [2] });
});
afterEach(() => store.close());

describe("query()", () => {
  it("sums by hour, with an alias in WHERE, GROUP BY, HAVING and ORDER BY", () => {
    expect(
      query(`SELECT toStartOfInterval(timestamp, INTERVAL '1' HOUR) AS hour, blob1 AS event, SUM(_sample_interval) AS count
        FROM chats WHERE timestamp > NOW() - INTERVAL '2' DAY AND event LIKE 'browser%' -- a comment
        GROUP BY hour, event HAVING count > 0 ORDER BY hour DESC LIMIT 5 FORMAT JSON`),
    ).toEqual([
      { hour: "2026-11-28 11:00:00", event: "browser.outcome", count: "10" },
      { hour: "2026-11-27 11:00:00", event: "browser.outcome", count: "1" },
    ]);
  });

  it("leaves out what is older than the interval", () => {
    expect(query("SELECT blob2 FROM chats WHERE timestamp >= now() - INTERVAL '1' HOUR ORDER BY blob2")).toEqual([
      { blob2: "" },
      { blob2: "client-failed" },
    ]);
    expect(query("SELECT count() AS n FROM chats WHERE timestamp > now() - INTERVAL '1' MONTH")).toEqual([{ n: "3" }]);
  });

  it("gives numbers of 64 bits as text, and others as numbers", () => {
    expect(
      query(
        "SELECT count() AS n, sum(double1) AS d, max(_sample_interval) AS s, count(DISTINCT blob1) AS e FROM chats",
      ),
    ).toEqual([{ n: "3", d: 3.5, s: 10, e: "2" }]);
    expect(store.query("SELECT count() AS n, now() AS t FROM chats", NOW).meta).toEqual([
      { name: "n", type: "UInt64" },
      { name: "t", type: "DateTime" },
    ]);
  });

  it("counts and sums under a condition", () => {
    expect(
      query(
        "SELECT countIf(blob1 = 'page.injected') AS pages, sumIf(_sample_interval, blob4 IN ('safari')) AS s FROM chats",
      ),
    ).toEqual([{ pages: "1", s: "10" }]);
  });

  it("gives a row of zeros where nothing is counted, and no row where groups are asked for", () => {
    expect(query("SELECT count() AS n, sum(double1) AS d FROM chats WHERE blob1 = 'never'")).toEqual([
      { n: "0", d: 0 },
    ]);
    expect(query("SELECT blob1, count() AS n FROM chats WHERE blob1 = 'never' GROUP BY blob1")).toEqual([]);
  });

  it("takes a subquery", () => {
    expect(
      query(
        "SELECT max(n) AS most FROM (SELECT blob1 AS event, count() AS n FROM chats GROUP BY event) WHERE event != 'x'",
      ),
    ).toEqual([{ most: "2" }]);
  });

  it.each([
    ["toStartOfHour(timestamp)", "2026-11-28 12:00:00"],
    ["toStartOfDay(timestamp)", "2026-11-28 00:00:00"],
    ["toStartOfInterval(timestamp, INTERVAL '15' MINUTE)", "2026-11-28 12:30:00"],
    ["timestamp + INTERVAL '1' YEAR", "2027-11-28 12:34:56"],
    ["timestamp - INTERVAL '1' MONTH", "2026-10-28 12:34:56"],
    ["toUnixTimestamp(timestamp)", NOW],
    ["toDateTime('2026-11-28 12:34:56')", "2026-11-28 12:34:56"],
    [`toDateTime('${NOW}')`, "2026-11-28 12:34:56"],
    ["toDayOfWeek(timestamp)", 6],
    ["toHour(timestamp)", 12],
    ["timestamp BETWEEN '2026-11-28 00:00:00' AND '2026-11-29 00:00:00'", 1],
    ["1 + 2 * 3", "7"],
    ["-(1 + 2) / 2", -1.5],
    ["NOT blob1 = 'x' AND true", 1],
    ["blob1 LIKE 'PAGE%' OR blob1 NOT IN ('page.injected')", 0],
    ["blob1 ILIKE 'PAGE%'", 1],
    ["if(blob1 = 'page.injected', 'a page', 'no page')", "a page"],
    [String.raw`'it''s \'so\''`, "it's 'so'"],
    ["blob20", ""],
    ["double20", 0],
    ["dataset", "chats"],
  ])("reads %s", (expression, value) => {
    const name = /^\w+$/.test(expression) ? "" : " AS answer";
    expect(
      Object.values(query(`SELECT ${expression}${name} FROM chats WHERE blob1 = 'page.injected'`)[0] ?? {}),
    ).toEqual([value]);
  });

  it.each([
    ["SELECT uniq(blob1) AS n FROM chats", "function uniq is not supported"],
    ["SELECT count(*) AS n FROM chats", "expected an expression, found *"],
    ["SELECT blob1, count() AS n FROM chats", "not in GROUP BY"],
    ["SELECT blob1 FROM chats WHERE count() > 1", "an aggregate function is in WHERE"],
    ["SELECT count() AS n FROM chats GROUP BY n", "an aggregate function is in GROUP BY"],
    ["SELECT if(blob1 = 'x', 1, 'y') AS n FROM chats", "of different types: UInt32 and String"],
    ["SELECT sum(count()) AS n FROM chats", "inside of aggregate function sum"],
    ["SELECT blob1 FROM chats WHERE blob1 = 1", "cannot compare String with UInt32"],
    ["SELECT blob1 + 1 AS n FROM chats", "cannot calculate String + UInt32"],
    ["SELECT blob2 AS blob1 FROM chats", "the name blob1 is also a column's"],
    ["SELECT count() FROM chats", "has no name"],
    ["SELECT blob21 FROM chats", "unable to find type of column: blob21"],
    ["SELECT blob1 FROM others", "unable to find dataset: others"],
    ["SELECT blob1 FROM chats WHERE timestamp > now() - INTERVAL '1' WEEK", "1 WEEK is not supported"],
    ["SELECT DISTINCT blob1 FROM chats", "DISTINCT"],
    ["SELECT blob1 FROM chats JOIN chats", "found JOIN"],
    ["SELECT blob1 FROM chats UNION SELECT blob2 FROM chats", "found UNION"],
    ["SELECT blob1 FROM chats WHERE blob1 = 'x' IS NULL", "found IS"],
    ["SELECT blob1 FROM chats; SELECT 1", "unable to parse query at: ;"],
    ["SELECT blob1 FROM chats WHERE blob1 = 'open", "unable to parse query at: 'open"],
    ["SELECT blob1 FROM chats FORMAT CSV", "format CSV is not supported"],
    ["DELETE FROM points", "expected SELECT, found DELETE"],
    ["SELECT name FROM sqlite_master", "unable to find dataset: sqlite_master"],
    ["", "expected SELECT, found the end"],
  ])("refuses %s", (text, message) => {
    expect(() => query(text)).toThrow(message);
  });
});
