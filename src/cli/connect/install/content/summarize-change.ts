import { toBlockName } from "./diff-content.ts";
import { type FlowContent } from "./flow-content.ts";

/** Says in two sentences what a change does, before its details. */
export function summarizeChange(before: FlowContent, after: FlowContent): string {
  const added = countMissing(after, before);
  const removed = countMissing(before, after);
  if (added > 0 && removed === 0) {
    return `${added} new blocks go between Entry and "${toBlockName(before, before.StartAction)}". No block of yours is removed.`;
  }
  if (removed > 0 && added === 0) return `${removed} blocks of install are removed. No block of yours is removed.`;
  return "Values change in blocks that are there. No block is added, and none is removed.";
}

function countMissing({ Actions }: FlowContent, other: FlowContent): number {
  const there = new Set(other.Actions.map(({ Identifier }) => Identifier));
  return Actions.filter(({ Identifier }) => !there.has(Identifier)).length;
}
