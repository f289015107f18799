import { beforeEach, describe, expect, it } from "vitest";
import { control, observe } from "../worker/instrumented.ts";
import { startWatchServer } from "../worker/scheduled/watch-server.ts";
import { METRICS_TOKEN, rowsWith, watchSettings, WEBHOOK } from "../worker/scheduled/watching.ts";
import { useInstrumented, useServer, useSite } from "../worker/use-workers.ts";
import { expectUnharmed as expectUnharmedBy, type LogWatch, watchLogs } from "./chatter.ts";

const site = useSite();
const server = useServer(startWatchServer);
const worker = useInstrumented(() => ({ ORIGIN_URL: site.origin, ...watchSettings(server) }));
let log: LogWatch;
let start: number;

/** Time limits and waits are 20 times shorter: no test of this file needs the real ones. */
const NOTHING_KNOWN = { hurry: 20, store: { watch: '{"v":1,"at":0,"run":"","known":{}}' } };

beforeEach(async () => {
  await control(worker, NOTHING_KNOWN);
  server.reset();
  server.answer({ hour: rowsWith(100), weekBefore: rowsWith() });
  log = watchLogs(worker);
  start = worker.logs.length;
});

const lines = (event: string) => worker.logs.slice(start).filter((line) => line["event"] === event);
const held = async () => (await observe(worker)).stored["watch"]?.value;

/** Pages and chats are as ever, and no line of the log has a secret. */
const expectUnharmed = () =>
  expectUnharmedBy(worker, site, {
    written: worker.logs.slice(start),
    secrets: [METRICS_TOKEN, new URL(WEBHOOK).pathname],
  });

/** A run with this fault fails with this line, and sends nothing. After the fault, the trouble is told once. */
async function expectFailedRun(fault: Parameters<typeof control>[1], line: object): Promise<void> {
  await control(worker, { ...NOTHING_KNOWN, ...fault });
  await worker.runScheduled();
  await log.expectLine({ level: "error", event: "watch.failed", ...line });
  expect(server.alerts).toEqual([]);
  await control(worker, { hurry: 20 });
  await expectUnharmed();
  server.answer({ figures: null });
  await worker.runScheduled();
  await worker.runScheduled();
  expect(server.alerts).toHaveLength(1);
}

describe("the figures", () => {
  it("Alerts are switched on, and METRICS is not bound", () =>
    expectFailedRun(
      { settings: { METRICS: "" } },
      { reason: "not-bound", message: expect.stringContaining("[[analytics_engine_datasets]]") },
    ));

  it("Alerts are switched on without METRICS_TOKEN or METRICS_ACCOUNT_ID", async () => {
    const settings = { METRICS_TOKEN: "", METRICS_ACCOUNT_ID: "" };
    await expectFailedRun({ settings }, { reason: "no-token" });
    await log.expectLine({ reason: "no-account" });
    expect(lines("watch.failed")).toHaveLength(2);
  });

  it("Cloudflare refuses the figures, or has no such dataset", async () => {
    server.answer({ figures: { status: 403, body: '{"errors":[{"message":"Authentication error"}]}' } });
    await expectFailedRun(
      {},
      {
        reason: "figures-unread",
        message: expect.stringContaining("Cloudflare answered 403"),
        todo: expect.stringContaining("Account Analytics: Read"),
      },
    );
  });

  it("Cloudflare does not give the figures within 10 seconds", async () => {
    for (const figures of ["hangs", "stalls"] as const) {
      server.reset();
      server.answer({ hour: rowsWith(100), weekBefore: rowsWith(), figures });
      await expectFailedRun(
        {},
        {
          reason: "figures-unread",
          message: expect.stringMatching(/did not answer in time$/),
          todo: "The next run tries again",
        },
      );
    }
  });

  it.each([
    [
      "quotes little",
      { status: 502, body: `Bearer ${METRICS_TOKEN} ${"x".repeat(100_000)}` },
      /: Bearer \[token\] x{100,300}$/,
    ],
    [
      "reads no more than it asked for",
      { status: 200, body: `{"data":[${" ".repeat(12_000_000)}` },
      /is longer than 12000000 bytes/,
    ],
  ])("of an endless answer %s", async (_what, figures, message) => {
    server.answer({ figures });
    await expectFailedRun({}, { reason: "figures-unread", message: expect.stringMatching(message) });
  });

  it("The rows of Analytics Engine are malformed", async () => {
    server.answer({
      figures: { status: 200, body: '{"data":[{"event":"page.injected","networks":1,"counted":1,"total":"many"}]}' },
    });
    await expectFailedRun({}, { message: expect.stringContaining("has not the rows that were asked for") });
  });

  it("A setting cannot be used when the figures are due", () =>
    expectFailedRun({ settings: { TOKEN_TTL_SECONDS: "9000" } }, { reason: "misconfigured" }));

  it("A setting of alerts or self-off cannot be used", async () => {
    for (const settings of [{ METRICS_TOKEN: `${METRICS_TOKEN}\n` }, { METRICS_DATASET: "a b" }, { SELF_OFF: "yes" }]) {
      start = worker.logs.length;
      await control(worker, { ...NOTHING_KNOWN, settings });
      await expectUnharmed();
      expect((await fetch(`${worker.origin}/_chat/health`)).status).toBe(200);
      const [setting] = Object.keys(settings);
      await log.expectLine({ level: "error", event: "settings.invalid", setting });
      await worker.runScheduled();
      const message = expect.stringMatching(new RegExp(`^${setting} counts as not set: expected`));
      await log.expectLine({ level: "error", event: "watch.failed", reason: "misconfigured", message });
      expect(lines("watch.failed")).toHaveLength(1);
    }
  });
});

describe("the webhook", () => {
  const failWith = async (webhook: number | "hangs", message: string) => {
    server.answer({ webhook });
    await control(worker, NOTHING_KNOWN);
    await worker.runScheduled();
    await log.expectLine({ level: "error", event: "alert.failed", trouble: "client-failed", message });
    await expectUnharmed();
    server.answer({ webhook: 200 });
    await worker.runScheduled();
    expect([server.alerts.length, lines("trouble.seen").length]).toEqual([1, 1]);
  };

  it("The webhook answers 500", () => failWith(500, "The webhook answered 500"));

  it("The webhook leads somewhere else", () => failWith(302, "The webhook answered 302"));

  it("The webhook does not answer", () => failWith("hangs", "The webhook did not answer within 5000 ms"));
});

describe("what is known of troubles", () => {
  it("KV does not answer, or not take, what is known of troubles", async () => {
    await expectFailedRun({ kv: "fails", kvCalls: "get" }, { reason: "state-unread", message: "KV is down" });
    server.reset();
    server.answer({ hour: rowsWith(100), weekBefore: rowsWith() });
    await expectFailedRun({ kv: "fails", kvCalls: "put" }, { reason: "state-unwritten", message: "KV is down" });
  });

  it("What KV knows of troubles cannot be read", async () => {
    await control(worker, { hurry: 20, store: { watch: '{"v":1,"known":' } });
    await worker.runScheduled();
    await log.expectLine({ level: "error", event: "record.unreadable", record: "watch" });
    await log.expectLine({ event: "trouble.seen" });
    // Perhaps the owner knows it already. When it is over, and with the next one, they hear of it.
    expect(server.alerts).toEqual([]);
    server.answer({ hour: rowsWith() });
    await worker.runScheduled();
    expect(server.alerts).toHaveLength(1);
    await expectUnharmed();
  });

  it("What KV knows of troubles is of a newer version", async () => {
    const newer = '{"v":2,"troubles":[]}';
    await control(worker, { hurry: 20, store: { watch: newer } });
    await worker.runScheduled();
    await log.expectLine({ event: "watch.failed", reason: "state-unread", message: "a newer version wrote it" });
    expect([server.alerts.length, await held()]).toEqual([0, newer]);
    await expectUnharmed();
  });

  it("The clock has jumped since a trouble began", async () => {
    const known = { "client-failed": { since: 4_000_000_000, line: 0.02, share: 0.02 } };
    await control(worker, { hurry: 20, store: { watch: JSON.stringify({ v: 1, at: 4_000_000_000, run: "", known }) } });
    await worker.runScheduled();
    await log.expectLine({ level: "warn", event: "watch.clock-jumped", jumped: "back" });
    await worker.runScheduled();
    expect([server.alerts.length, lines("watch.clock-jumped").length]).toEqual([0, 1]);
    await expectUnharmed();
  });
});
