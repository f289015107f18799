import { type Action } from "./amazon/service-api.ts";

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
  /** Who really sat at the browser. */
  readonly sitter: string;
  readonly visit: number;
  /** Whether the visitor wanted no history. */
  readonly isFresh: boolean;
}

export interface Report {
  readonly session: Session;
  readonly event: "started" | "ended";
  /** In milliseconds. */
  readonly at: number;
  /** When the Worker wants to be asked again, in milliseconds. */
  readonly due: number;
}

export interface RouteCall {
  readonly method: "GET" | "POST" | "DELETE";
  readonly path: string;
  readonly query?: string;
  readonly body?: CallBody;
  readonly timeoutMs: number;
  /** Where the call arrives, if not where its browser is. */
  readonly location?: number;
  /** Called when the answer's cookies are set. */
  readonly heard?: (answer: Answer) => void;
}

/** Of a token request or a report. */
interface CallBody {
  readonly fresh?: true;
  readonly token?: string;
  readonly contactId?: string;
  readonly ticket?: string;
  readonly event?: Report["event"];
  readonly ageSeconds?: number;
}

/** Who makes a call; the judge of the answer needs it. */
export interface Sender {
  readonly person: string;
  /** Who the browser's visitor is without signing in; another one after a sign-out. */
  readonly guest: string;
  /** Who really sits at the browser. */
  readonly sitter: string;
  readonly visit: number;
  readonly device: Device;
  /** The chats whose reports the Worker had acknowledged to this browser. */
  readonly acknowledged: readonly Session[];
  /** Of a token request: whether the visitor wants no history. */
  readonly isFresh?: boolean;
  /** Of a report: whether an earlier report of the same chat is recorded. */
  readonly isStartKnown?: boolean;
  /** Of a report: when the browser looked for other tabs with a live chat, in milliseconds. */
  readonly lookedAt?: number;
}

/** A browser, as the judge sees it. */
export interface Device {
  /** The tabs with a live chat. */
  readonly tabs: ReadonlyMap<number, LiveTab>;
}

export interface LiveTab {
  readonly session: Session;
  /** In milliseconds. */
  readonly since: number;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly setCookies: readonly string[];
}

/** A call as a Worker got it. */
export interface ReceivedCall {
  readonly sender: Sender;
  readonly path: string;
  readonly body: CallBody;
  /** The visitor key of the cookie that came with the call. */
  readonly cookieKey: string | null;
  readonly location: number;
  readonly traffic: Traffic;
}

/** What a Worker did for one call. */
export interface Traffic {
  reads: number;
  writes: number;
  hasFailed: boolean;
  /** When the Worker began with the call, in milliseconds. */
  readonly beganAt: number;
  readonly asked: Action[];
  /** When Amazon was first asked, in milliseconds. */
  askedAt: number | null;
  wasAmazonSilent: boolean;
}
