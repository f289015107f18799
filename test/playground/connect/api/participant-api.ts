import type { Change, Contact, Message, TranscriptEntry } from "../contacts/contact.ts";
import type { Contacts } from "../contacts/contacts.ts";
import type { Switches } from "../switches.ts";
import { answerCrossOrigin, type Exchange, type Feed, openFeed, readHeader, readJson, replyJson } from "./exchange.ts";

/** Source: API reference of the Participant Service, SendMessage. */
const MAX_MESSAGE_CHARACTERS = 1_024;
const EVENT_PREFIX = "application/vnd.amazonaws.connect.event.";
const EVENT_NAMES = {
  "agent-joined": "participant.joined",
  "agent-left": "participant.left",
  "customer-left": "participant.left",
  moved: "transfer.succeeded",
  ended: "chat.ended",
  rehydrated: "chat.rehydrated",
} as const;
const BEARER_HEADER = "x-amz-bearer";

export interface ParticipantApi {
  /** @returns Whether the path is one of its own. */
  answer(exchange: Exchange): Promise<boolean>;
  publish(change: Change): void;
}

/** The API for the customer's client in a started chat: it takes the participant token, and gives messages and events. */
export function createParticipantApi(
  contacts: Contacts,
  switches: Pick<Switches, "customerEnd" | "sessionAfterCustomerEnd">,
  now: () => number,
): ParticipantApi {
  const feeds = new Map<string, Set<Feed>>();

  return {
    async answer(exchange) {
      if (!exchange.path.startsWith("/participant/")) return false;
      if (answerCrossOrigin(exchange, ["content-type", BEARER_HEADER])) return true;
      const contact = contacts.findByParticipantToken(readHeader(exchange, BEARER_HEADER) ?? "");
      if (contact === null || contact.session?.customerLeft === true)
        replyJson(exchange, 403, { message: "The participant token is not valid." });
      else await answerParticipant(exchange, contact);
      return true;
    },
    publish(change) {
      if (change.type === "noted" || !feeds.has(change.initialContactId)) return;
      const { session } = contacts.initialOf(change.initialContactId);
      if (change.type === "customer-left" || session?.customerLeft !== true) send(change);
    },
  };

  function send(change: Exclude<Change, { type: "noted" }>): void {
    const item = toItem(change, contacts);
    for (const feed of feeds.get(change.initialContactId) ?? []) feed.send(item);
  }

  /** The customer ends the chat first. */
  function disconnect({ contactId }: Contact): void {
    const segment = contacts.openSegment(contacts.initialOf(contactId));
    if (segment === null) return;
    const at = now();
    if (switches.sessionAfterCustomerEnd === "survey" && segment.kind !== "survey") {
      contacts.survey(contactId, at);
      return;
    }
    contacts.leave(contactId, at);
    if (switches.customerEnd === "chat-ended")
      send({ type: "ended", initialContactId: contactId, contactId: segment.contactId, at });
    if (switches.sessionAfterCustomerEnd === "stays-open")
      contacts.say(contactId, "system", "The customer has left the chat.", at);
    else contacts.end(contactId, "The customer has ended the chat.", at);
  }

  async function answerParticipant(exchange: Exchange, contact: Contact): Promise<void> {
    switch (`${exchange.method} ${exchange.path}`) {
      case "GET /participant/feed":
        follow(exchange, contact);
        return;
      case "POST /participant/message": {
        const text = toText(await readJson(exchange));
        if (text === null)
          replyJson(exchange, 400, { message: `A message has 1 to ${MAX_MESSAGE_CHARACTERS} characters.` });
        else if (contacts.openSegment(contact) === null) replyJson(exchange, 403, { message: "The chat has ended." });
        else {
          contacts.say(contact.contactId, "customer", text, now());
          replyJson(exchange, 200, {});
        }
        return;
      }
      case "POST /participant/disconnect":
        disconnect(contact);
        replyJson(exchange, 200, {});
        return;
      default:
        replyJson(exchange, 404, { message: "There is no such call." });
    }
  }

  function follow(exchange: Exchange, contact: Contact): void {
    const id = contact.contactId;
    const readers = feeds.get(id) ?? new Set();
    feeds.set(id, readers);
    const feed = openFeed(exchange, () => {
      readers.delete(feed);
      if (readers.size === 0) feeds.delete(id);
    });
    readers.add(feed);
    feed.send({
      Type: "SNAPSHOT",
      ContactId: contacts.latestSegment(contact).contactId,
      InitialContactId: id,
      Ended: contacts.openSegment(contact) === null,
      PersistedChatSession: contact.session?.persistedChatSession,
      Transcript: toTranscript(contacts.transcript(id)),
    });
  }
}

function toItem(change: Exclude<Change, { type: "noted" }>, contacts: Contacts): unknown {
  const { initialContactId } = change;
  if (change.type === "message") return toMessage({ ...change.message, initialContactId, rehydrated: false });
  return {
    Type: "EVENT",
    ContentType: EVENT_PREFIX + EVENT_NAMES[change.type],
    ContactId: change.contactId,
    InitialContactId: initialContactId,
    AbsoluteTime: toIso(change.at),
    ...(change.type.startsWith("agent-") ? { ParticipantRole: "AGENT" } : {}),
    ...(change.type === "customer-left" ? { ParticipantRole: "CUSTOMER" } : {}),
    ...(change.type === "rehydrated" ? { Transcript: toTranscript(contacts.transcript(initialContactId)) } : {}),
  };
}

function toTranscript(entries: readonly TranscriptEntry[]): unknown[] {
  return entries.map(toMessage);
}

function toMessage(entry: TranscriptEntry | (Message & { initialContactId: string; rehydrated: boolean })): unknown {
  return {
    Type: "MESSAGE",
    ContentType: "text/plain",
    ContactId: entry.contactId,
    InitialContactId: entry.initialContactId,
    ParticipantRole: entry.from.toUpperCase(),
    Content: entry.text,
    AbsoluteTime: toIso(entry.at),
    Rehydrated: entry.rehydrated,
  };
}

function toIso(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}

function toText(body: unknown): string | null {
  const text = typeof body === "object" && body !== null && "text" in body ? body.text : null;
  return typeof text === "string" && text !== "" && text.length <= MAX_MESSAGE_CHARACTERS ? text : null;
}
