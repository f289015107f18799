import { type LinkBy } from "../../../../core/chat/continuation.ts";

/** The name under which agents see the chats. */
export const CUSTOMER_NAME = "Rehearsal";

/** How long an agent has to accept, answer and end the first chat, in seconds: somebody has to be found first. */
export const AGENT_SECONDS = 300;

/** What an agent who waits for the chat needs, in seconds: for the estimate alone. */
const USUAL_AGENT_SECONDS = 90;

/** How long Connect gets to end a session that the customer has left, in seconds. */
export const SETTLE_SECONDS = 15;

/** How long the old messages may take after a link, in seconds. A flow of the owner's may talk before it links. */
export const HISTORY_SECONDS = 30;

/** How long the live Worker may take to link the second chat, in seconds. */
export const LINK_SECONDS = 180;

/** The calls of all steps, in seconds: at most two a second are made. */
const CALLS_SECONDS = 60;

export interface Plan {
  readonly linkBy: LinkBy;
  readonly readyAfterSeconds: number;
  readonly hasAgent: boolean;
}

/** How long the rehearsal takes if all goes well, in minutes. */
export function estimateMinutes({ hasAgent, readyAfterSeconds }: Plan): number {
  const endSeconds = hasAgent ? USUAL_AGENT_SECONDS : SETTLE_SECONDS;
  return Math.ceil((CALLS_SECONDS + endSeconds + readyAfterSeconds + HISTORY_SECONDS) / 60);
}

/** What the rehearsal will do, for the owner, who is then asked. */
export function renderPlan(plan: Plan, site: string): string {
  const { hasAgent, linkBy, readyAfterSeconds } = plan;
  const minutes = estimateMinutes(plan);
  const steps = [
    "a first chat starts as the widget starts it, and says a sentence",
    hasAgent
      ? "an agent of yours accepts it, answers and ends it: have one ready"
      : "its customer leaves, and the chat is ended",
    `${readyAfterSeconds} s pass, until Connect has the transcript (READY_AFTER_SECONDS)`,
    `a second chat starts, and ${linkBy === "flow" ? "your contact flow" : "the Worker"} links it to the first`,
    "a third chat has a forged attribute, and tries links that Connect should refuse",
    "all chats are ended, and the Worker forgets the made-up visitor",
  ];
  return [
    `A customer who does not exist chats on ${site}, in the real instance:`,
    "",
    ...steps.map((step, index) => `  ${index + 1}. ${step}`),
    "",
    `This takes about ${minutes} minutes. Your agents may see chats of a customer named "${CUSTOMER_NAME}".`,
    "Nothing of your site, your flow or your settings is changed. Amazon counts the few messages as any others.",
  ].join("\n");
}
