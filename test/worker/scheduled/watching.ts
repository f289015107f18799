import { useInstrumented, useServer } from "../use-workers.ts";
import { type RunningWorker } from "../start-worker.ts";
import { type Row, startWatchServer, type WatchServer } from "./watch-server.ts";

export const METRICS_TOKEN = "metrics-token-of-the-owner-123456";
export const ACCOUNT_ID = "0a".repeat(16);
export const WEBHOOK = "https://hooks.slack.com/services/T1/B1/secret-part";

/** Settings of a Worker that watches, and sends its alerts to `server`. */
export function watchSettings({ origin }: WatchServer) {
  return { WATCH_ORIGIN: origin, METRICS_TOKEN, METRICS_ACCOUNT_ID: ACCOUNT_ID, ALERT_WEBHOOK: WEBHOOK };
}

/** A Worker that watches, and what stands in for Cloudflare's API and the webhook. */
export function useWatching(): { readonly worker: RunningWorker; readonly server: WatchServer } {
  const server = useServer(startWatchServer);
  return { worker: useInstrumented(() => watchSettings(server)), server };
}

/** Rows of an hour with 1,000 pages and 50 chats, and with this failure in so many networks, half of them of each of two operators. */
export function rowsWith(networks = 0, changes: Partial<Row> = {}): Row[] {
  const told = (operator: string, count: number): Row => ({
    event: "browser.outcome",
    outcome: "client-failed",
    operator,
    networks: count,
    counted: count,
    total: count,
    ...changes,
  });
  const counted = (event: string, outcome: string, total: string): Row => ({
    event,
    outcome,
    operator: "",
    networks: "1",
    counted: "3",
    total,
  });
  return [
    counted("token.issued", "none", "20"),
    counted("token.issued", "now", "30"),
    counted("page.injected", "", "1000"),
    counted("browser.outcome", "started", "45"),
    ...(networks === 0 ? [] : [told("c3d4", Math.ceil(networks / 2)), told("e5f6", Math.floor(networks / 2))]),
  ];
}
