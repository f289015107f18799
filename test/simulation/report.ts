/** A broken promise. */
export type Breach =
  | "another's chat"
  | "newest chat lost"
  | "erased chat"
  | "too much KV"
  | "too many questions"
  | "another's chat linked"
  | "linked twice"
  | "not linked to the newest"
  | "not linked"
  | "erased chat linked"
  | "live chat ended"
  | "another's chat carried over"
  | "carried over twice"
  | "carried over after a sign-out"
  | "carried over too late"
  | "forgotten chat carried over"
  | "offered to the old cookie";

/** Counts of one run over all its histories. */
export interface Figures {
  histories: number;
  calls: number;
  tokens: number;
  reportsRecorded: number;
  forgettings: number;
  contactIdsOffered: number;
  /** Attempts to report someone else's contact. */
  thefts: number;
  /** Reports of a contact's owner, refused because a thief had reported the contact first. */
  ownersLockedOut: number;
  /** Offers to a thief who had reported the contact before every location saw the owner's report. */
  offersTakenEarly: number;
  /** Tokens of a browser with an acknowledged chat, where KV and Amazon answered. */
  newestExpected: number;
  newestOffered: number;
  /** The same, but KV or Amazon did not answer: the chat starts without history. */
  newestUnanswered: number;
  /** Tokens of a customer, on any browser, with a recorded chat that every location of KV shows. */
  elsewhereExpected: number;
  elsewhereOffered: number;
  /** Tokens of a visitor with an erased chat, where every location of KV shows the erasure. */
  erasedTempted: number;
  /** Links that Amazon made. */
  links: number;
  /** Chats whose browser was told that they are linked. */
  chatsLinked: number;
  /** Links of a chat to a past one, where the browser's own past chats are known. */
  newestLinkExpected: number;
  newestLinked: number;
  /** Questions about the link of a chat whose visitor has an erased chat, where every location of KV shows the erasure. */
  erasedLinkTempted: number;
  /** Chats that the Worker has ended. */
  abandonedEnded: number;
  /** The same, while a browser with a copy of the cookie was in the chat. */
  endedFromCopies: number;
  /** Chats that a customer took over. */
  chatsTaken: number;
  /** The same, of somebody else who had left the browser without signing out. */
  takenFromOthers: number;
  /** The same, by a second customer, before every location of KV saw the first carry-over. */
  takenTwiceEarly: number;
  /** Tokens of a customer whose browser has an acknowledged chat to take over, where KV and Amazon answered. */
  carryOverExpected: number;
  carriedOver: number;
  mostReadsPerToken: number;
  mostWritesPerToken: number;
  mostWritesPerStart: number;
  mostWritesPerEnd: number;
  mostAskedPerToken: number;
  mostAskedPerReport: number;
  readonly breaches: Record<Breach, number>;
}

export function createFigures(): Figures {
  return {
    histories: 0,
    calls: 0,
    tokens: 0,
    reportsRecorded: 0,
    forgettings: 0,
    contactIdsOffered: 0,
    thefts: 0,
    ownersLockedOut: 0,
    offersTakenEarly: 0,
    newestExpected: 0,
    newestOffered: 0,
    newestUnanswered: 0,
    elsewhereExpected: 0,
    elsewhereOffered: 0,
    erasedTempted: 0,
    links: 0,
    chatsLinked: 0,
    newestLinkExpected: 0,
    newestLinked: 0,
    erasedLinkTempted: 0,
    abandonedEnded: 0,
    endedFromCopies: 0,
    chatsTaken: 0,
    takenFromOthers: 0,
    takenTwiceEarly: 0,
    carryOverExpected: 0,
    carriedOver: 0,
    mostReadsPerToken: 0,
    mostWritesPerToken: 0,
    mostWritesPerStart: 0,
    mostWritesPerEnd: 0,
    mostAskedPerToken: 0,
    mostAskedPerReport: 0,
    breaches: {
      "another's chat": 0,
      "newest chat lost": 0,
      "erased chat": 0,
      "too much KV": 0,
      "too many questions": 0,
      "another's chat linked": 0,
      "linked twice": 0,
      "not linked to the newest": 0,
      "not linked": 0,
      "erased chat linked": 0,
      "live chat ended": 0,
      "another's chat carried over": 0,
      "carried over twice": 0,
      "carried over after a sign-out": 0,
      "carried over too late": 0,
      "forgotten chat carried over": 0,
      "offered to the old cookie": 0,
    },
  };
}

export function breach({ figures }: { readonly figures: Figures }, kind: Breach): void {
  figures.breaches[kind] += 1;
}

const count = (value: number) => value.toLocaleString("en-US");
const share = (part: number, whole: number) => (whole === 0 ? "–" : `${count(part)} of ${count(whole)}`);
/** Where the Worker links no chats there is nothing to say. */
const ofLinks = (show: (figures: Figures) => string) => (figures: Figures) =>
  figures.links === 0 ? "–" : show(figures);
const ofCarryOver = (show: (figures: Figures) => string) => (figures: Figures) =>
  figures.chatsTaken === 0 ? "–" : show(figures);

const ROWS: readonly (readonly [string, (figures: Figures) => string])[] = [
  ["histories", ({ histories }) => count(histories)],
  ["calls of the chat routes", ({ calls }) => count(calls)],
  ["tokens", ({ tokens }) => count(tokens)],
  ["contact ids handed out", ({ contactIdsOffered }) => count(contactIdsOffered)],
  ["attempts to report another person's contact", ({ thefts }) => count(thefts)],
  ["another person's contact id handed out", ({ breaches }) => count(breaches["another's chat"])],
  [
    "… to a thief who reported it before KV showed the owner's report",
    ({ offersTakenEarly }) => count(offersTakenEarly),
  ],
  ["owner's own report refused, since the thief's came first", ({ ownersLockedOut }) => count(ownersLockedOut)],
  [
    "same browser's newest acknowledged session offered",
    ({ newestOffered, newestExpected }) => share(newestOffered, newestExpected),
  ],
  ["… not offered, since KV or Amazon did not answer", ({ newestUnanswered }) => count(newestUnanswered)],
  [
    "customer's newest session offered on any browser, KV caught up",
    ({ elsewhereOffered, elsewhereExpected }) => share(elsewhereOffered, elsewhereExpected),
  ],
  ["forgettings", ({ forgettings }) => count(forgettings)],
  [
    "erased session offered, KV caught up",
    ({ breaches, erasedTempted }) => share(breaches["erased chat"], erasedTempted),
  ],
  ["links made by the Worker", ofLinks(({ links }) => count(links))],
  ["another person's chat linked", ofLinks(({ breaches }) => count(breaches["another's chat linked"]))],
  ["chat linked twice", ofLinks(({ breaches }) => count(breaches["linked twice"]))],
  [
    "linked to the newest session that had ended",
    ({ newestLinked, newestLinkExpected }) => share(newestLinked, newestLinkExpected),
  ],
  [
    "linked within half an hour, where a browser kept asking and Amazon answered",
    ({ breaches, chatsLinked }) => share(chatsLinked, chatsLinked + breaches["not linked"]),
  ],
  [
    "erased session linked, KV caught up",
    ({ breaches, erasedLinkTempted }) => share(breaches["erased chat linked"], erasedLinkTempted),
  ],
  [
    "ended by the Worker with a tab or device in the chat, of all that it ended",
    ({ abandonedEnded, breaches }) => share(breaches["live chat ended"], abandonedEnded),
  ],
  ["… with a browser in it that has a copied cookie", ofLinks(({ endedFromCopies }) => count(endedFromCopies))],
  ["chats taken over by a customer", ofCarryOver(({ chatsTaken }) => count(chatsTaken))],
  [
    "… of somebody else who had left the browser without signing out",
    ofCarryOver(({ takenFromOthers }) => count(takenFromOthers)),
  ],
  ["… by a second customer, before KV had caught up", ofCarryOver(({ takenTwiceEarly }) => count(takenTwiceEarly))],
  ["… by a second customer, later", ofCarryOver(({ breaches }) => count(breaches["carried over twice"]))],
  [
    "… after a sign-out / too late / forgotten / of another browser",
    ofCarryOver(({ breaches }) =>
      [
        breaches["carried over after a sign-out"],
        breaches["carried over too late"],
        breaches["forgotten chat carried over"],
        breaches["another's chat carried over"],
      ].join(" / "),
    ),
  ],
  [
    "… and then offered to the old cookie, KV caught up",
    ofCarryOver(({ breaches }) => count(breaches["offered to the old cookie"])),
  ],
  [
    "customer goes on with this browser's newest acknowledged chat",
    ({ carriedOver, carryOverExpected }) => share(carriedOver, carryOverExpected),
  ],
  ["KV reads per token, at most", ({ mostReadsPerToken }) => count(mostReadsPerToken)],
  ["KV writes per token, at most", ({ mostWritesPerToken }) => count(mostWritesPerToken)],
  ["KV writes per chat start, at most", ({ mostWritesPerStart }) => count(mostWritesPerStart)],
  ["KV writes per chat end, at most", ({ mostWritesPerEnd }) => count(mostWritesPerEnd)],
  [
    "calls of Amazon per token, at most / per report",
    ({ mostAskedPerReport, mostAskedPerToken }) => `${mostAskedPerToken} / ${mostAskedPerReport}`,
  ],
];

/** The figures of several runs, side by side. */
export function renderTable(runs: Readonly<Record<string, Figures>>): string {
  const head = ["", ...Object.keys(runs)];
  const rows = ROWS.map(([name, show]) => [name].concat(Object.values(runs).map(show)));
  const widths = head.map((_cell, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)));
  return [head, ...rows].map((row) => line(row).join("  ")).join("\n");
}
