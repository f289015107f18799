import { randomBytes } from "node:crypto";
import { describeContact, look } from "./describe.ts";
import { type Facts, type FileName } from "../judge/facts.ts";
import { endFirstChat, openFirstChat } from "./first-chat.ts";
import { type IssuedToken } from "./live-worker-calls.ts";
import { type Moment } from "../judge/render-report.ts";
import { playSecondChat } from "./second-chat.ts";
import { readClock, type Stage, waitUntil } from "./stage.ts";
import { playThirdChat } from "./third-chat.ts";

/** A second more than the transcript needs: the clocks of two machines differ. */
const MARGIN_SECONDS = 1;

/** What is known so far, also if the play is broken off. */
export interface Script {
  facts: Facts;
  readonly moments: Moment[];
}

/**
 * Plays the whole rehearsal.
 *
 * @param script Gets each part of the facts as soon as it is known.
 */
export async function play(stage: Stage, issued: IssuedToken, script: Script): Promise<void> {
  const know = (part: Partial<Facts>, what: string) => {
    stage.signal.throwIfAborted();
    script.facts = { ...script.facts, ...part };
    script.moments.push({ what, at: readClock() });
  };
  const mark = `Mark ${randomBytes(6).toString("hex")}.`;
  know({}, "rehearsal begins");
  const opened = await openFirstChat(stage, issued, mark);
  know({ first: opened.facts }, "first chat started and recorded");
  const { contactId } = opened.running;
  const { endedAt, facts: end, lastContactId } = await endFirstChat(stage, opened.running, issued.ticket);
  know({ end }, `first chat ended by the ${end.endedBy}`);
  stage.progress.say(`3. Connect makes the transcript: ${stage.readyAfterSeconds} s.`);
  await waitUntil(stage, endedAt + stage.readyAfterSeconds + MARGIN_SECONDS, "   Waiting");

  const first = { contactId, lastContactId, endedAt, mark };
  const { facts: second, running } = await playSecondChat(stage, first);
  const linkBy = second.reports.some(({ link }) => link !== null) ? "worker" : "flow";
  know({ second, linkBy }, "second chat looked at");
  const third = await playThirdChat(stage, { first, second: running });
  know({ third }, "third chat looked at");
  const file = await look(async () => {
    const { Recordings = [] } = await describeContact(stage, contactId);
    return decideFileName(
      Recordings.map(({ Location }) => Location),
      contactId,
    );
  });
  know({ file }, "transcript's file looked at");
}

/** Whether the contact id is in the name of a file. The folders before the name do not count. */
export function decideFileName(locations: readonly (string | undefined)[], contactId: string): FileName {
  const names = locations.flatMap((location) => location?.split("/").at(-1) ?? []);
  if (names.length === 0) return "none";
  return names.some((name) => name.includes(contactId)) ? "has-id" : "other";
}
