/** What a visitor's chat tells about itself. */
export interface ChatHandlers {
  /** @param ownerToken The site's own token, `null` where its snippet has no `authenticate`. */
  requestToken(ownerToken: string | null): Promise<string>;
  contactSeen(contactId: string): void;
  chatEnded(): void;
}

interface ChatEvent {
  readonly chatDetails?: { readonly contactId?: unknown };
  readonly data?: { readonly InitialContactId?: unknown };
}

type Authenticate = (callback: (token: unknown) => void) => void;
type MetadataHandler = (metadata: { readonly chatContactId?: unknown }) => unknown;
type EventHandler = (name: string, event: ChatEvent) => unknown;

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
 * Stands where the snippet would put its own queue, and gives the client one command for each field that both we and
 * the owner want: what a second one of the same field does is not documented.
 *
 * The owner's part is looked up when it is needed, so it may be set before or after ours.
 */
export function interceptCommands(handlers: ChatHandlers): void {
  let ownerAuthenticate: Authenticate | undefined;
  let ownerMetadataHandler: MetadataHandler | undefined;
  const events: Record<string, EventHandler> = {
    CONNECTION_ESTABLISHED: (_name, event) => see(event.data?.InitialContactId ?? event.chatDetails?.contactId),
    CHAT_ENDED: handlers.chatEnded,
  };
  let isRegistered = false;

  const see = (contactId: unknown) => {
    if (typeof contactId === "string" && contactId !== "") handlers.contactSeen(contactId);
  };
  const authenticate: Authenticate = (callback) => {
    const answer = (ownerToken: string | null) => void handlers.requestToken(ownerToken).then(callback);
    if (ownerAuthenticate === undefined) return answer(null);
    return ownerAuthenticate((token) => (typeof token === "string" && token !== "" ? answer(token) : callback(token)));
  };
  const metadataHandler: MetadataHandler = (metadata) => {
    see(metadata?.chatContactId);
    return ownerMetadataHandler?.(metadata);
  };
  const addOwnerEvents = (added: Record<string, EventHandler>) => {
    for (const name of Object.keys(added)) {
      const ours = ownEvents[name];
      events[name] = (...args) => {
        ours?.(...args);
        return added[name]?.(...args);
      };
    }
  };
  const ownEvents = { ...events };

  const enqueue: CommandQueue = function (field, value) {
    if (field === "authenticate") ownerAuthenticate = value as Authenticate;
    else if (field === "contactMetadataHandler") ownerMetadataHandler = value as MetadataHandler;
    else if (field === "registerCallback") addOwnerEvents(value as Record<string, EventHandler>);
    // As the snippet's own queue does: the client may know an `arguments` from an array.
    // oxlint-disable-next-line prefer-rest-params
    else (enqueue.ac ??= []).push(arguments);
    if (field !== "snippetId" || isRegistered) return;
    isRegistered = true;
    pass("authenticate", authenticate);
    pass("contactMetadataHandler", metadataHandler);
    pass("registerCallback", events);
  };
  const pass: CommandQueue = function () {
    // oxlint-disable-next-line prefer-rest-params
    (enqueue.ac ??= []).push(arguments);
  };
  window.amazon_connect = enqueue;
}
