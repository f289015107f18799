import { buildQueueMetadata, type FlowQueue } from "../../../flow/contact-flow.ts";
import { changeBlocks, type FlowContent, readParameter, readPlaces } from "./flow-content.ts";
import { type Plan, refuse } from "./plan-insert.ts";

/** The type of the block Set working queue. */
export const SET_QUEUE_TYPE = "UpdateContactTargetQueue";

/** Plans how the flow's one block Set working queue gets another queue. */
export function planQueue(content: FlowContent, queue: FlowQueue): Plan {
  const [block, ...others] = content.Actions.filter(({ Type }) => Type === SET_QUEUE_TYPE);
  if (block === undefined || others.length > 0) return refuse("no-set-queue");
  const present = readParameter(block, "QueueId") ?? "";
  // A flow may name the queue by its id alone.
  if (present === queue.arn || queue.arn.endsWith(`/${present}`)) return { kind: "unchanged" };
  const changed = changeBlocks(content, (each) =>
    each === block ? { ...block, Parameters: { ...block.Parameters, QueueId: queue.arn } } : each,
  );
  const places = readPlaces(content);
  if (places === null) return { kind: "change", content: changed };
  const place = { ...Object(places[block.Identifier]), ...buildQueueMetadata(queue) };
  const ActionMetadata = { ...places, [block.Identifier]: place };
  return { kind: "change", content: { ...changed, Metadata: { ...content.Metadata, ActionMetadata } } };
}
