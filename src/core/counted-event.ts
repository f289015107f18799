import { isOfPage } from "./page/injection.ts";

/** One row of the counts: the event, its outcome and the reason; empty where the event has none. */
export interface CountedEvent {
  readonly event: string;
  readonly outcome: string;
  readonly reason: string;
}

type Fields = Readonly<Record<string, string | number | boolean>>;

/** The events that are counted, each with the log fields that hold outcome and reason. */
const COUNTED: Readonly<Record<string, { readonly outcome?: string; readonly reason?: string }>> = {
  "page.injected": {},
  "page.left-alone": { reason: "reason" },
  "page.observed": { outcome: "outcome", reason: "reason" },
  "token.issued": { outcome: "continue", reason: "reason" },
  "contact.recorded": { outcome: "state" },
  "chat.linked": { outcome: "outcome", reason: "reason" },
  "chat.stopped": {},
  "link.waits": { reason: "reason" },
  "chat.refused": { reason: "code" },
  "chat.failed": {},
  "owner.unknown": { reason: "reason" },
  "connect.unanswered": { outcome: "action", reason: "reason" },
  "visitor.forgotten": {},
  "history.carried-over": {},
};

/**
 * The counted form of an event.
 *
 * @param fields The fields in the log.
 * @returns `null` for an event that is not counted.
 */
export function toCountedEvent(event: string, fields: Fields = {}): CountedEvent | null {
  const names = COUNTED[event];
  if (names === undefined) return null;
  const read = (name: string | undefined) => String((name === undefined ? undefined : fields[name]) ?? "");
  const counted = { event, outcome: read(names.outcome), reason: read(names.reason) };
  // Requests for images and other files are far more than pages, and would hide them.
  return event.startsWith("page.") && !isOfPage(counted.reason) ? null : counted;
}
