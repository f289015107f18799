/** How a promise was broken. */
export type Breach = "another's chat" | "newest chat lost" | "erased chat" | "too much KV";

/** What was seen in the histories of one run. */
export interface Figures {
  histories: number;
  calls: number;
  tokens: number;
  reportsRecorded: number;
  forgettings: number;
  contactIdsOffered: number;
  /** Attempts to report someone else's contact. */
  thefts: number;
  /** Reports of the owner's own contact, refused since a thief's had been first. */
  ownersLockedOut: number;
  /** Offers of a contact that a thief had reported before its owner's report showed everywhere. */
  offersTakenEarly: number;
  /** Tokens of a browser that had an acknowledged chat, while KV and Amazon answered. */
  newestExpected: number;
  newestOffered: number;
  /** The same, but KV or Amazon did not answer, so that the chat starts without history. */
  newestUnanswered: number;
  /** Tokens of a customer, on whatever browser, with a chat recorded so long ago that KV had caught up. */
  elsewhereExpected: number;
  elsewhereOffered: number;
  /** Tokens for which an erased chat could have been offered, after KV had caught up. */
  erasedTempted: number;
  mostReadsPerToken: number;
  mostWritesPerStart: number;
  mostWritesPerEnd: number;
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
    mostReadsPerToken: 0,
    mostWritesPerStart: 0,
    mostWritesPerEnd: 0,
    breaches: { "another's chat": 0, "newest chat lost": 0, "erased chat": 0, "too much KV": 0 },
  };
}

const count = (value: number) => value.toLocaleString("en-US");
const share = (part: number, whole: number) => `${count(part)} of ${count(whole)}`;

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
  ["KV reads per token, at most", ({ mostReadsPerToken }) => count(mostReadsPerToken)],
  ["KV writes per chat start, at most", ({ mostWritesPerStart }) => count(mostWritesPerStart)],
  ["KV writes per chat end, at most", ({ mostWritesPerEnd }) => count(mostWritesPerEnd)],
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
