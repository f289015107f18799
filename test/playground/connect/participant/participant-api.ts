import type { Change, Contact, Message, TranscriptEntry } from "../contacts/contact.ts";
import type { Contacts } from "../contacts/contacts.ts";
import type { Switches } from "../switches.ts";
import {
  answerCrossOrigin,
  type Exchange,
  type Feed,
  openFeed,
  readHeader,
  readJson,
  replyJson,
} from "../api/exchange.ts";
import { buildCredentials, findByConnectionToken } from "./connection-token.ts";
import { readTranscript, toTranscriptItems, type TranscriptItem } from "./transcript.ts";

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

/** These take the participant token of the start call, and all others the connection token. */
const WITH_PARTICIPANT_TOKEN = new Set(["/participant/feed", "/participant/connection"]);
const CONNECTION_TYPES = new Set(["CONNECTION_CREDENTIALS", "WEBSOCKET"]);

/**
 * The Participant Service, for the customer's client in a started chat.
 *
 * In place of Amazon's web socket there is a feed of this stand-in's own.
 *
 * Source: Amazon Connect Participant Service API Reference, the page of each action.
 */
export function createParticipantApi(
  contacts: Contacts,
  switches: Pick<Switches, "customerEnd" | "sessionAfterCustomerEnd">,
  now: () => number,
): ParticipantApi {
  const feeds = new Map<string, Set<Feed>>();
  /** What was sent under which ClientToken. */
  const sent = new Map<string, TranscriptItem>();

  return {
    async answer(exchange) {
      if (!exchange.path.startsWith("/participant/")) return false;
      if (answerCrossOrigin(exchange, ["content-type", BEARER_HEADER])) return true;
      const token = readHeader(exchange, BEARER_HEADER) ?? "";
      const contact = WITH_PARTICIPANT_TOKEN.has(exchange.path)
        ? contacts.findByParticipantToken(token)
        : findByConnectionToken(contacts, token);
      if (contact === null || contact.session?.customerLeft === true)
        refuse(exchange, "AccessDeniedException", "The token is not valid.");
      else await answerParticipant(exchange, contact);
      return true;
    },
    publish(change) {
      if (change.type === "noted" || !feeds.has(change.initialContactId)) return;
      const { session } = contacts.initialOf(change.initialContactId);
      if (change.type === "customer-left" || session?.customerLeft !== true) tell(change);
    },
  };

  function tell(change: Exclude<Change, { type: "noted" }>): void {
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
      tell({ type: "ended", initialContactId: contactId, contactId: segment.contactId, at });
    if (switches.sessionAfterCustomerEnd === "stays-open")
      contacts.say(contactId, "system", "The customer has left the chat.", at);
    else contacts.end(contactId, "The customer has ended the chat.", at);
  }

  async function answerParticipant(exchange: Exchange, contact: Contact): Promise<void> {
    const call = `${exchange.method} ${exchange.path}`;
    if (call === "GET /participant/feed") {
      follow(exchange, contact);
      return;
    }
    const body = toObject(await readJson(exchange));
    if (contacts.openSegment(contact) === null) {
      refuse(exchange, "AccessDeniedException", "The chat has ended.");
      return;
    }
    switch (call) {
      case "POST /participant/connection":
        connect(exchange, contact, body);
        return;
      case "POST /participant/message":
        send(exchange, contact, body);
        return;
      case "POST /participant/transcript": {
        const page = readTranscript(contacts, contact, body);
        if (page === null) refuse(exchange, "ValidationException", "The request is not valid.");
        else replyJson(exchange, 200, page);
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

  function connect(exchange: Exchange, contact: Contact, { Type }: Readonly<Record<string, unknown>>): void {
    const types: readonly unknown[] = Array.isArray(Type) ? Type : [];
    if (types.length === 0 || types.some((type) => typeof type !== "string" || !CONNECTION_TYPES.has(type))) {
      refuse(exchange, "ValidationException", "The Type is not valid.");
      return;
    }
    const ConnectionCredentials = buildCredentials(contact, now());
    const Websocket = {
      Url: "wss://participant.invalid/no-web-socket-here",
      ConnectionExpiry: ConnectionCredentials.Expiry,
    };
    replyJson(exchange, 200, {
      ...(types.includes("CONNECTION_CREDENTIALS") && { ConnectionCredentials }),
      ...(types.includes("WEBSOCKET") && { Websocket }),
    });
  }

  function send(exchange: Exchange, contact: Contact, body: Readonly<Record<string, unknown>>): void {
    const { ClientToken, Content, ContentType } = body;
    const isText = typeof Content === "string" && Content !== "" && Content.length <= MAX_MESSAGE_CHARACTERS;
    if (!isText || ContentType !== "text/plain") {
      const words = `A message is text/plain, of 1 to ${MAX_MESSAGE_CHARACTERS} characters.`;
      refuse(exchange, "ValidationException", words);
      return;
    }
    const key = typeof ClientToken === "string" ? `${contact.contactId} ${ClientToken}` : null;
    const item = (key === null ? undefined : sent.get(key)) ?? say(contact, Content);
    if (key !== null && item !== undefined) sent.set(key, item);
    replyJson(exchange, 200, { Id: item?.Id, AbsoluteTime: item?.AbsoluteTime });
  }

  function say(contact: Contact, text: string): TranscriptItem | undefined {
    contacts.say(contact.contactId, "customer", text, now());
    return toTranscriptItems(contacts, contact).at(-1);
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

function toObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function refuse(exchange: Exchange, error: "AccessDeniedException" | "ValidationException", message: string): void {
  exchange.response.setHeader("x-amzn-errortype", error);
  replyJson(exchange, error === "AccessDeniedException" ? 403 : 400, { Message: message });
}
