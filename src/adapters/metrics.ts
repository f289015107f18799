import { toCountedEvent } from "../core/counted-event.ts";
import { type LogFields } from "./log.ts";

/** The part of an Analytics Engine dataset that this adapter uses. */
export interface MetricsDataset {
  writeDataPoint(point: { readonly indexes: string[]; readonly blobs: string[] }): void;
}

export function isMetricsDataset(binding: unknown): binding is MetricsDataset {
  return typeof binding === "object" && binding !== null && "writeDataPoint" in binding;
}

/**
 * Counts events in Analytics Engine. The blobs of a data point are event, outcome, reason, browser, version, network and
 * operator, in this order: rows of older versions have the first three.
 *
 * Source: Cloudflare documentation, Workers Analytics Engine.
 */
export function createCounter(dataset: MetricsDataset): (event: string, fields?: LogFields) => void {
  return (name, fields) => {
    const counted = toCountedEvent(name, fields);
    if (counted === null) return;
    const { event, outcome, reason, browser, version, network, operator } = counted;
    try {
      dataset.writeDataPoint({
        indexes: [event],
        blobs: [event, outcome, reason, browser, version, network, operator],
      });
    } catch {
      // A lost count must not break a page or a chat.
    }
  };
}
