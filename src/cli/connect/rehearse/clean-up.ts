import { setTimeout as sleep } from "node:timers/promises";
import { type Stage } from "./play/stage.ts";
import { describeLeft, stopChat } from "./play/started-chats.ts";
import { CUSTOMER_NAME } from "./play/plan.ts";

/** How often it is tried, and how long after each time, in milliseconds: a network that dropped may come back. */
const TRIES = 3;
const PAUSE_MS = 3000;

/** Ends every chat and has the made-up visitor forgotten. @returns What is left, a sentence each; empty: nothing. */
export async function cleanUp(
  stage: Pick<Stage, "aws" | "chats" | "instanceId" | "visitor">,
  pauseMs = PAUSE_MS,
): Promise<readonly string[]> {
  let isForgotten = false;
  for (let tries = 1; tries <= TRIES; tries++) {
    for (const chat of stage.chats) await stopChat(stage, chat).catch(() => undefined);
    isForgotten ||= await forget(stage);
    const isDone = isForgotten && stage.chats.every(({ contactId, isOver }) => isOver || contactId === null);
    if (isDone) break;
    if (tries < TRIES) await sleep(pauseMs);
  }
  const visitor = isForgotten
    ? []
    : ["The Worker could not be asked to forget the made-up visitor: its record expires by itself."];
  return [...describeLeft(stage.chats, CUSTOMER_NAME), ...visitor];
}

async function forget({ visitor }: Pick<Stage, "visitor">): Promise<boolean> {
  const answer = await visitor.call("DELETE", "visitor").catch(() => null);
  return answer !== null && answer.status === 204;
}
