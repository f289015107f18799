import type { Switches } from "../../switches.ts";
import type { ChatPanel } from "./chat-panel.ts";
import {
  type ChatEvent,
  type ChatMessage,
  type ConnectApi,
  ParticipantRefused,
  type Snapshot,
  type StartAnswer,
  type StartOutcome,
} from "./connect-api.ts";
import type { Fields } from "../page/fields.ts";
import {
  askCustomStart,
  askDisplayName,
  askToken,
  type ChatDetails,
  tellEvent,
  tellMetadata,
} from "../page/page-callbacks.ts";
import { persistedSession } from "./persisted-session.ts";

const RECONNECT_MS = 500;
const EVENT_PREFIX = "application/vnd.amazonaws.connect.event.";

export type ChatState = "starting" | "live" | "ended" | "failed" | "gone";

/** One chat from its start or resumption to its end. */
export class Chat {
  state: ChatState = "starting";
  readonly #fields: Fields;
  readonly #switches: Switches;
  readonly #api: ConnectApi;
  readonly #panel: ChatPanel;
  readonly #stop = new AbortController();
  #details: ChatDetails = { contactId: "", initialContactId: "", participantId: "", participantToken: "" };
  #connected = false;

  constructor(deps: { fields: Fields; switches: Switches; api: ConnectApi; panel: ChatPanel }) {
    this.#fields = deps.fields;
    this.#switches = deps.switches;
    this.#api = deps.api;
    this.#panel = deps.panel;
  }

  async start(): Promise<void> {
    this.#panel.showWaiting("Starting your chat…");
    const outcome = await this.#askToStart();
    if (this.state !== "starting") return;
    if (!outcome.started) {
      this.state = "failed";
      this.#panel.showError(outcome.status, outcome.message);
      return;
    }
    const times = { once: 1, repeats: 3, never: 0 }[this.#switches.metadataHandler];
    for (let n = 0; n < times; n++) tellMetadata(this.#fields, outcome.startChatResult.ContactId);
    void this.#follow(outcome);
  }

  /** @returns Whether the value led to a live chat; a value that leads to none is removed. */
  async resume(value: string): Promise<boolean> {
    this.#panel.showWaiting("Reconnecting…");
    if (this.#switches.authenticateOnResume === "yes") await askToken(this.#fields, 1);
    let outcome = await this.#api.resume(value);
    while (!outcome.started && outcome.status === 0) {
      await delay(RECONNECT_MS);
      outcome = await this.#api.resume(value);
    }
    if (!outcome.started) {
      this.state = "gone";
      persistedSession.remove();
      return false;
    }
    void this.#follow(outcome);
    return true;
  }

  async send(text: string): Promise<boolean> {
    return this.#api.send(this.#details.participantToken, text);
  }

  /** Asks for the end: the chat goes on until Connect says that it is over. */
  async end(): Promise<void> {
    await this.#api.disconnect(this.#details.participantToken);
  }

  /** @param more One event has no data, and another one null. */
  #tell(name: string, more: { data?: object | null }): void {
    tellEvent(this.#fields, name, { chatDetails: { ...this.#details }, ...more });
  }

  #withData({ InitialContactId = this.#details.initialContactId, ...data }: Partial<ChatEvent> = {}) {
    return { data: this.#switches.initialContactIdInEvents === "yes" ? { ...data, InitialContactId } : data };
  }

  async #askToStart(): Promise<StartOutcome> {
    const custom = await askCustomStart(this.#fields);
    if (custom !== null) {
      return custom.startChatResult !== null
        ? { started: true, startChatResult: custom.startChatResult }
        : { started: false, status: 0, message: "The page's own back end did not start the chat." };
    }
    const token = await askToken(this.#fields, this.#switches.authenticateTwice === "yes" ? 2 : 1);
    const attributes = this.#fields.all("contactAttributes").flatMap((value) => Object.entries(value ?? {}));
    return this.#api.start(token, {
      ParticipantDetails: { DisplayName: (await askDisplayName(this.#fields)) ?? "Customer" },
      SupportedMessagingContentTypes: this.#fields.one("supportedMessagingContentTypes"),
      Attributes: Object.fromEntries(attributes.map(([key, value]) => [`HostedWidget-${key}`, value])),
      ChatDurationInMinutes: this.#fields.one("chatDurationInMinutes"),
    });
  }

  async #follow({ startChatResult }: StartAnswer): Promise<void> {
    this.state = "live";
    // These stay as they are: the chat's later segments do not change them.
    this.#details = {
      contactId: startChatResult.ContactId,
      initialContactId: startChatResult.ContactId,
      participantId: startChatResult.ParticipantId,
      participantToken: startChatResult.ParticipantToken,
    };
    while (this.state === "live") {
      try {
        for await (const item of this.#api.follow(startChatResult.ParticipantToken, this.#stop.signal))
          this.#take(item);
      } catch (error) {
        if (error instanceof ParticipantRefused) this.#finish();
      }
      if (this.state !== "live") return;
      if (this.#connected) this.#tell("CONNECTION_LOST", this.#withData());
      this.#connected = false;
      this.#panel.showConnection("Reconnecting…");
      await delay(RECONNECT_MS);
    }
  }

  #take(item: Snapshot | ChatMessage | ChatEvent): void {
    if (item.Type === "SNAPSHOT") this.#takeSnapshot(item);
    else if (item.Type === "MESSAGE") this.#panel.addMessage(item);
    else this.#takeEvent(item);
  }

  #takeSnapshot(snapshot: Snapshot): void {
    this.#panel.showTranscript(snapshot.Transcript);
    if (snapshot.Ended) {
      this.#finish();
      return;
    }
    this.#panel.showConnection("");
    this.#connected = true;
    persistedSession.write(snapshot.PersistedChatSession);
    if (this.#switches.metadataHandler === "repeats") tellMetadata(this.#fields, snapshot.ContactId);
    // Two places of the client tell this, one of them without data.
    this.#tell("CONNECTION_ESTABLISHED", {});
    this.#tell("CONNECTION_ESTABLISHED", this.#withData());
  }

  #takeEvent({ Transcript, ...event }: ChatEvent): void {
    switch (event.ContentType) {
      case `${EVENT_PREFIX}participant.joined`:
        this.#tell("PARTICIPANT_JOINED", this.#withData(event));
        return;
      case `${EVENT_PREFIX}participant.left`:
        this.#tell("PARTICIPANT_LEFT", this.#withData(event));
        if (event.ParticipantRole === "CUSTOMER") this.#close();
        return;
      case `${EVENT_PREFIX}transfer.succeeded`:
        if (this.#switches.metadataHandler === "repeats") tellMetadata(this.#fields, event.ContactId);
        return;
      case `${EVENT_PREFIX}chat.rehydrated`:
        this.#panel.showTranscript(Transcript ?? []);
        return;
      case `${EVENT_PREFIX}chat.ended`:
        this.#finish();
    }
  }

  /** Shows the end. Connect may have one more event to tell. */
  #close(): void {
    if (this.state !== "live") return;
    this.state = "ended";
    persistedSession.remove();
    this.#panel.showEnded();
  }

  #finish(): void {
    this.#close();
    this.#stop.abort();
    this.#tell("CHAT_ENDED", { data: null });
  }
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
