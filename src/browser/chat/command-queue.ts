import { ownerNamesVisitors } from "./live-chat.ts";
import { wantWidget } from "../page/widget-wait.ts";
import { connectionLost } from "../outcome/connection.ts";
import { widgetMayBeAway } from "../outcome/follow-outcomes.ts";
import { note } from "../outcome/outcomes.ts";
import * as visitorChat from "./visitor-chat.ts";

interface ChatEvent {
  readonly chatDetails?: { readonly contactId?: unknown };
  readonly data?: { readonly InitialContactId?: unknown; readonly ParticipantRole?: unknown } | null;
  readonly status?: unknown;
}

type Authenticate = (callback: (token: unknown) => void) => unknown;
type MetadataHandler = (metadata?: { readonly chatContactId?: unknown }) => unknown;
type EventHandler = (name: string, event?: ChatEvent) => unknown;

interface CommandQueue {
  (field: string, value: unknown): void;
  /** Commands that the client reads when it loads. */
  ac?: IArguments[];
}

declare global {
  interface Window {
    amazon_connect?: CommandQueue;
  }
}

// The owner's handlers of the fields that we use too. The owner may set one before or after ours: it is looked up at each
// call.
let ownerAuthenticate: Authenticate | undefined;
let ownerMetadataHandler: MetadataHandler | undefined;

/** All that is to be called at an event: our handler, then the owner's. */
const eventHandlers: Record<string, EventHandler> = {};
/** What the client gets for it. */
const sentEventHandlers: Record<string, EventHandler> = {};

/**
 * Takes the place of the snippet's own queue, and gives the client one command for each field that both we and the owner
 * use, such as `nonce`: Amazon does not document what a second command of the same field does.
 *
 * @param nonce For the elements that the client adds; empty where the page has none, or the owner gives the nonce.
 */
export function interceptCommands(nonce: string): void {
  let isSent = false;

  const pass: CommandQueue = function () {
    // An `arguments` object, as in the snippet's own queue: the client may not accept an array.
    // oxlint-disable-next-line prefer-rest-params
    (queue.ac ??= []).push(arguments);
  };
  const queue: CommandQueue = (field, value) => {
    if (field === "authenticate" && isFunction(value)) {
      ownerAuthenticate = value;
      ownerNamesVisitors();
    } else if (field === "contactMetadataHandler" && isFunction(value)) ownerMetadataHandler = value;
    else if (field === "registerCallback") addEventHandlers(Object(value));
    // Browsers accept the nonce of the page's policy alone: the owner's may be an old one.
    else if (field !== "nonce" || !nonce) pass(field, value);
    // A page that calls this itself wants to open the widget.
    if (field === "customLaunchBehavior") {
      wantWidget();
      widgetMayBeAway();
    }
    if (field !== "snippetId" || isSent) return;
    isSent = true;
    if (nonce) pass("nonce", nonce);
    pass("authenticate", authenticate);
    pass("contactMetadataHandler", handleMetadata);
    pass("registerCallback", sentEventHandlers);
  };
  addEventHandlers(OWN_EVENT_HANDLERS);
  window.amazon_connect = queue;
}

const authenticate: Authenticate = (callback) => {
  const answer = (ownerToken: string | null) => visitorChat.requestToken(ownerToken, callback);
  if (!ownerAuthenticate) return answer(null);
  return ownerAuthenticate((token) => {
    if (typeof token === "string" && token) return answer(token);
    visitorChat.tokenDeclined();
    callback(token);
  });
};

const handleMetadata: MetadataHandler = (metadata) => {
  // It may be called for a voice call as well, of which the widget keeps nothing.
  if (visitorChat.isChatKept()) visitorChat.contactSeen(metadata?.chatContactId);
  return ownerMetadataHandler?.(metadata);
};

const OWN_EVENT_HANDLERS: Record<string, EventHandler> = {
  CONNECTION_ESTABLISHED(_name, event) {
    visitorChat.contactSeen(event?.data?.InitialContactId ?? event?.chatDetails?.contactId);
    visitorChat.connected();
  },
  PARTICIPANT_LEFT(_name, event) {
    // In some chats that the visitor ends, CHAT_ENDED never comes.
    if (event?.data?.ParticipantRole === "CUSTOMER") visitorChat.chatEnded();
  },
  CHAT_ENDED: visitorChat.chatEnded,
  CONNECTION_LOST: connectionLost,
  WIDGET_FRAME_CLOSED(_name, event) {
    if (event?.status === "error_chat") note("start-refused");
  },
};

function addEventHandlers(added: object): void {
  for (const [name, handler] of Object.entries(added)) {
    if (!isFunction(handler)) continue;
    const earlier = eventHandlers[name];
    eventHandlers[name] = (...args) => {
      earlier?.(...args);
      return handler(...args);
    };
    sentEventHandlers[name] ??= (...args) => eventHandlers[name]?.(...args);
  }
}

function isFunction(value: unknown): value is (...args: unknown[]) => unknown {
  return typeof value === "function";
}
