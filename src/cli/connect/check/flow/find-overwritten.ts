import { describeByVisit } from "./describe-way.ts";
import { isDecidedByUs, listRead } from "./our-decisions.ts";
import { describeBlock, type FlowAction, type FlowContent } from "./parse-flow.ts";
import { takeBranches, type Tokens } from "./take-branches.ts";
import { beginAt, follow, mapBlocks, type Walks } from "./walk-flow.ts";

/**
 * Finds the blocks that set an attribute of the token: before it is read, or the visitor's own, which the Worker reads later.
 *
 * @returns A line each.
 * Source: Amazon Connect Developer Guide, "UpdateContactAttributes".
 */
export function findOverwritten(flow: FlowContent, walks: Walks, tokens: Tokens): readonly string[] {
  const blocks = mapBlocks(flow);
  return describeByVisit(
    walks.flatMap(([visit, { reached }]) =>
      [...new Set(reached.map(({ block }) => block))].flatMap((block) => {
        const isRead = () =>
          follow(blocks, beginAt(block), (action) => takeBranches(action, visit, tokens), tokens).reached.some(
            (after) => isDecidedByUs(after.block, tokens),
          );
        return listSet(block)
          .filter((name) => name === tokens.visitor || (listRead(tokens).includes(name) && isRead()))
          .map((name) => [`${describeBlock(block)} sets ${name}`, visit] as const);
      }),
    ),
  );
}

/** The attributes that a block sets on the chat itself. */
function listSet({ Parameters, Type }: FlowAction): readonly string[] {
  const { Attributes, TargetContact } = Parameters;
  if (Type !== "UpdateContactAttributes" || TargetContact === "Related") return [];
  return typeof Attributes === "object" && Attributes !== null ? Object.keys(Attributes) : [];
}
