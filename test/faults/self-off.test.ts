import { beforeEach, describe, expect, it } from "vitest";
import { control, observe, shiftClock } from "../worker/instrumented.ts";
import { startWatchServer } from "../worker/scheduled/watch-server.ts";
import { METRICS_TOKEN, watchSettings } from "../worker/scheduled/watching.ts";
import { useInstrumented, useServer, useSite } from "../worker/use-workers.ts";
import { expectUnharmed as expectUnharmedBy, type LogWatch, watchLogs } from "./chatter.ts";

const site = useSite();
const server = useServer(startWatchServer);
const worker = useInstrumented(() => ({ ORIGIN_URL: site.origin, SELF_OFF: "1", ...watchSettings(server) }));
let log: LogWatch;
let now: number;

beforeEach(async () => {
  // Half past an hour: no full hour is near.
  const real = Date.now() / 1000;
  now = Math.floor(real / 3600) * 3600 + 1800;
  await shiftClock(worker, now - real);
  await control(worker, { store: { "self-off": "" } });
  server.reset();
  log = watchLogs(worker);
});

const flagOf = (off: number, trial: number, changes: object = {}) =>
  JSON.stringify({ v: 1, offUntil: now + off, trialUntil: now + trial, told: "off", ...changes });

/** Rows of a client that fails for a quarter of the visitors, for either question. */
const PAGES = {
  event: "page.injected",
  outcome: "",
  operator: "",
  networks: "1",
  counted: "3",
  total: "100",
};
const FAILURES = [1, 2, 3, 4, 5].map((operator) => ({
  event: "browser.outcome",
  outcome: "client-failed",
  operator: `${operator}`,
  networks: "5",
  counted: "5",
  total: "5",
}));
const FAILING = { figures: null, hour: [PAGES, ...FAILURES] };

async function isOn(): Promise<boolean> {
  const answer = await fetch(`${worker.origin}/_chat/widget.js`);
  return (await answer.text()) !== "";
}

const held = async () => (await observe(worker)).stored["self-off"]?.value;

/** Pages are as ever, and a chat that a visitor has open goes on. */
const expectUnharmed = () => expectUnharmedBy(worker, site, { written: worker.logs, secrets: [METRICS_TOKEN] });

async function expectOnAgainst(text: string, line: object): Promise<void> {
  await control(worker, { store: { "self-off": text } });
  expect(await isOn()).toBe(true);
  await worker.runScheduled();
  await log.expectLine({ event: "self-off.unreadable", ...line });
  await expectUnharmed();
}

describe("widget.js, with SELF_OFF=1", () => {
  it("KV does not answer widget.js whether the chat is off", async () => {
    for (const kv of ["fails", "hangs"] as const) {
      await control(worker, { kv, kvCalls: "get", store: { "self-off": flagOf(600, 4200) } });
      expect(await isOn()).toBe(true);
    }
    await log.expectLine({ level: "warn", event: "self-off.unknown" });
    await control(worker, {});
    expect(await isOn()).toBe(false);
    await expectUnharmed();
  });

  it("The flag that switches the chat off cannot be read", async () => {
    await expectOnAgainst("off until tomorrow", { reason: "unreadable" });
    server.answer(FAILING);
    await worker.runScheduled();
    expect(await isOn()).toBe(false);
  });

  it("The flag that switches the chat off names a time too far ahead", () =>
    expectOnAgainst(flagOf(86_400, 90_000), { reason: "too-far" }));

  it("The flag that switches the chat off is of a newer version", async () => {
    const newer = flagOf(600, 4200, { v: 2 });
    server.answer(FAILING);
    await expectOnAgainst(newer, { reason: "newer" });
    expect(await held()).toBe(newer);
  });
});

describe("the scheduled handler, with SELF_OFF=1", () => {
  it("Cloudflare does not give the figures while the client fails", async () => {
    server.answer({ figures: { status: 500, body: "Try again" } });
    await worker.runScheduled();
    await log.expectLine({ event: "watch.failed", reason: "figures-unread" });
    expect(await isOn()).toBe(true);
    await expectUnharmed();
  });

  it("Cloudflare gives no figures any more while the chat is off", async () => {
    server.answer(FAILING);
    await worker.runScheduled();
    expect(await isOn()).toBe(false);
    server.answer({ figures: { status: 500, body: "Try again" } });
    await control(worker, { clockOffsetSeconds: 700, random: 0.5 });
    await worker.runScheduled();
    expect(await isOn()).toBe(false);
    await control(worker, { clockOffsetSeconds: 4300 });
    await worker.runScheduled();
    expect(await isOn()).toBe(true);
    await log.expectLine({ event: "self-off.over", reason: "time-passed" });
    await expectUnharmed();
  });

  it("KV does not answer, or not take, that the chat is off", async () => {
    server.answer(FAILING);
    for (const [kvCalls, reason] of [
      ["get", "flag-unread"],
      ["put", "flag-unwritten"],
    ] as const) {
      await control(worker, { kv: "fails", kvCalls });
      await worker.runScheduled();
      await log.expectLine({ level: "error", event: "watch.failed", reason });
    }
    expect(server.alerts).toEqual([]);
    await control(worker, {});
    expect(await isOn()).toBe(true);
    await worker.runScheduled();
    expect(await isOn()).toBe(false);
    await expectUnharmed();
  });
});
