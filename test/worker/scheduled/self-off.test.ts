import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { control, instrumentedEntry, observe } from "../instrumented.ts";
import { settings } from "../settings.ts";
import { startWorker } from "../start-worker.ts";
import { startWatchedShop, type WatchedShop } from "./watched-shop.ts";

let shop: WatchedShop;
/** Of the test's own settings. */
const open = async (vars: Readonly<Record<string, string>> = {}) => {
  shop = await startWatchedShop((own) =>
    startWorker({ entry: instrumentedEntry, vars: { ...settings, ...own, ...vars } }),
  );
};
const eventsOf = (...names: string[]) =>
  shop.worker.logs.map(({ event }) => String(event)).filter((event) => names.includes(event));
const SELF_OFF_EVENTS = ["self-off.began", "self-off.trying", "self-off.over"];

/** One page view of four fails, for 25 visitors of 5 operators. */
async function failForMany(): Promise<void> {
  shop.viewPages(100);
  await shop.tell({ networks: 25, operators: 5 });
}

beforeEach(() => open());
afterEach(() => shop.close());

describe("a chat whose client fails for many visitors", () => {
  it("switches itself off, and says so once", async () => {
    await failForMany();
    await shop.run();
    expect(await shop.isOn()).toBe(false);
    await shop.run();
    await expect.poll(() => eventsOf(...SELF_OFF_EVENTS)).toEqual(["self-off.began"]);
    expect(shop.worker.logs.find(({ event }) => event === "self-off.began")).toMatchObject({
      level: "warn",
      reason: "client-fails",
      failures: 25,
      pages: 100,
      networks: 25,
      operators: 5,
      share: 0.25,
      line: 0.2,
      offUntil: expect.stringMatching(/T\d\d:4\d:\d\d\.000Z$/),
    });
    expect(shop.alerts().filter((alert) => alert.includes("switched itself off"))).toEqual([
      expect.stringContaining("at least 25 of 100 page views, told from at least 25 networks of 5 operators"),
    ]);
  });

  it("is tried by some after ten minutes, and on again for all when it works", async () => {
    await failForMany();
    await shop.run();
    await shop.moveTo(605);
    await control(shop.worker, { random: 0.5 });
    await shop.run();
    expect(await shop.isOn()).toBe(false);
    await control(shop.worker, { random: 0.05 });
    expect(await shop.isOn()).toBe(true);
    await shop.moveTo(1260);
    shop.viewPages(250, 60);
    await control(shop.worker, { random: 0.5 });
    await shop.run();
    expect(await shop.isOn()).toBe(true);
    await shop.run();
    await expect.poll(() => eventsOf(...SELF_OFF_EVENTS)).toEqual(SELF_OFF_EVENTS);
    const [began, over, ...more] = shop.alerts().filter((alert) => /switched itself off|on again/.test(alert));
    expect([began, over, more]).toEqual([
      expect.any(String),
      expect.stringContaining("Over: the chat is on again for everybody. It has worked for one visitor in ten"),
      [],
    ]);
  });

  it("goes off again where it still fails for those who try, and the owner hears nothing new", async () => {
    await failForMany();
    await shop.run();
    await shop.moveTo(605);
    await shop.run();
    await shop.moveTo(1210);
    shop.viewPages(100, 60);
    await shop.tell({ networks: 5, operators: 5 });
    await shop.run();
    await control(shop.worker, { random: 0.05 });
    expect(await shop.isOn()).toBe(false);
    await expect
      .poll(() => eventsOf(...SELF_OFF_EVENTS))
      .toEqual(["self-off.began", "self-off.trying", "self-off.began"]);
    expect(shop.alerts().filter((alert) => alert.includes("switched itself off"))).toHaveLength(1);
  });

  it("is on again by itself where nobody can tell whether it works", async () => {
    await failForMany();
    await shop.run();
    await shop.moveTo(4200);
    expect(await shop.isOn()).toBe(true);
    await shop.run();
    await expect.poll(() => eventsOf(...SELF_OFF_EVENTS)).toEqual(["self-off.began", "self-off.over"]);
    expect(shop.alerts().at(-1)).toContain("An hour of trying is over");
  });

  it("makes no other trouble begin or end, since nobody can see it then", async () => {
    await failForMany();
    await shop.run();
    await expect.poll(() => eventsOf("trouble.seen", "trouble.over")).toEqual([]);
    await shop.moveTo(900);
    shop.viewPages(1000);
    await shop.run();
    expect(eventsOf("trouble.seen", "trouble.over")).toEqual([]);
  });
});

describe("a chat with SELF_OFF=1", () => {
  it.each([
    ["a client that a policy blocks, which harms no page", { networks: 30, operators: 5, word: "policy-blocked" }],
    ["chats that lose their connection", { networks: 30, operators: 5, word: "connection-lost" }],
  ])("stays on: %s", async (_what, told) => {
    shop.viewPages(100);
    await shop.tell(told);
    await shop.run();
    expect(await shop.isOn()).toBe(true);
  });

  it("goes off where the client loads and shows no widget", async () => {
    shop.viewPages(100);
    await shop.tell({ networks: 25, operators: 5, word: "never-ready" });
    await shop.run();
    expect(await shop.isOn()).toBe(false);
  });

  it("stays on where as many failed a week before", async () => {
    shop.hadFailures(10);
    await failForMany();
    await shop.run();
    expect(await shop.isOn()).toBe(true);
  });

  it("stays on where the flag cannot be written, and tells nobody", async () => {
    await failForMany();
    await control(shop.worker, { kv: "fails", kvCalls: "put" });
    await shop.run();
    await control(shop.worker, {});
    expect(await shop.isOn()).toBe(true);
    await expect
      .poll(() => shop.worker.logs)
      .toContainEqual(expect.objectContaining({ event: "watch.failed", reason: "flag-unwritten" }));
    expect(shop.alerts().filter((alert) => alert.includes("switched itself off"))).toEqual([]);
  });

  it("leaves a flag of a newer version alone", async () => {
    const newer = '{"v":2,"offUntil":"noon"}';
    await control(shop.worker, { store: { "self-off": newer } });
    await failForMany();
    await shop.run();
    expect((await observe(shop.worker)).stored["self-off"]?.value).toBe(newer);
    await expect
      .poll(() => shop.worker.logs)
      .toContainEqual(expect.objectContaining({ event: "self-off.unreadable", reason: "newer" }));
  });

  it.each([
    ["0", []],
    ["1", ["put self-off"]],
  ])("asks Analytics Engine for it only with SELF_OFF=1: %s", async (value, written) => {
    await control(shop.worker, { settings: { SELF_OFF: value } });
    await failForMany();
    await shop.run();
    const { calls } = await observe(shop.worker);
    expect(calls.filter((call) => call.endsWith("self-off"))).toEqual(["get self-off", ...written]);
    const asked = shop.analytics.queries.filter(({ query }) => query.includes("AS networks"));
    const spans = asked.map(({ query }) => {
      const [from = 0, to = 0] = [...query.matchAll(/toDateTime\((\d+)\)/g)].map(([, at]) => Number(at));
      return to - from;
    });
    expect(spans).toEqual(value === "1" ? [600, 600, 3600, 3600] : [3600, 3600]);
    expect(shop.analytics.refused).toEqual([]);
  });

  it.each([{ SELF_OFF: "0" }, { MODE: "off" }, { SELF_OFF: "yes" }])(
    "closes what it has told, and holds the troubles still, once the owner sets %j",
    async (settings) => {
      await failForMany();
      await shop.run();
      await control(shop.worker, { settings });
      await shop.run();
      await shop.run();
      await expect.poll(() => eventsOf(...SELF_OFF_EVENTS)).toEqual(["self-off.began", "self-off.over"]);
      expect(shop.alerts()).toEqual([
        expect.stringContaining("switched itself off"),
        expect.stringContaining("Over: SELF_OFF or MODE has been changed"),
      ]);
      await control(shop.worker, {});
      expect(await shop.isOn()).toBe(true);
    },
  );

  it.each(["off", "observe", "preview"])("does nothing with MODE=%s", async (mode) => {
    await control(shop.worker, { settings: { MODE: mode, PREVIEW_SECRET: "k".repeat(43) } });
    await failForMany();
    await shop.run();
    expect((await observe(shop.worker)).calls).not.toContain("put self-off");
  });
});
