import { findLinkBlocks, listIdentifiers } from "./find-link-blocks.ts";
import { type Block, type FlowContent, listArrows, readPlaces } from "./flow-content.ts";
import { type Plan, refuse } from "./plan-insert.ts";

/** Plans how our four blocks leave a flow: what led to the first leads to the block behind them. */
export function planRemove(content: FlowContent): Plan {
  const present = findLinkBlocks(content);
  if (present === null) return { kind: "unchanged" };
  const own = new Set(listIdentifiers(present));
  const first = present.choose.Identifier;
  const others = content.Actions.filter(({ Identifier }) => !own.has(Identifier));
  const targets = content.Actions.filter(({ Identifier }) => own.has(Identifier)).flatMap(listTargets);
  const exits = [...new Set(targets)].filter((target) => !own.has(target));
  const [exit] = exits;
  if (exit === undefined || exits.length > 1) return refuse("several-exits", exits);
  const leadsInside = ({ target }: { target: string }) => own.has(target) && target !== first;
  const intruders = others.filter((block) => listArrows(block).some(leadsInside)).map(({ Identifier }) => Identifier);
  if (own.has(content.StartAction) && content.StartAction !== first) intruders.unshift("Entry");
  if (intruders.length > 0) return refuse("inner-arrow", intruders);
  return {
    kind: "change",
    content: {
      ...withoutPlaces(content, own),
      StartAction: content.StartAction === first ? exit : content.StartAction,
      Actions: others.map((block) => redirect(block, first, exit)),
    },
  };
}

function listTargets(block: Block): string[] {
  return listArrows(block).map(({ target }) => target);
}

function redirect(block: Block, from: string, to: string): Block {
  const { Transitions } = block;
  if (!Transitions || !listTargets(block).includes(from)) return block;
  const turn = <T extends { NextAction?: string | null | undefined }>(branch: T): T =>
    branch.NextAction === from ? { ...branch, NextAction: to } : branch;
  const { Conditions, Errors } = Transitions;
  return {
    ...block,
    Transitions: {
      ...turn(Transitions),
      ...(Conditions && { Conditions: Conditions.map(turn) }),
      ...(Errors && { Errors: Errors.map(turn) }),
    },
  };
}

function withoutPlaces(content: FlowContent, own: ReadonlySet<string>): FlowContent {
  const places = readPlaces(content);
  if (places === null) return content;
  const kept = Object.entries(places).filter(([identifier]) => !own.has(identifier));
  return { ...content, Metadata: { ...content.Metadata, ActionMetadata: Object.fromEntries(kept) } };
}
