import { vi } from "vitest";
import { type Analytics, startAnalytics } from "../../playground/analytics/analytics.ts";
import { shiftClock } from "../instrumented.ts";
import { type RunningWorker } from "../start-worker.ts";
import { startWatchServer, type WatchServer } from "./watch-server.ts";

const ACCOUNT_ID = "0123456789abcdef".repeat(2);
const API_TOKEN = "a-token-of-these-tests";
const DATASET = "persistent_chat_edge";
const WEEK = 7 * 86_400;

interface Told {
  /** Addresses, each of another network. */
  readonly networks: number;
  /** They are spread evenly over so many operators. */
  readonly operators: number;
  /** How often each tells it. */
  readonly each?: number;
  readonly word?: string;
  /** Number of the first address; without it, they are new ones. */
  readonly from?: number;
  /** An address of that network; without it, an IPv4 address. */
  readonly addressOf?: (network: number) => string;
}

/** A Worker with SELF_OFF=1 that counts into the stand-in for Analytics Engine, and its clock. */
export interface WatchedShop {
  readonly worker: RunningWorker;
  readonly analytics: Analytics;
  /** What the owner's webhook got, as text. */
  readonly alerts: () => string[];
  /** Moves all clocks to so many seconds after half past an hour. */
  readonly moveTo: (seconds: number) => Promise<void>;
  /** So many pages got the chat. */
  readonly viewPages: (pages: number, secondsAgo?: number) => void;
  /** Browsers tell what happened, by real calls. */
  readonly tell: (told: Told) => Promise<void>;
  /** Browsers have told that the client failed, a week before. */
  readonly hadFailures: (failures: number) => void;
  /** A run of the cron trigger. */
  readonly run: () => Promise<void>;
  /** Whether a visitor without a cookie gets the chat. */
  readonly isOn: () => Promise<boolean>;
  readonly close: () => Promise<void>;
  /** All but the Worker. */
  readonly closeServers: () => Promise<void>;
}

/** @param start Starts the Worker with the instrumented entry, on these settings. */
export async function startWatchedShop(
  start: (vars: Readonly<Record<string, string>>) => Promise<RunningWorker>,
): Promise<WatchedShop> {
  let shift = 0;
  const now = () => Date.now() / 1000 + shift;
  const half = Math.floor(now() / 3600) * 3600 + 1800;
  const analytics = await startAnalytics({ accountId: ACCOUNT_ID, apiToken: API_TOKEN, now });
  const webhook: WatchServer = await startWatchServer();
  const worker = await start({
    SELF_OFF: "1",
    METRICS_ACCOUNT_ID: ACCOUNT_ID,
    METRICS_TOKEN: API_TOKEN,
    ALERT_WEBHOOK: `${webhook.origin}/alert`,
    ANALYTICS_ORIGIN: analytics.origin,
  });
  let addresses = 0;
  let counted = 0;

  const shop: WatchedShop = {
    worker,
    analytics,
    alerts: () => webhook.alerts.map(({ body }) => body),
    async moveTo(seconds) {
      shift = half + seconds - Date.now() / 1000;
      await shiftClock(worker, shift);
    },
    viewPages: (pages, secondsAgo = 1) => write("page.injected", "", pages, now() - secondsAgo),
    async tell({ networks, operators, each = 1, word = "client-failed", from: first = addresses, addressOf = toIpv4 }) {
      addresses = Math.max(addresses, first + networks);
      for (let index = 0; index < networks * each; index++) {
        const network = first + (index % networks);
        await postOutcome(worker, word, {
          "cf-connecting-ip": addressOf(network),
          "x-test-asn": String(64_512 + (network % operators)),
        });
      }
      counted += networks * each;
      await vi.waitUntil(() => countPoints(analytics).then((points) => points === counted), 10_000);
    },
    hadFailures(failures) {
      write("page.injected", "", 100, now() - WEEK - 1);
      write("browser.outcome", "client-failed", failures, now() - WEEK - 1);
      counted += failures;
    },
    run: () => worker.runScheduled(),
    isOn: () => isOn(worker),
    async close() {
      await Promise.all([worker.close(), shop.closeServers()]);
    },
    async closeServers() {
      await Promise.all([analytics.close(), webhook.close()]);
    },
  };
  await shop.moveTo(0);
  return shop;

  /** Failures are from as many networks. */
  function write(event: string, outcome: string, count: number, time: number): void {
    const points = Array.from({ length: count }, (_, index) => ({
      indexes: [event],
      blobs: [event, outcome, "", "", "", outcome && `w${index}`, outcome && `o${index % 5}`],
    }));
    analytics.write(DATASET, points, time);
  }
}

function toIpv4(network: number): string {
  return `203.0.${network >> 8}.${network & 255}`;
}

/** A browser's beacon. */
export async function postOutcome(
  { origin }: RunningWorker,
  word: string,
  headers: Readonly<Record<string, string>>,
): Promise<void> {
  const answer = await fetch(`${origin}/_chat/outcomes`, {
    method: "POST",
    headers: { "content-type": "application/json", "sec-fetch-site": "same-origin", ...headers },
    body: JSON.stringify({ outcomes: [word], version: "1.0.0" }),
  });
  if (answer.status !== 204) throw new Error(`The outcomes route answered ${answer.status}`);
}

async function countPoints({ origin }: Analytics): Promise<number> {
  const answer = await fetch(`${origin}/accounts/${ACCOUNT_ID}/analytics_engine/sql`, {
    method: "POST",
    headers: { authorization: `Bearer ${API_TOKEN}` },
    body: `SELECT count() AS n FROM ${DATASET} WHERE blob1 = 'browser.outcome' FORMAT JSON`,
  });
  const { data }: { data: { n: string }[] } = JSON.parse(await answer.text());
  return Number(data[0]?.n ?? 0);
}

async function isOn({ origin }: RunningWorker): Promise<boolean> {
  const answer = await fetch(`${origin}/_chat/widget.js`);
  return (await answer.text()) !== "";
}
