import { type FlowQueue, type RehydrationType } from "../../flow/contact-flow.ts";
import { type FlowContent } from "./content/flow-content.ts";
import { type Plan, planInsert } from "./content/plan-insert.ts";
import { planQueue } from "./content/set-queue.ts";

/** What the flow that install makes is to be. */
export interface OwnWanted {
  /** Key of the attribute with the contact id to continue from. */
  readonly contactAttribute: string;
  /** `null`: the flow keeps the one that it has. */
  readonly queue: FlowQueue | null;
}

/** Plans how a flow that install has made gets the blocks and the queue that the owner wants now. */
export function planOwn(
  content: FlowContent,
  { contactAttribute, queue }: OwnWanted,
  rehydrationType: RehydrationType,
): Plan {
  const plan = planInsert(content, { contactAttribute, rehydrationType });
  if (queue === null || plan.kind === "refused") return plan;
  const withQueue = planQueue(plan.kind === "change" ? plan.content : content, queue);
  return withQueue.kind === "unchanged" ? plan : withQueue;
}
