import type { PlantedFaults } from "../../faults/planted-faults.ts";
import type { Contact } from "../contacts/contact.ts";
import type { Contacts } from "../contacts/contacts.ts";
import { answerCrossOrigin, type Exchange, readHeader, readJson, replyJson } from "./exchange.ts";
import { decidePage, decideStart, type WidgetSettings } from "./start-call.ts";
import type { Switches } from "../switches.ts";

const ROUTE = /^\/connectwidget\/api\/([^/]+)\/(start|resume)$/;
const HEADERS = ["content-type", "x-amz-snippet-id", "x-amz-security-token"];

export interface WidgetApi {
  /** @returns Whether the path is one of its own. */
  answer(exchange: Exchange): Promise<boolean>;
}

/**
 * The calls that the visitor's browser makes to Connect itself: to start a chat, and to resume a live one.
 *
 * @param onStart Runs the contact flow of a new chat.
 */
export function createWidgetApi(deps: {
  widget: WidgetSettings;
  switches: Switches;
  planted: PlantedFaults;
  contacts: Contacts;
  now: () => number;
  onStart: (contact: Contact) => void;
}): WidgetApi {
  const { widget, switches, planted, contacts, now, onStart } = deps;

  return {
    async answer(exchange) {
      const [, widgetId, action] = ROUTE.exec(exchange.path) ?? [];
      if (widgetId === undefined) return false;
      if (answerCrossOrigin(exchange, HEADERS)) return true;
      if (exchange.method !== "POST") replyJson(exchange, 405, { message: "This call is a POST." });
      else if (action === "start") await answerStart(exchange, widgetId);
      else await answerResume(exchange, widgetId);
      return true;
    },
  };

  async function answerStart(exchange: Exchange, widgetId: string): Promise<void> {
    const call = {
      widgetId,
      origin: readHeader(exchange, "origin"),
      snippetId: readHeader(exchange, "x-amz-snippet-id"),
      token: readHeader(exchange, "x-amz-security-token"),
      body: await readJson(exchange),
    };
    if (planted.startCall !== "works") {
      replyJson(exchange, Number(planted.startCall), { message: "This fault was planted." });
      return;
    }
    const decision = decideStart(call, widget, switches, now());
    if (!decision.start) {
      replyJson(exchange, decision.status, { message: decision.message });
      return;
    }
    const contact = contacts.start(decision.grant, now());
    replyJson(exchange, 200, toStartAnswer(contact, contact.contactId));
    onStart(contact);
  }

  async function answerResume(exchange: Exchange, widgetId: string): Promise<void> {
    const page = decidePage(
      { origin: readHeader(exchange, "origin"), snippetId: readHeader(exchange, "x-amz-snippet-id") },
      widget,
    );
    if (widgetId !== widget.widgetId || "message" in page) {
      replyJson(exchange, 400, { message: "message" in page ? page.message : "There is no widget of this id." });
      return;
    }
    const contact = findLive(await readJson(exchange));
    if (contact === null) replyJson(exchange, 404, { message: "There is no live chat to resume." });
    else {
      const told = switches.resumedContactId === "current" ? contacts.latestSegment(contact) : contact;
      replyJson(exchange, 200, toStartAnswer(contact, told.contactId));
    }
  }

  function findLive(body: unknown): Contact | null {
    const value =
      typeof body === "object" && body !== null && "persistedChatSession" in body ? body.persistedChatSession : "";
    const contact = contacts.findByPersistedSession(String(value));
    if (contact === null || contact.session?.customerLeft === true) return null;
    return contacts.openSegment(contact) === null ? null : contact;
  }
}

function toStartAnswer({ session }: Contact, contactId: string): unknown {
  return {
    data: {
      startChatResult: {
        ContactId: contactId,
        ParticipantId: session?.participantId,
        ParticipantToken: session?.participantToken,
      },
      persistedChatSession: session?.persistedChatSession,
    },
  };
}
