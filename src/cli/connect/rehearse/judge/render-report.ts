import { type LinkBy } from "../../../../core/chat/continuation.ts";
import { type State } from "./judgement.ts";
import { type Point } from "./points.ts";
import { type Verdict } from "./verdict.ts";

/** A moment of the rehearsal, in seconds since 1970. */
export interface Moment {
  readonly what: string;
  readonly at: number;
}

export interface Rehearsed {
  readonly version: string;
  /** Of the live Worker. */
  readonly liveVersion: string;
  readonly linkBy: LinkBy;
  readonly region: string;
  readonly readyAfterSeconds: number;
  readonly moments: readonly Moment[];
  readonly points: readonly Point[];
  readonly verdict: Verdict;
  /** What stays to be tried by hand. */
  readonly byHand: readonly string[];
}

const LABELS: Readonly<Record<State, string>> = {
  confirmed: "confirmed",
  unexpected: "NOT as expected",
  unseen: "not seen",
  noted: "noted",
};

/** What the rehearsal cannot see. */
export function listByHand({ linkBy, points }: Pick<Rehearsed, "linkBy" | "points">): readonly string[] {
  const isTransferOpen = points.some(({ sentence }) => sentence.includes("try a transfer by hand"));
  return [
    ...(linkBy === "flow" ? ["Connect takes the contact flow: npm run connect -- check, or install, says it."] : []),
    'A resumed page reports CONNECTION_ESTABLISHED: see README, the last lines of "Check and rehearse Connect\'s side".',
    ...(isTransferOpen ? ["A transfer: run the rehearsal again, and let the agent transfer the first chat."] : []),
  ];
}

/** The verdict and the points, for the terminal. */
export function renderPoints({ byHand, points, verdict }: Pick<Rehearsed, "byHand" | "points" | "verdict">): string {
  const width = Math.max(...Object.values(LABELS).map(({ length }) => length));
  const lines = points.map(({ sentence, state, title }) => {
    return `  ${LABELS[state].padEnd(width)}  ${title}\n  ${" ".repeat(width)}  ${sentence}`;
  });
  return [
    verdict.headline,
    ...(verdict.todo === null ? [] : [verdict.todo]),
    "",
    ...lines,
    "",
    "To be tried by hand:",
    ...byHand.map((line) => `  ${line}`),
  ].join("\n");
}

/** The report, in Markdown, for an issue. It names no chat, no person, no account and no host. */
export function renderReport(rehearsed: Rehearsed): string {
  const { byHand, linkBy, liveVersion, moments, points, readyAfterSeconds, region, verdict, version } = rehearsed;
  const begin = moments[0]?.at ?? 0;
  const rows = points.map(({ sentence, state, title }) => `| ${title} | ${LABELS[state]} | ${sentence} |`);
  return withoutIds(
    [
      "# Rehearsal of persistent chat",
      "",
      `**${verdict.headline}**${verdict.todo === null ? "" : ` ${verdict.todo}`}`,
      "",
      `- persistent-chat-edge ${version}, live Worker ${liveVersion}`,
      `- LINK_BY=${linkBy}, READY_AFTER_SECONDS=${readyAfterSeconds}, region ${region}`,
      `- ${new Date(begin * 1000).toISOString().replace(/\.\d+Z/, "Z")}`,
      "",
      "| question | answer | what it means |",
      "|---|---|---|",
      ...rows,
      "",
      "To be tried by hand:",
      "",
      ...byHand.map((line) => `- ${line}`),
      "",
      "| seconds | |",
      "|---|---|",
      ...moments.map(({ at, what }) => `| ${Math.round(at - begin)} | ${what} |`),
      "",
    ].join("\n"),
  );
}

const ID = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}|\b\d{12}\b|eyJ[\w.-]+/gi;

/** Facts have no ids. An error text of AWS's or the network's may. */
function withoutIds(text: string): string {
  return text.replace(ID, "…").replace(/https?:\/\/[^\s)|]+/g, "…");
}
