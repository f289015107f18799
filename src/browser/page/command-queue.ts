import { MAX_CONTACT_ID_CHARS } from "../../limits.ts";
import { wantWidget } from "./widget-wait.ts";

/** Called with what happens in a visitor's chat. */
export interface ChatHandlers {
  /** @param ownerToken The site's own token, `null` where its snippet has no `authenticate`. */
  readonly requestToken: (ownerToken: string | null) => Promise<string>;
  /** The site refused a token: the next chat may be anybody's. */
  readonly tokenDeclined: () => void;
  /** Whether the widget keeps a live chat in this tab. */
  readonly isChatKept: () => boolean;
  readonly contactSeen: (contactId: string) => void;
  /** @param isAnonymous Whether the site gives no token of its own, which would name a customer. */
  readonly connected: (isAnonymous: boolean) => void;
  readonly chatEnded: () => void;
}

interface ChatEvent {
  readonly chatDetails?: { readonly contactId?: unknown };
  readonly data?: { readonly InitialContactId?: unknown; readonly ParticipantRole?: unknown } | null;
}

type Authenticate = (callback: (token: unknown) => void) => unknown;
type MetadataHandler = (metadata?: { readonly chatContactId?: unknown }) => unknown;
type EventHandler = (name: string, event?: ChatEvent) => unknown;

/** The owner's handlers of the fields that we use too. */
interface OwnerHandlers {
  authenticate?: Authenticate;
  contactMetadataHandler?: MetadataHandler;
  events: Record<string, EventHandler | undefined>;
}

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

/**
 * Takes the place of the snippet's own queue, and gives the client one command for each field that both we and the owner
 * use, such as `nonce`: Amazon does not document what a second command of the same field does.
 *
 * The owner may set a handler before or after ours: it is looked up at each call.
 *
 * @param nonce For the elements that the client adds; empty where the page has none, or the owner gives the nonce.
 */
export function interceptCommands(handlers: ChatHandlers, nonce: string): void {
  const owner: OwnerHandlers = { events: {} };
  const events = combineEvents(handlers, owner);
  let isSent = false;

  const pass: CommandQueue = function () {
    // An `arguments` object, as in the snippet's own queue: the client may not accept an array.
    // oxlint-disable-next-line prefer-rest-params
    (queue.ac ??= []).push(arguments);
  };
  const queue: CommandQueue = (field, value) => {
    if (field === "authenticate" && isFunction(value)) owner.authenticate = value;
    else if (field === "contactMetadataHandler" && isFunction(value)) owner.contactMetadataHandler = value;
    else if (field === "registerCallback" && isObject(value)) addOwnerEvents(events, owner, value);
    // Browsers accept the nonce of the page's policy alone: the owner's may be an old one.
    else if (field !== "nonce" || nonce === "") pass(field, value);
    // A page that calls this itself wants to open the widget.
    if (field === "customLaunchBehavior") wantWidget();
    if (field !== "snippetId" || isSent) return;
    isSent = true;
    if (nonce !== "") pass("nonce", nonce);
    pass("authenticate", combineAuthenticate(handlers, owner));
    pass("contactMetadataHandler", combineMetadataHandler(handlers, owner));
    pass("registerCallback", events);
  };
  window.amazon_connect = queue;
}

function combineAuthenticate(handlers: ChatHandlers, owner: OwnerHandlers): Authenticate {
  return (callback) => {
    const answer = (ownerToken: string | null) => void handlers.requestToken(ownerToken).then(callback);
    if (owner.authenticate === undefined) return answer(null);
    return owner.authenticate((token) => {
      if (typeof token === "string" && token !== "") return answer(token);
      handlers.tokenDeclined();
      callback(token);
    });
  };
}

function combineMetadataHandler(handlers: ChatHandlers, owner: OwnerHandlers): MetadataHandler {
  return (metadata) => {
    // It may be called for a voice call as well, of which the widget keeps nothing.
    if (handlers.isChatKept()) passContactId(handlers, metadata?.chatContactId);
    return owner.contactMetadataHandler?.(metadata);
  };
}

function combineEvents(handlers: ChatHandlers, owner: OwnerHandlers): Record<string, EventHandler> {
  return {
    CONNECTION_ESTABLISHED(name, event) {
      passContactId(handlers, event?.data?.InitialContactId ?? event?.chatDetails?.contactId);
      handlers.connected(owner.authenticate === undefined);
      return owner.events[name]?.(name, event);
    },
    PARTICIPANT_LEFT(name, event) {
      // In some chats that the visitor ends, CHAT_ENDED never comes.
      if (event?.data?.ParticipantRole === "CUSTOMER") handlers.chatEnded();
      return owner.events[name]?.(name, event);
    },
    CHAT_ENDED(name, event) {
      handlers.chatEnded();
      return owner.events[name]?.(name, event);
    },
  };
}

function addOwnerEvents(combined: Record<string, EventHandler>, owner: OwnerHandlers, added: object): void {
  for (const [name, handler] of Object.entries(added)) {
    if (!isFunction(handler)) continue;
    const earlier = owner.events[name];
    owner.events[name] = (...args) => {
      earlier?.(...args);
      return handler(...args);
    };
    combined[name] ??= (...args) => owner.events[name]?.(...args);
  }
}

function passContactId({ contactSeen }: ChatHandlers, contactId: unknown): void {
  // The Worker refuses a longer id.
  if (typeof contactId === "string" && contactId !== "" && contactId.length <= MAX_CONTACT_ID_CHARS)
    contactSeen(contactId);
}

function isFunction(value: unknown): value is (...args: unknown[]) => unknown {
  return typeof value === "function";
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
