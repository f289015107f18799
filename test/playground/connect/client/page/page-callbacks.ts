import { complain } from "./complain.ts";
import type { StartResult } from "../chat/connect-api.ts";
import type { Field, Fields } from "./fields.ts";

export interface ChatDetails {
  contactId: string;
  initialContactId: string;
  participantId: string;
  participantToken: string;
}

type Callback = (...values: unknown[]) => unknown;

/**
 * Asks the page for the JWT.
 *
 * @param rounds How often each authenticate is called, all at once; the last answer is used.
 * @returns `null` when the page gave none.
 */
export async function askToken(fields: Fields, rounds: number): Promise<string | null> {
  const askers = functions(fields, "authenticate");
  const all = Array.from({ length: rounds }, () => askers).flat();
  const answers = await Promise.all(all.map((asker) => ask(asker, "authenticate")));
  const last = answers.at(-1);
  return typeof last === "string" ? last : null;
}

export async function askDisplayName(fields: Fields): Promise<string | undefined> {
  const [asker] = functions(fields, "customerDisplayName");
  const answer = asker && (await ask(asker, "customerDisplayName"));
  return typeof answer === "string" ? answer : undefined;
}

/** @returns What the page's own back end answered; `null` when the page starts its chats the usual way. */
export async function askCustomStart(fields: Fields): Promise<{ startChatResult: StartResult | null } | null> {
  const asker = functions(fields, "customStartChat").at(-1);
  if (asker === undefined) return null;
  const answer = await ask(asker, "customStartChat");
  const result = typeof answer === "object" && answer !== null ? Reflect.get(answer, "startChatResult") : null;
  return { startChatResult: isStartResult(result) ? result : null };
}

export function tellMetadata(fields: Fields, chatContactId: string): void {
  for (const handler of functions(fields, "contactMetadataHandler")) {
    call("contactMetadataHandler", handler, { chatContactId });
  }
}

/** What a handler of registerCallback gets beside the event's name. */
type Told = { chatDetails: ChatDetails; data?: object | null } | { status: "close_chat" | "error_chat" };

export function tellEvent(fields: Fields, name: string, told: Told): void {
  for (const handlers of fields.all("registerCallback")) {
    const handler: unknown = typeof handlers === "object" && handlers !== null ? Reflect.get(handlers, name) : null;
    if (isFunction(handler)) call(name, handler, name, told);
  }
}

function functions(fields: Fields, field: Field): Callback[] {
  return fields.all(field).filter(isFunction);
}

function isFunction(value: unknown): value is Callback {
  return typeof value === "function";
}

/** Waits for the page without a limit: if the page never answers, the widget never starts. */
function ask(asker: Callback, name: string): Promise<unknown> {
  return new Promise((resolve) => {
    if (!call(name, asker, resolve)) resolve(null);
  });
}

function call(name: string, callback: Callback, ...values: unknown[]): boolean {
  try {
    callback(...values);
    return true;
  } catch (error) {
    complain(`the page's ${name} failed`, error);
    return false;
  }
}

function isStartResult(value: unknown): value is StartResult {
  const keys = ["ContactId", "ParticipantId", "ParticipantToken"];
  return (
    typeof value === "object" && value !== null && keys.every((key) => typeof Reflect.get(value, key) === "string")
  );
}
