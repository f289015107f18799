import { setTimeout as sleep } from "node:timers/promises";
import { describeContact, listSession, look, readAttributes } from "./describe.ts";
import { type AfterCustomer, type Arrival, type FirstChat, type FirstEnd, type Seen } from "../judge/facts.ts";
import { report, type IssuedToken } from "./live-worker-calls.ts";
import { AGENT_SECONDS, CUSTOMER_NAME, SETTLE_SECONDS } from "./plan.ts";
import { readClock, type Stage, waitUntil } from "./stage.ts";
import { type RunningChat, startChat } from "./start-chat.ts";
import { stopChat } from "./started-chats.ts";
import { waitForEnter } from "./wait-for-enter.ts";

const POLL_SECONDS = 3;

/** The first chat, for the scenes after it. */
export interface PastChat {
  readonly contactId: string;
  readonly lastContactId: string;
  readonly endedAt: number;
  /** A text that only this chat has. */
  readonly mark: string;
}

/** Starts the first chat, has it recorded, and looks how the signed attributes have arrived. */
export async function openFirstChat(
  stage: Stage,
  issued: IssuedToken,
  mark: string,
): Promise<{ readonly running: RunningChat; readonly facts: FirstChat }> {
  const { progress, visitor } = stage;
  progress.say("1. The first chat starts.");
  const running = await startChat(stage, issued.token);
  const at = readClock();
  const { contactId, customer } = running;
  const { refusal } = await report(visitor, { ticket: issued.ticket, contactId, event: "started", at });
  await customer.say(
    `This is a rehearsal of the chat, by ${CUSTOMER_NAME}. Please answer, and then end this chat. ${mark}`,
  );
  const described = await look(async () => (await describeContact(stage, contactId)).Attributes ?? {});
  const areToldWhileLive = map(described, (found) => Object.keys(found).length > 0);
  const isTold = "seen" in areToldWhileLive && areToldWhileLive.seen;
  const found = isTold ? described : await look(() => readAttributes(stage, contactId));
  const arrivals = map(found, (attributes) => compareAttributes(issued.attributes, attributes));
  return { running, facts: { arrivals, areToldWhileLive, reportRefusal: refusal } };
}

/** How each signed attribute has arrived at the contact. */
export function compareAttributes(
  signed: Readonly<Record<string, unknown>>,
  found: Readonly<Record<string, string>>,
): Record<string, Arrival> {
  const arrivals = Object.entries(signed).map(([name, value]): [string, Arrival] => {
    if (found[name] === value) return [name, "same"];
    if (found[name] !== undefined) return [name, "other-value"];
    const isPrefixed = Object.keys(found).some((other) => other.endsWith(`-${name}`));
    return [name, isPrefixed ? "prefixed" : "missing"];
  });
  return Object.fromEntries(arrivals);
}

/** Lets an agent end the first chat, or else its customer, and reports the end. */
export async function endFirstChat(
  stage: Stage,
  { chat, contactId, customer }: RunningChat,
  ticket: string,
): Promise<{ readonly lastContactId: string; readonly endedAt: number; readonly facts: FirstEnd }> {
  const isEndedByAgent = stage.hasAgent && (await waitForAgent(stage, contactId));
  if (!isEndedByAgent) {
    stage.progress.say("2. The customer leaves the first chat.");
    await customer.leave();
  }
  const leftAt = readClock();
  const afterCustomer = isEndedByAgent ? null : await lookAfterCustomer(stage, contactId);
  const toldEnd = customer.wasToldEnd();
  customer.close();
  const session = await look(() => listSession(stage, contactId));
  if (isEndedByAgent) chat.isOver = true;
  else await stopChat(stage, chat);
  await report(stage.visitor, { ticket, contactId, event: "ended", at: leftAt });
  // A session that went on without its customer has ended just now.
  const isLate = afterCustomer !== null && !("seen" in afterCustomer && afterCustomer.seen === "over");
  const endedAt = isLate ? readClock() : leftAt;
  const contacts = map(session, ({ length }) => length);
  const lastContactId = "seen" in session ? (session.seen.at(-1)?.contactId ?? contactId) : contactId;
  const endedBy = isEndedByAgent ? "agent" : "customer";
  return { lastContactId, endedAt, facts: { endedBy, afterCustomer, toldEnd, contacts } };
}

/** @returns Whether the chat, with all its transfers, was ended in time. */
async function waitForAgent(stage: Stage, contactId: string): Promise<boolean> {
  const { progress, signal } = stage;
  progress.say(`2. Your agent: accept the chat of "${CUSTOMER_NAME}", answer, and end it. Leave the next two alone.`);
  if (process.stdin.isTTY) progress.say("   Enter: go on without an agent.");
  const enter = waitForEnter();
  const deadline = readClock() + AGENT_SECONDS;
  try {
    for (let left = AGENT_SECONDS; left > 0 && !enter.isPressed(); left = deadline - readClock()) {
      progress.count(`   Waiting for your agent: ${Math.ceil(left)} s left`);
      await sleep(POLL_SECONDS * 1000, undefined, { signal });
      const session = await look(() => listSession(stage, contactId));
      if ("seen" in session && session.seen.length > 0 && decideAfterCustomer(session.seen) === "over") return true;
    }
    return false;
  } finally {
    enter.stop();
    progress.clear();
  }
}

async function lookAfterCustomer(stage: Stage, contactId: string): Promise<Seen<AfterCustomer>> {
  const deadline = readClock() + SETTLE_SECONDS;
  for (;;) {
    await waitUntil(stage, Math.min(deadline, readClock() + POLL_SECONDS), "   Connect ends the chat");
    const after = await look(async () => decideAfterCustomer(await listSession(stage, contactId)));
    if (!("seen" in after) || after.seen === "over" || readClock() >= deadline) return after;
  }
}

/** What has become of a session whose customer has left. */
export function decideAfterCustomer(session: readonly { readonly isOpen: boolean }[]): AfterCustomer {
  if (session.every(({ isOpen }) => !isOpen)) return "over";
  return session.length > 1 ? "goes-on" : "open";
}

function map<T, U>(seen: Seen<T>, change: (value: T) => U): Seen<U> {
  return "seen" in seen ? { seen: change(seen.seen) } : seen;
}
