import { type AttributeNames } from "../../../core/chat/continuation.ts";
import { type FlowAction, type FlowContent, isLink, isOurWait } from "./parse-flow.ts";
import { type Branch, type Exits, takeBranches, type Visit } from "./take-branches.ts";

/** One block on a way, and the branch by which the way leaves it. */
export interface Step {
  readonly block: FlowAction;
  readonly branch: string;
}

/** A block, and the shortest way that leads to it. */
export interface Reached {
  readonly block: FlowAction;
  readonly way: readonly Step[];
  /** Whether the way goes through a block that waits as long as the token says. */
  readonly hasWaited: boolean;
  /** Whether the way goes through a link block. */
  readonly hasTried: boolean;
}

/** All that can happen to the chat of one kind of visitor. */
export interface Walk {
  readonly reached: readonly Reached[];
  /** Where ways end, with what the chat then does. */
  readonly ends: readonly (Reached & { readonly end: NonNullable<Exits["end"]> })[];
  /** Branches that lead nowhere. */
  readonly deadEnds: readonly (Reached & { readonly branch: string })[];
  /** Blocks that wait for a transcript or link, and to which a chat comes back without waiting for anybody. */
  readonly circles: readonly FlowAction[];
}

/** Blocks that wait for a person: a way back from these is no circle. */
const HAND_OVERS = /^(?:TransferContact|GetParticipantInput|ConnectParticipantWithLexBot|Loop$)/;

/**
 * Follows each way through a contact flow that the chat of such a visitor may take.
 *
 * @param names The attributes that the owner has named.
 */
export function walkFlow(flow: FlowContent, visit: Visit, names: AttributeNames): Walk {
  const blocks = new Map(flow.Actions.map((action) => [action.Identifier, action]));
  const walk = {
    reached: [] as Reached[],
    ends: [] as Walk["ends"][number][],
    deadEnds: [] as Walk["deadEnds"][number][],
  };
  const seen = new Set<string>();
  const start = blocks.get(flow.StartAction);
  const queue: Reached[] = start === undefined ? [] : [{ block: start, way: [], hasWaited: false, hasTried: false }];
  for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
    const key = `${at.block.Identifier} ${at.hasWaited} ${at.hasTried}`;
    if (seen.has(key)) continue;
    seen.add(key);
    walk.reached.push(at);
    const { branches, end } = takeBranches(at.block, visit, names);
    if (end !== null) walk.ends.push({ ...at, end });
    for (const branch of branches) {
      const next = blocks.get(branch.next ?? "");
      if (next === undefined) walk.deadEnds.push({ ...at, branch: branch.name });
      else queue.push(goOn(at, branch, next));
    }
  }
  const circles = listOnce(walk.reached)
    .filter((block) => isLink(block) || isOurWait(block))
    .filter((block) => comesBack(block, blocks, (action) => takeBranches(action, visit, names).branches));
  return { ...walk, circles };
}

function goOn({ block, hasTried, hasWaited, way }: Reached, { name }: Branch, next: FlowAction): Reached {
  return {
    block: next,
    way: [...way, { block, branch: name }],
    hasWaited: hasWaited || isOurWait(block),
    hasTried: hasTried || isLink(block),
  };
}

function listOnce(reached: readonly Reached[]): readonly FlowAction[] {
  return [...new Set(reached.map(({ block }) => block))];
}

function comesBack(
  block: FlowAction,
  blocks: ReadonlyMap<string, FlowAction>,
  leave: (action: FlowAction) => readonly Branch[],
): boolean {
  const seen = new Set<FlowAction>();
  const open = [block];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (HAND_OVERS.test(at.Type)) continue;
    for (const { next } of leave(at)) {
      const found = blocks.get(next ?? "");
      if (found === block) return true;
      if (found === undefined || seen.has(found)) continue;
      seen.add(found);
      open.push(found);
    }
  }
  return false;
}
