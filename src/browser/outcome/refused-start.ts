import { findFrame } from "../page/widget-element.ts";
import { note } from "./outcomes.ts";

/**
 * Notes the status with which Amazon refused to start a chat, where the browser tells it (Safari does not). The site's own
 * code may start chats, too: the Worker counts a refusal only beside a chat that was opened.
 */
export function noteRefusedStart(): void {
  let status: Status | undefined;
  try {
    for (const view of [window, Object(findFrame()).contentWindow]) {
      const entries: PerformanceResourceTiming[] = view.performance.getEntriesByType("resource");
      status = entries.find(isRefusal)?.responseStatus ?? status;
    }
  } catch {
    // There is no frame.
  }
  if (status) note(`start-refused-${status}`);
}

/** The statuses that Amazon's documentation explains. */
type Status = 400 | 401 | 404;

function isRefusal(entry: PerformanceResourceTiming): entry is PerformanceResourceTiming & { responseStatus: Status } {
  return /widget\/api\/[^/]+\/start 40[014]$/.test(`${entry.name} ${entry.responseStatus}`);
}
