import { setTimeout as sleep } from "node:timers/promises";
import { SETTLING_SECONDS } from "../../../../limits.ts";
import { describeContact, listSession, look } from "./describe.ts";
import { type LinkAnswer, type Related, type ReportAnswer, type SecondChat } from "../judge/facts.ts";
import { type PastChat } from "./first-chat.ts";
import { linkByHand } from "./link-by-hand.ts";
import { getToken, type IssuedToken, report } from "./live-worker-calls.ts";
import { type Participant } from "./participant.ts";
import { HISTORY_SECONDS, LINK_SECONDS } from "./plan.ts";
import { readClock, type Stage, waitUntil } from "./stage.ts";
import { type RunningChat, startChat } from "./start-chat.ts";

const HISTORY_POLL_SECONDS = 2;

/** Starts the second chat, and watches whether the first one's history comes. */
export async function playSecondChat(
  stage: Stage,
  first: PastChat,
): Promise<{ readonly running: RunningChat; readonly facts: SecondChat }> {
  const { names, progress } = stage;
  progress.say("4. The second chat starts.");
  const issued = await getToken(stage.visitor);
  const running = await startChat(stage, issued.token);
  const { contactId, customer } = running;
  const startedAt = readClock();
  const reports = await reportUntilLinked(stage, issued, contactId, startedAt);
  // With LINK_BY=flow, the flow waits by itself.
  const patience = HISTORY_SECONDS + (Number(issued.attributes["chatWaitSeconds"]) || 0);
  const hasCome = await waitForHistory(stage, customer, first.mark, patience);
  const historyAfterSeconds = hasCome ? readClock() - startedAt : null;
  const related = await look(() => readRelated(stage, contactId, { first, hasCome }));
  const isListedTogether = await look(async () => {
    return (await listSession(stage, contactId)).some((one) => one.contactId === first.contactId);
  });
  const byHand = await linkByHand(stage, contactId, first.contactId);
  const cameByHand = await lookAgain(stage, { first, customer, hasCome, byHand });
  const facts = {
    offered: decideOffered(issued.attributes[names.contact], first.contactId),
    chatContinue: String(issued.attributes["chatContinue"]),
    reports,
    historyAfterSeconds,
    related,
    isListedTogether,
    byHand,
    cameByHand,
  };
  return { running, facts };
}

/** Reports the chat as a browser does: again, as long as the Worker asks for it. */
async function reportUntilLinked(
  stage: Stage,
  { ticket }: IssuedToken,
  contactId: string,
  at: number,
): Promise<readonly ReportAnswer[]> {
  const answers: ReportAnswer[] = [];
  for (;;) {
    const { askAgainSeconds, link, status } = await report(stage.visitor, { ticket, contactId, event: "started", at });
    const afterSeconds = readClock() - at;
    answers.push({ status, link, afterSeconds });
    if (askAgainSeconds === null || afterSeconds + askAgainSeconds > LINK_SECONDS) return answers;
    await waitUntil(stage, readClock() + askAgainSeconds, "   The Worker waits with the link");
  }
}

async function waitForHistory(stage: Stage, customer: Participant, mark: string, seconds: number): Promise<boolean> {
  const { progress, signal } = stage;
  const deadline = readClock() + seconds;
  try {
    for (;;) {
      if (await customer.hasHeard(mark)) return true;
      const left = deadline - readClock();
      if (left <= 0) return false;
      progress.count(`   Looking for the first chat's messages: ${Math.ceil(left)} s left`);
      await sleep(HISTORY_POLL_SECONDS * 1000, undefined, { signal });
    }
  } finally {
    progress.clear();
  }
}

/** Where the history has come, Connect may tell of the link some seconds later. */
async function readRelated(
  stage: Stage,
  contactId: string,
  { first, hasCome }: { readonly first: PastChat; readonly hasCome: boolean },
): Promise<Related> {
  const deadline = readClock() + SETTLING_SECONDS;
  for (;;) {
    const related = decideRelated((await describeContact(stage, contactId)).RelatedContactId, first);
    if (related !== "none" || !hasCome || readClock() >= deadline) return related;
    await sleep(HISTORY_POLL_SECONDS * 1000, undefined, { signal: stage.signal });
  }
}

/** After a link by hand, where the history had not come: then Connect can link, and something before it did not. */
async function lookAgain(
  stage: Stage,
  seen: {
    readonly first: PastChat;
    readonly customer: Participant;
    readonly hasCome: boolean;
    readonly byHand: LinkAnswer;
  },
): Promise<boolean | null> {
  if (seen.hasCome || seen.byHand.answer === "refused") return null;
  return waitForHistory(stage, seen.customer, seen.first.mark, HISTORY_SECONDS / 3);
}

/** Which contact of the first chat is the related one. */
export function decideRelated(
  related: string | undefined,
  first: Pick<PastChat, "contactId" | "lastContactId">,
): Related {
  if (related === undefined) return "none";
  if (related === first.lastContactId) return "last";
  return related === first.contactId ? "first" : "other";
}

/** What a token offers as the past chat. */
export function decideOffered(value: unknown, firstContactId: string): SecondChat["offered"] {
  if (value === firstContactId) return "first";
  return value === "none" ? "none" : "other";
}
