import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Alerts, startAlerts } from "../../playground/alerts/alerts.ts";
import { type Analytics, startAnalytics } from "../../playground/analytics/analytics.ts";
import { control, instrumentedEntry } from "../instrumented.ts";
import { settings } from "../settings.ts";
import { type RunningWorker, startWorker } from "../start-worker.ts";
import { ACCOUNT_ID, METRICS_TOKEN } from "./watching.ts";

const DATASET = "persistent_chat_edge";
const WEEK = 7 * 86_400;

let analytics: Analytics;
let alerts: Alerts;
let worker: RunningWorker;
beforeAll(async () => {
  [analytics, alerts] = await Promise.all([
    startAnalytics({ accountId: ACCOUNT_ID, apiToken: METRICS_TOKEN }),
    startAlerts(),
  ]);
  worker = await startWorker({
    entry: instrumentedEntry,
    vars: {
      ...settings,
      METRICS_TOKEN,
      METRICS_ACCOUNT_ID: ACCOUNT_ID,
      ANALYTICS_ORIGIN: analytics.origin,
      ALERTS_ORIGIN: alerts.origin,
    },
  });
});
afterAll(() => Promise.all([worker.close(), analytics.close(), alerts.close()]));

beforeEach(() => {
  analytics.clear();
  analytics.queries.length = 0;
  alerts.messages.length = 0;
});

const useWebhook = (address: string) =>
  control(worker, { store: { watch: '{"v":1,"at":0,"run":"","known":{}}' }, settings: { ALERT_WEBHOOK: address } });
const now = () => Date.now() / 1000;

/** So many pages got the chat, at this time. */
function viewPages(count: number, at = now()): void {
  analytics.write(
    DATASET,
    Array.from({ length: count }, () => pointOf(["page.injected"])),
    at,
  );
}

/** Browsers of so many networks tell of this failure, each so often. */
function tell(outcome: string, networks: number, { each = 1, reason = "", at = now() } = {}): void {
  const points = Array.from({ length: networks * each }, (_none, index) =>
    pointOf([
      "browser.outcome",
      outcome,
      reason,
      "firefox",
      "1.0.0",
      `n${index % networks}`,
      index % networks < networks / 2 ? "o1" : "o2",
    ]),
  );
  analytics.write(DATASET, points, at);
}

const pointOf = (blobs: string[]) => ({ indexes: [blobs[0] ?? ""], blobs });

describe("a scheduled run with Cloudflare's SQL and the services of alerts", () => {
  it.each([
    ["slack", "https://hooks.slack.com/services/T1/B1/x"],
    ["teams", "https://shop.webhook.office.com/webhookb2/a"],
    ["teams", "https://prod-1.westeurope.logic.azure.com:443/workflows/a?sig=b"],
    ["pagerduty", `https://events.eu.pagerduty.com/v2/enqueue?routing_key=${"R0".repeat(16)}`],
  ] as const)("tells %s at %s when a trouble begins and when it is over", async (service, address) => {
    await useWebhook(address);
    viewPages(200, now() - WEEK - 60);
    viewPages(200);
    tell("client-failed", 20, { each: 2 });
    await worker.runScheduled();
    expect(analytics.queries.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(alerts.messages).toMatchObject([{ service, text: expect.stringContaining("40 of 200 page views (20 %)") }]);
    analytics.clear();
    viewPages(400);
    await worker.runScheduled();
    // So far, no browser has told that the chat works.
    expect(alerts.messages).toHaveLength(1);
    tell("connected", 1);
    await worker.runScheduled();
    expect([alerts.messages.length, alerts.refused]).toEqual([2, []]);
  });

  it("asks for no other dataset where the name of the owner's cannot be used", async () => {
    await control(worker, { settings: { METRICS_DATASET: "staging-chat" } });
    await worker.runScheduled();
    expect(analytics.queries).toEqual([]);
  });

  it.each([
    ["begins", {}],
    // That widget loads in every browser, whatever the rollout.
    ["is none", { WIDGET_SNIPPET: "page", WIDGET_ID: "0f9f1c0e-7f6e-4b58-9f53-6d3d5cf4a001" }],
  ])("divides pages by ROLLOUT_PERCENT=10: a trouble %s with %j", async (verdict, own) => {
    const store = { watch: '{"v":1,"at":0,"run":"","known":{}}' };
    const ALERT_WEBHOOK = "https://hooks.slack.com/services/T1/B1/x";
    await control(worker, { store, settings: { ALERT_WEBHOOK, ROLLOUT_PERCENT: "10", ...own } });
    viewPages(2000, now() - WEEK - 60);
    tell("opened", 1, { at: now() - WEEK - 60 });
    viewPages(2000);
    tell("client-failed", 20);
    await worker.runScheduled();
    expect(alerts.messages).toHaveLength(verdict === "begins" ? 1 : 0);
  });

  it("names a start that Amazon refuses with 401, and what to do", async () => {
    await useWebhook("https://hooks.slack.com/services/T1/B1/x");
    analytics.write(
      DATASET,
      Array.from({ length: 30 }, () => pointOf(["token.issued", "none", "no-session"])),
    );
    tell("start-refused", 25, { reason: "401" });
    await worker.runScheduled();
    expect(alerts.messages.map(({ text }) => text)).toEqual([
      expect.stringMatching(/\(status 401\): at least 25 of 30 chats.*mostly in Firefox.*WIDGET_SECURITY_KEY/s),
    ]);
  });

  it("counts neither an hour ago nor the day before", async () => {
    await useWebhook("https://hooks.slack.com/services/T1/B1/x");
    viewPages(200);
    for (const at of [now() - 3700, now() - 86_400]) tell("client-failed", 100, { at });
    await worker.runScheduled();
    expect(alerts.messages).toEqual([]);
  });

  it("finds what failed as often a week before ordinary", async () => {
    await useWebhook("https://hooks.slack.com/services/T1/B1/x");
    for (const at of [now(), now() - WEEK - 60]) {
      viewPages(200, at);
      tell("client-failed", 40, { at });
    }
    await worker.runScheduled();
    expect(alerts.messages).toEqual([]);
  });

  it("takes one data point of a sample for all that it stands for", async () => {
    await useWebhook("https://hooks.slack.com/services/T1/B1/x");
    analytics.sample(10);
    viewPages(1000);
    tell("never-ready", 400);
    await worker.runScheduled();
    analytics.sample(1);
    // 40 networks are left, each with the word of ten; one network's word counts three times.
    expect(alerts.messages.map(({ text }) => text)).toEqual([expect.stringContaining("120 of 1,000 page views")]);
  });
});
