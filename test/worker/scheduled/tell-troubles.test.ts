import { beforeEach, describe, expect, it } from "vitest";
import { control, observe } from "../instrumented.ts";
import { ACCOUNT_ID, METRICS_TOKEN, rowsWith, useWatching, WEBHOOK } from "./watching.ts";

const { worker, server } = useWatching();

/** Where the log of this test begins. */
let start: number;
const watch = (value: object) => ({ store: { watch: JSON.stringify({ v: 1, at: 0, run: "", known: {}, ...value }) } });

beforeEach(async () => {
  await control(worker, watch({}));
  server.reset();
  server.answer({ weekBefore: rowsWith() });
  start = worker.logs.length;
});

const FAILING = {
  hour: rowsWith(100),
  details: [{ outcome: "client-failed", reason: "", browser: "safari", counted: "100" }],
};
const FINE = { hour: rowsWith() };
const texts = () => server.alerts.map(({ body }): unknown => JSON.parse(body).text);
const logged = () => worker.logs.slice(start).map((line) => line["event"]);
const seconds = () => Math.floor(Date.now() / 1000);
const held = async () => JSON.parse((await observe(worker)).stored["watch"]?.value ?? "null");

describe("a scheduled run", () => {
  it("asks for the last hour and for the same hour of the week before, with the owner's token", async () => {
    await worker.runScheduled();
    const path = `/client/v4/accounts/${ACCOUNT_ID}/analytics_engine/sql`;
    const authorization = `Bearer ${METRICS_TOKEN}`;
    const asked = server.queries.map((query) => ({ ...query, body: "" }));
    expect(asked).toEqual(
      Array.from({ length: 2 }, () => ({ host: "api.cloudflare.com", path, authorization, body: "" })),
    );
    const spans = server.queries.map(({ body }) =>
      [...body.matchAll(/toDateTime\((\d+)\)/g)].map(([, at]) => Number(at)),
    );
    const [[begin = 0, end = 0] = [], before = []] = spans.toSorted(([a = 0], [b = 0]) => b - a);
    expect([end - begin, before]).toEqual([3600, [begin - 7 * 86_400, end - 7 * 86_400]]);
    expect(Math.abs(end - seconds())).toBeLessThan(5);
  });

  it("says nothing and writes nothing while all is well", async () => {
    server.answer(FINE);
    await worker.runScheduled();
    expect([(await observe(worker)).calls, logged(), texts()]).toEqual([
      ["get self-off", "query figures", "query figures", "get watch"],
      [],
      [],
    ]);
  });

  it("sends one message when a trouble begins, none while it goes on, and one when it is over", async () => {
    server.answer(FAILING);
    for (let run = 0; run < 3; run += 1) await worker.runScheduled();
    expect(texts()).toEqual([expect.stringMatching(/^Chat: Amazon's client failed to load: at least 100 of 1,000/)]);
    server.answer(FINE);
    for (let run = 0; run < 3; run += 1) await worker.runScheduled();
    expect(texts().slice(1)).toEqual([expect.stringMatching(/^Chat: Over after/)]);
    await expect.poll(logged).toEqual(["trouble.seen", "trouble.over"]);
    expect(server.alerts[0]).toMatchObject({ host: "hooks.slack.com", path: new URL(WEBHOOK).pathname });
  });

  it("logs what was seen, with what to do", async () => {
    server.answer(FAILING);
    await worker.runScheduled();
    await expect
      .poll(() => worker.logs.slice(start).at(-1))
      .toEqual({
        level: "warn",
        event: "trouble.seen",
        trouble: "client-failed",
        share: 0.1,
        count: 100,
        base: 1000,
        weekBefore: 0,
        browser: "safari",
        message: expect.stringContaining("Amazon's client failed to load"),
        todo: expect.stringContaining("Open a page"),
      });
  });

  it("writes to KV when a trouble begins and is over, and for its time every six hours", async () => {
    server.answer(FAILING);
    const writes = async () => (await observe(worker)).calls.filter((call) => call === "put watch").length;
    const runAfter = async (clockOffsetSeconds: number) => {
      server.answer({ clockOffsetSeconds });
      await control(worker, { clockOffsetSeconds });
      await worker.runScheduled();
      return writes();
    };
    expect([await runAfter(0), await runAfter(600), await runAfter(21_300), await runAfter(21_600)]).toEqual([
      1, 0, 0, 1,
    ]);
    expect(texts()).toHaveLength(1);
  });

  it("tells each trouble of its own", async () => {
    const both = [...rowsWith(100), ...rowsWith(40, { outcome: "start-refused" }).slice(4)];
    server.answer({ hour: both, details: [{ outcome: "start-refused", reason: "401", browser: "edge", counted: 40 }] });
    await worker.runScheduled();
    expect(texts()).toEqual([
      expect.stringContaining("Amazon's client failed to load"),
      expect.stringContaining("Amazon refused to start the chat (status 401)"),
    ]);
  });

  it("tells it without a browser where only the browsers cannot be read", async () => {
    server.answer({ ...FAILING, details: [{ outcome: "client-failed", counted: "many" }] });
    await worker.runScheduled();
    expect(texts()).toEqual([expect.stringContaining("at least 100 of 1,000 page views (10 %) in the last hour. ")]);
  });

  it.each([
    ["no figures at all", "nothing-counted", []],
    [
      "chats, and no browser that tells of them",
      "nothing-told",
      rowsWith().filter(({ event }) => event !== "browser.outcome"),
    ],
  ])("says once that there are %s, until browsers tell something again", async (_name, reason, hour) => {
    const seen = [];
    for (const shown of [hour, hour, rowsWith(), hour]) {
      server.answer({ hour: shown, weekBefore: [] });
      await worker.runScheduled();
      const said = seen.push(shown) < 4 ? 1 : 2;
      await expect.poll(logged).toEqual(Array.from({ length: said }, () => "watch.no-figures"));
    }
    expect(worker.logs.slice(start)).toMatchObject([{ reason }, { reason }]);
    expect(texts()).toEqual([]);
  });

  it("says nothing of 49 tokens without a word of a browser, and of 50 only once, also with such an hour between", async () => {
    const silent = rowsWith().filter(({ event }) => event !== "browser.outcome");
    const few = silent.map((row) => (row.total === "20" ? { ...row, total: "19" } : row));
    const said: number[] = [];
    for (const hour of [few, silent, few, silent, FINE.hour]) {
      server.answer({ hour });
      await worker.runScheduled();
      said.push(logged().length);
    }
    expect(said).toEqual([0, 1, 1, 1, 1]);
  });

  it("compares only the page views in which the client loads by ROLLOUT_PERCENT", async () => {
    server.answer({ hour: rowsWith(10) });
    await worker.runScheduled();
    expect(texts()).toEqual([]);
    await control(worker, { ...watch({}), settings: { ROLLOUT_PERCENT: "5" } });
    await worker.runScheduled();
    expect(texts()).toEqual([expect.stringContaining("at least 10 of 50 page views (20 %)")]);
  });

  it("only logs without a webhook", async () => {
    await control(worker, { ...watch({}), settings: { ALERT_WEBHOOK: "" } });
    server.answer(FAILING);
    await worker.runScheduled();
    await expect.poll(logged).toEqual(["trouble.seen"]);
    expect(texts()).toEqual([]);
  });

  it("begins and resolves an incident of PagerDuty", async () => {
    const key = "R0".repeat(16);
    const settings = { ALERT_WEBHOOK: `https://events.pagerduty.com/v2/enqueue?routing_key=${key}` };
    await control(worker, { ...watch({}), settings });
    server.answer(FAILING);
    await worker.runScheduled();
    server.answer(FINE);
    await worker.runScheduled();
    const events = server.alerts.map(({ host, path, body }) => ({ host, path, ...JSON.parse(body) }));
    const incident = { host: "events.pagerduty.com", path: "/v2/enqueue", routing_key: key };
    expect(events).toEqual([
      expect.objectContaining({ ...incident, event_action: "trigger" }),
      { ...incident, event_action: "resolve", dedup_key: events[0]?.dedup_key },
    ]);
  });
});

describe("two scheduled runs at once", () => {
  it("send one message", async () => {
    server.answer(FAILING);
    // Both have read before one has written.
    await control(worker, { ...watch({}), kvPutMs: 500 });
    await Promise.all([worker.runScheduled(), worker.runScheduled()]);
    const { calls } = await observe(worker);
    expect(calls.filter((call) => call === "put watch")).toHaveLength(2);
    expect(texts()).toHaveLength(1);
    expect((await held()).known).toHaveProperty("client-failed");
  });
});

describe("a scheduled run whose own writing KV does not show yet", () => {
  it("sends its message", async () => {
    server.answer(FAILING);
    await control(worker, { kvShows: "nothing" });
    await worker.runScheduled();
    expect(texts()).toHaveLength(1);
  });
});

describe("a scheduled run after the clock has jumped", () => {
  const known = { "client-failed": { since: seconds() - 600, line: 0.02, share: 0.02 } };

  it.each([
    ["back", 7 * 86_400],
    ["ahead", -7 * 86_400],
  ])("%s by a week says so once, and sends nothing again", async (jumped, away) => {
    await control(worker, watch({ at: seconds() + away, known }));
    server.answer(FAILING);
    await worker.runScheduled();
    await worker.runScheduled();
    await expect
      .poll(() => worker.logs.slice(start))
      .toEqual([expect.objectContaining({ event: "watch.clock-jumped", jumped })]);
    expect(texts()).toEqual([]);
    expect((await held()).known["client-failed"].since - seconds()).toBeLessThanOrEqual(0);
  });
});
