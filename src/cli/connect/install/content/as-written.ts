import { isDeepStrictEqual } from "node:util";
import { buildContactFlow, type FlowQueue, REHYDRATION_TYPES } from "../../../flow/contact-flow.ts";
import { findLinkBlocks } from "./find-link-blocks.ts";
import { type FlowContent, readParameter } from "./flow-content.ts";
import { SET_QUEUE_TYPE } from "./set-queue.ts";
import { spell } from "./spell.ts";

/**
 * Builds the flow as install writes it, with the queue and the attribute that this content has.
 *
 * @param contactAttribute For a content in which our blocks are not.
 */
export function buildAsWritten(content: FlowContent, contactAttribute: string): FlowContent {
  const links = findLinkBlocks(content);
  const source = links && readParameter(links.linkNewest, "SourceContactId");
  const attribute = source?.startsWith("$.Attributes.") ? source.slice("$.Attributes.".length) : contactAttribute;
  return buildContactFlow({ contactAttribute: attribute, queue: readQueue(content) });
}

/** Whether a flow does what install has written, in either spelling: nobody has changed it since. */
export function isAsWritten(content: FlowContent, written: FlowContent): boolean {
  const found = toComparable(content);
  return REHYDRATION_TYPES.some((spelling) => isDeepStrictEqual(found, toComparable(spell(written, spelling))));
}

function readQueue({ Actions }: FlowContent): FlowQueue | null {
  const block = Actions.find(({ Type }) => Type === SET_QUEUE_TYPE);
  const arn = block && readParameter(block, "QueueId");
  return arn === undefined ? null : { arn, name: "" };
}

/** Places and names on the designer's sheet do nothing to a chat. */
function toComparable({ Actions, StartAction }: FlowContent): unknown {
  const blocks = Actions.toSorted((one, other) => (one.Identifier < other.Identifier ? -1 : 1));
  return { StartAction, blocks };
}
