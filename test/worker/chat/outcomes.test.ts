import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { control, instrumentedEntry, observe } from "../instrumented.ts";
import { settings } from "../settings.ts";
import { type RunningWorker, startWorker } from "../start-worker.ts";

const SAFARI =
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15";
const body = { outcomes: ["client-failed"], version: "0.1.0" };

let worker: RunningWorker;
beforeAll(async () => {
  worker = await startWorker({ entry: instrumentedEntry, vars: settings });
});
beforeEach(() => control(worker, {}));
afterAll(() => worker.close());

const post = (content: unknown, headers: Record<string, string> = {}) =>
  fetch(`${worker.origin}/_chat/outcomes`, {
    method: "POST",
    headers: { "content-type": "application/json", "sec-fetch-site": "same-origin", "user-agent": SAFARI, ...headers },
    body: JSON.stringify(content),
  });
const readCounted = async () => (await observe(worker)).counted;

describe("POST /_chat/outcomes", () => {
  it("counts each word once, with the browser's family and the script's version", async () => {
    const { status } = await post({ ...body, outcomes: ["opened", "started", "opened"] });
    expect([status, await readCounted()]).toEqual([
      204,
      ["browser.outcome opened  safari 0.1.0", "browser.outcome started  safari 0.1.0"],
    ]);
  });

  it("counts the status of a refused start as its reason", async () => {
    await post({ ...body, outcomes: ["opened", "start-refused-401"] });
    expect(await readCounted()).toContain("browser.outcome start-refused 401 safari 0.1.0");
  });

  it("tells networks apart in the counts, without an address there, and in no log line", async () => {
    for (const address of ["192.0.2.1", "192.0.2.1", "192.0.2.2"]) await post(body, { "cf-connecting-ip": address });
    const networks = (await readCounted()).map((counted) => counted.split(" ").at(-1));
    expect(networks).toEqual([
      expect.stringMatching(/^[\da-f]{4}$/),
      networks[0],
      expect.not.stringMatching(`${networks[0]}`),
    ]);
    expect(worker.logs.at(-1)).toEqual({
      level: "info",
      event: "browser.outcome",
      outcome: "client-failed",
      reason: "",
      browser: "safari",
      version: "0.1.0",
    });
  });

  it("gives two networks of one operator the same number for the operator", async () => {
    for (const [address, asn] of [
      ["192.0.2.1", "64500"],
      ["192.0.2.2", "64500"],
      ["192.0.2.3", "64501"],
    ] as const) {
      await post(body, { "cf-connecting-ip": address, "x-test-asn": asn });
    }
    const [first, second, other] = (await readCounted()).map((counted) => counted.split(" ").at(-1));
    expect([first, second, other]).toEqual([
      expect.stringMatching(/^[\da-f]{4}$/),
      first,
      expect.not.stringMatching(`${first}`),
    ]);
  });

  it("gives a network another number in the next hour", async () => {
    await post(body, { "cf-connecting-ip": "192.0.2.1" });
    const [before] = await readCounted();
    await control(worker, { clockOffsetSeconds: 3600 });
    await post(body, { "cf-connecting-ip": "192.0.2.1" });
    expect(await readCounted()).toEqual([expect.not.stringMatching(`^${before}$`)]);
  });

  it.each([
    { ...body, outcomes: [] },
    { ...body, outcomes: ["<script>"] },
    { ...body, outcomes: Array.from({ length: 15 }, () => "opened") },
    { ...body, version: "my phone number" },
    { ...body, visitor: "a name" },
    [body],
  ])("refuses %j", async (content) => {
    const answer = await post(content);
    expect([answer.status, await answer.json(), await readCounted()]).toEqual([
      400,
      { error: "BODY_INVALID" },
      ["chat.refused  BODY_INVALID"],
    ]);
  });

  it("refuses a call from another site's page", async () => {
    expect((await post(body, { "sec-fetch-site": "cross-site" })).status).toBe(403);
  });

  it("counts nothing without consent where the owner asks for it", async () => {
    await control(worker, { settings: { CONSENT_COOKIE: "consent=yes" } });
    expect([(await post(body)).status, await readCounted()]).toEqual([403, ["chat.refused  NO_CONSENT"]]);
    expect((await post(body, { cookie: "consent=yes" })).status).toBe(204);
  });

  it("counts nothing with OUTCOMES=0, and takes the beacons of older pages", async () => {
    await control(worker, { settings: { OUTCOMES: "0" } });
    expect([(await post(body)).status, await readCounted()]).toEqual([204, []]);
  });
});
