import { isOfPage } from "./page/injection.ts";

/** An event as it is counted: what happened, how it came out, and why. Empty where there is nothing to say. */
export interface CountedEvent {
  readonly event: string;
  readonly outcome: string;
  readonly reason: string;
}

type Fields = Readonly<Record<string, string | number | boolean>>;

/** Events that are counted, and which of their fields says how it came out, and which why. */
const COUNTED: Readonly<Record<string, { readonly outcome?: string; readonly reason?: string }>> = {
  "page.injected": {},
  "page.left-alone": { reason: "reason" },
  "page.observed": { outcome: "outcome", reason: "reason" },
  "token.issued": { outcome: "continue", reason: "reason" },
  "contact.recorded": { outcome: "state" },
  "chat.linked": { outcome: "outcome" },
  "chat.refused": { reason: "code" },
  "chat.failed": {},
  "owner.unknown": { reason: "reason" },
  "visitor.forgotten": {},
};

/**
 * What is counted of an event.
 *
 * @param fields As they are logged.
 * @returns `null` for an event that is not counted.
 */
export function toCountedEvent(event: string, fields: Fields = {}): CountedEvent | null {
  const names = COUNTED[event];
  if (names === undefined) return null;
  const read = (name: string | undefined) => String((name === undefined ? undefined : fields[name]) ?? "");
  const counted = { event, outcome: read(names.outcome), reason: read(names.reason) };
  // Images and the like would drown the pages.
  return event.startsWith("page.") && !isOfPage(counted.reason) ? null : counted;
}
