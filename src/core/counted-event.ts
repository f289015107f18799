import { isOfPage } from "./page/injection.ts";

/** One row of the counts: the event, and what is known of it; empty where the event has none. */
export interface CountedEvent {
  readonly event: string;
  readonly outcome: string;
  readonly reason: string;
  /** Family of the visitor's browser. */
  readonly browser: string;
  /** Version of the browser part that the page had. */
  readonly version: string;
  /** Number of the caller's network in this hour: it tells networks apart, and leads back to none without the key. */
  readonly network: string;
  /** The same of the network's operator. */
  readonly operator: string;
}

type Fields = Readonly<Record<string, string | number | boolean>>;

type FieldNames = Partial<CountedEvent>;

/** The events that are counted, each with the fields that hold what is counted. */
const COUNTED: Readonly<Record<string, FieldNames>> = {
  "browser.outcome": {
    outcome: "outcome",
    reason: "reason",
    browser: "browser",
    version: "version",
    network: "network",
    operator: "operator",
  },
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
  const names = Object.hasOwn(COUNTED, event) ? COUNTED[event] : undefined;
  if (names === undefined) return null;
  const read = (name: string | undefined) => String((name === undefined ? undefined : fields[name]) ?? "");
  const counted = {
    event,
    outcome: read(names.outcome),
    reason: read(names.reason),
    browser: read(names.browser),
    version: read(names.version),
    network: read(names.network),
    operator: read(names.operator),
  };
  // Requests for images and other files are far more than pages, and would hide them.
  return event.startsWith("page.") && !isOfPage(counted.reason) ? null : counted;
}
