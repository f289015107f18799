export interface StartResult {
  ContactId: string;
  ParticipantId: string;
  ParticipantToken: string;
}

export interface StartAnswer {
  startChatResult: StartResult;
  persistedChatSession?: string | undefined;
}

export type StartOutcome = ({ started: true } & StartAnswer) | { started: false; status: number; message: string };

export interface ChatMessage {
  Type: "MESSAGE";
  ContactId: string;
  InitialContactId: string;
  ParticipantRole: "CUSTOMER" | "AGENT" | "SYSTEM";
  Content: string;
  AbsoluteTime: string;
  Rehydrated: boolean;
}

export interface ChatEvent {
  Type: "EVENT";
  ContentType: string;
  ContactId: string;
  InitialContactId: string;
  AbsoluteTime: string;
  /** Who has joined or left. */
  ParticipantRole?: "CUSTOMER" | "AGENT";
  Transcript?: ChatMessage[];
}

export interface Snapshot {
  Type: "SNAPSHOT";
  ContactId: string;
  InitialContactId: string;
  Ended: boolean;
  PersistedChatSession: string;
  Transcript: ChatMessage[];
}

/** The server no longer accepts this chat's participant token. */
export class ParticipantRefused extends Error {}

/** Every call from the visitor's browser to Connect. */
export class ConnectApi {
  readonly #origin: string;
  readonly #widgetUrl: string;
  readonly #snippetId: string;
  /** Connection tokens, by the chats' participant tokens. */
  readonly #connections = new Map<string, string>();

  constructor(origin: string, widgetId: string, snippetId: string) {
    this.#origin = origin;
    this.#widgetUrl = `${origin}/connectwidget/api/${encodeURIComponent(widgetId)}`;
    this.#snippetId = snippetId;
  }

  start(token: string | null, body: object): Promise<StartOutcome> {
    return this.#postWidget("start", token === null ? {} : { "x-amz-security-token": token }, body);
  }

  resume(persistedChatSession: string): Promise<StartOutcome> {
    return this.#postWidget("resume", {}, { persistedChatSession });
  }

  async send(token: string, text: string): Promise<boolean> {
    return this.#post("message", token, { ContentType: "text/plain", Content: text });
  }

  async disconnect(token: string): Promise<boolean> {
    return this.#post("disconnect", token, {});
  }

  /**
   * Follows a chat until the connection breaks or `signal` stops it.
   *
   * @throws {ParticipantRefused} When the chat is not known any more.
   */
  async *follow(token: string, signal: AbortSignal): AsyncGenerator<Snapshot | ChatMessage | ChatEvent> {
    const response = await fetch(`${this.#origin}/participant/feed`, { headers: { "x-amz-bearer": token }, signal });
    if (response.status === 403) throw new ParticipantRefused();
    const reader = response.body?.getReader();
    const decoder = new TextDecoder();
    let pending = "";
    for (;;) {
      const chunk = await reader?.read();
      if (chunk === undefined || chunk.done) return;
      const blocks = (pending + decoder.decode(chunk.value, { stream: true })).split("\n\n");
      pending = blocks.pop() ?? "";
      for (const block of blocks) {
        if (!block.startsWith("data: ")) continue;
        const item: Snapshot | ChatMessage | ChatEvent = JSON.parse(block.slice(6));
        yield item;
      }
    }
  }

  async #postWidget(action: "start" | "resume", headers: Record<string, string>, body: object): Promise<StartOutcome> {
    let response: Response;
    try {
      response = await fetch(`${this.#widgetUrl}/${action}`, {
        method: "POST",
        headers: { "content-type": "application/json", "x-amz-snippet-id": this.#snippetId, ...headers },
        body: JSON.stringify(body),
      });
    } catch {
      return { started: false, status: 0, message: "Amazon Connect could not be reached." };
    }
    const answer: { data: StartAnswer; message: string } = await response.json();
    return response.ok ? { started: true, ...answer.data } : { started: false, status: response.status, ...answer };
  }

  async #post(action: string, participantToken: string, body: object): Promise<boolean> {
    try {
      const token = this.#connections.get(participantToken) ?? (await this.#connect(participantToken));
      return token !== null && (await this.#postParticipant(action, token, body)).ok;
    } catch {
      return false;
    }
  }

  async #connect(participantToken: string): Promise<string | null> {
    const response = await this.#postParticipant("connection", participantToken, { Type: ["CONNECTION_CREDENTIALS"] });
    if (!response.ok) return null;
    const answer: { ConnectionCredentials: { ConnectionToken: string } } = await response.json();
    const token = answer.ConnectionCredentials.ConnectionToken;
    this.#connections.set(participantToken, token);
    return token;
  }

  #postParticipant(action: string, token: string, body: object): Promise<Response> {
    return fetch(`${this.#origin}/participant/${action}`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-amz-bearer": token },
      body: JSON.stringify(body),
    });
  }
}
