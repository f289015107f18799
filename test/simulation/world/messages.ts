/** What a browser keeps of a chat. */
export interface Session {
  readonly contactId: string;
  readonly ticket: string;
  /** The visitor that its token names. */
  readonly visitorKey: string;
  /** When that token was issued, in seconds. */
  readonly issuedAt: number;
  /** Who asked for it. */
  readonly person: string;
  readonly visit: number;
}

export interface Report {
  readonly session: Session;
  readonly event: "started" | "ended";
  /** In milliseconds. */
  readonly at: number;
}

export interface RouteCall {
  readonly method: "GET" | "POST" | "DELETE";
  readonly path: string;
  readonly body?: object;
  readonly timeoutMs: number;
  /** Called when the answer's cookies are set. */
  readonly heard?: (answer: Answer) => void;
}

/** Who makes a call; the judge of the answer needs it. */
export interface Sender {
  readonly person: string;
  readonly visit: number;
  /** Of a token request: whether the visitor wants no history. */
  readonly isFresh?: boolean;
  /** Of a token request: the chats whose reports the Worker had acknowledged to this browser. */
  readonly acknowledged?: readonly Session[];
  /** Of a report: whether an earlier report of the same chat is recorded. */
  readonly isStartKnown?: boolean;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly setCookies: readonly string[];
}
