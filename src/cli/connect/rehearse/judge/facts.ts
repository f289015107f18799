import { type LinkBy } from "../../../../core/chat/continuation.ts";

/** What was seen; or why it was not, such as `AccessDeniedException`. */
export type Seen<T> = { readonly seen: T } | { readonly unseen: string };

/** How Connect answers a call that links two chats. The error is AWS's own name. */
export type LinkAnswer =
  | { readonly answer: "linked"; readonly continues: boolean }
  | { readonly answer: "refused"; readonly error: string };

/** How a signed attribute has arrived at the contact. */
export type Arrival = "same" | "other-value" | "prefixed" | "missing";

/** What becomes of a session whose customer has left first. */
export type AfterCustomer = "over" | "open" | "goes-on";

/** Which contact of the first chat DescribeContact calls related to the second. */
export type Related = "last" | "first" | "other" | "none";

export interface FirstChat {
  /** Of each attribute in the Worker's token. */
  readonly arrivals: Seen<Readonly<Record<string, Arrival>>>;
  /** Whether DescribeContact told the attributes while the chat was live. */
  readonly areToldWhileLive: Seen<boolean>;
  /** How the live Worker took the report: `null` where it has recorded the chat, else its error code or its status. */
  readonly reportRefusal: string | null;
}

export interface FirstEnd {
  /** `customer`: nobody has ended the chat in time, or no agent was wanted. */
  readonly endedBy: "agent" | "customer";
  /** `null`: the agent has ended it. */
  readonly afterCustomer: Seen<AfterCustomer> | null;
  /** Whether Connect told the customer's own connection that the chat is over; `null`: no such connection was there. */
  readonly toldEnd: boolean | null;
  /** Contacts of the session. */
  readonly contacts: Seen<number>;
}

/** One answer of the live Worker to the report of the second chat. */
export interface ReportAnswer {
  readonly status: number;
  /** `null`: the contact flow links. */
  readonly link: string | null;
  /** Seconds since the first report. */
  readonly afterSeconds: number;
}

export interface SecondChat {
  /** What the Worker's token names as the past chat. */
  readonly offered: "first" | "none" | "other";
  readonly chatContinue: string;
  readonly reports: readonly ReportAnswer[];
  /** Seconds until the first chat's message was in the second chat; `null`: it did not come. */
  readonly historyAfterSeconds: number | null;
  readonly related: Seen<Related>;
  /** Whether ListAssociatedContacts lists the first chat with the second. */
  readonly isListedTogether: Seen<boolean>;
  /** Linked to the first chat once more, or, where the history had not come, by hand. */
  readonly byHand: LinkAnswer;
  /** Whether the history came after that; `null`: it was there already, or the link was refused. */
  readonly cameByHand: boolean | null;
}

export interface ThirdChat {
  /** Which value of the attribute that was signed, and forged, has won. */
  readonly winner: Seen<"signed" | "forged" | "neither">;
  /** Links of the third chat, in this order. `null`: not tried, since an earlier one was accepted. */
  readonly live: LinkAnswer | null;
  readonly unknown: LinkAnswer | null;
  readonly early: LinkAnswer | null;
  /** A past chat that is ready. */
  readonly ready: LinkAnswer | null;
}

/** Whether a contact id is in the name of the transcript's file; `none`: Connect tells of no file. */
export type FileName = "has-id" | "other" | "none";

/** What the rehearsal has seen. There is no id, token or name of a host in it. A part that is absent was not reached. */
export interface Facts {
  /** How the live Worker links, by its answers. */
  readonly linkBy: LinkBy;
  /** LINK_BY on this machine. */
  readonly linkBySet: LinkBy;
  readonly readyAfterSeconds: number;
  readonly names: { readonly contact: string; readonly visitor: string };
  readonly first?: FirstChat;
  readonly end?: FirstEnd;
  readonly second?: SecondChat;
  readonly third?: ThirdChat;
  readonly file?: Seen<FileName>;
  /** Why the rehearsal was broken off; absent: it came to its end. */
  readonly brokenOff?: string;
}
