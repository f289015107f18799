import { type Log, toLogFields } from "../../adapters/log.ts";

/** Logs that the figures cannot be read, with what to check. */
export function logUnread(error: unknown, log: Log): void {
  const isLate = error instanceof Error && error.name === "TimeoutError";
  const todo = isLate
    ? "The next run tries again"
    : "Check METRICS_TOKEN (it needs Account Analytics: Read), METRICS_ACCOUNT_ID and METRICS_DATASET. The next run tries again";
  log.error("watch.failed", { reason: "figures-unread", ...toLogFields(error), todo });
}
