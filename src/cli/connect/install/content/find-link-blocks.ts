import { CONTINUE_ATTRIBUTE } from "../../../../core/chat/continuation.ts";
import { LINK_TYPE, toReference } from "../../../flow/contact-flow.ts";
import { type Block, findBlock, type FlowContent, listArrows, readParameter } from "./flow-content.ts";

/** Our four blocks in a flow. */
export interface LinkBlocks {
  readonly choose: Block;
  readonly wait: Block;
  readonly linkNewest: Block;
  readonly linkFallback: Block;
}

/**
 * Finds our four blocks in a flow.
 *
 * They are known by what they do and not by their names: the flow designer may have given them others.
 *
 * @returns `null` where they are not all there.
 */
export function findLinkBlocks(content: FlowContent): LinkBlocks | null {
  for (const choose of content.Actions) {
    if (choose.Type !== "Compare" || readParameter(choose, "ComparisonValue") !== toReference(CONTINUE_ATTRIBUTE))
      continue;
    const wait = follow(content, choose, "wait", "Wait");
    const linkNewest = follow(content, choose, "now", LINK_TYPE);
    const linkFallback = linkNewest && follow(content, linkNewest, "NoMatchingError", LINK_TYPE);
    if (wait && linkNewest && linkFallback) return { choose, wait, linkNewest, linkFallback };
  }
  return null;
}

export function listIdentifiers({ choose, linkFallback, linkNewest, wait }: LinkBlocks): string[] {
  return [choose, wait, linkNewest, linkFallback].map(({ Identifier }) => Identifier);
}

/** The block that this branch leads to, if it has the type. */
function follow(content: FlowContent, block: Block, label: string, type: string): Block | null {
  const arrow = listArrows(block).find((found) => found.label === label);
  const next = arrow === undefined ? undefined : findBlock(content, arrow.target);
  return next?.Type === type ? next : null;
}
