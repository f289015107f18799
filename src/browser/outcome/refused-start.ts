import { findFrame } from "../page/widget-element.ts";
import { outcomes } from "./outcomes.ts";

/**
 * Notes that Amazon refused to start the chat that this page view has opened, with the status as far as the browser tells it
 * (Safari does not).
 *
 * @param isCertain Whether the widget has said so; if not, only a known status counts.
 */
export function noteRefusedStart(isCertain = false): void {
  // The site's own code may start chats, too.
  if (!outcomes.has("opened")) return;
  let status: Status | undefined;
  try {
    for (const view of [window, Object(findFrame()).contentWindow]) {
      const entries: PerformanceResourceTiming[] = view.performance.getEntriesByType("resource");
      status = entries.find(isRefusal)?.responseStatus ?? status;
    }
  } catch {
    // There is no frame.
  }
  if (status) outcomes.add(`start-refused-${status}`);
  if (isCertain) outcomes.add("start-refused");
}

/** The statuses that Amazon's documentation explains. */
type Status = 400 | 401 | 404;

function isRefusal(entry: PerformanceResourceTiming): entry is PerformanceResourceTiming & { responseStatus: Status } {
  return /\/connectwidget\/.*\/start 40[014]$/.test(`${entry.name} ${entry.responseStatus}`);
}
