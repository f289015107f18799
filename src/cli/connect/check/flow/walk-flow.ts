import { type FlowAction, type FlowContent, isLink, isOurWait, readWaitTime } from "./parse-flow.ts";
import { type Branch, type Exits, takeBranches, type Tokens, type Visit } from "./take-branches.ts";

/** One block on a way, and the branch by which the way leaves it. */
export interface Step {
  readonly block: FlowAction;
  readonly branch: string;
}

/** A block, and the shortest way that leads to it. */
export interface Reached {
  readonly block: FlowAction;
  readonly way: readonly Step[];
  /** Whether the way goes through a block that waits as long as the token says, or longer. */
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

/** The walks of the visitors that are looked at. */
export type Walks = readonly (readonly [visit: Visit, walk: Walk])[];

export type Blocks = ReadonlyMap<string, FlowAction>;

/** How a chat leaves a block. */
export type Leave = (action: FlowAction) => Exits;

/** Follows each way through a contact flow that the chat of such a visitor may take. */
export function walkFlow(flow: FlowContent, visit: Visit, tokens: Tokens): Walk {
  const blocks = mapBlocks(flow);
  const leave: Leave = (action) => takeBranches(action, visit, tokens);
  const start = blocks.get(flow.StartAction);
  const ways = start === undefined ? NO_WAYS : follow(blocks, beginAt(start), leave, tokens);
  const circles = listOnce(ways.reached)
    .filter((block) => isLink(block) || isOurWait(block))
    .filter((block) => comesBack(block, blocks, (action) => leave(action).branches));
  return { ...ways, circles };
}

export function mapBlocks({ Actions }: FlowContent): Blocks {
  return new Map(Actions.map((action) => [action.Identifier, action]));
}

/** @param way The steps before the block that are to be told. */
export function beginAt(block: FlowAction, way: readonly Step[] = []): Reached {
  return { block, way, hasWaited: false, hasTried: false };
}

export function waitsForPerson({ Type }: FlowAction): boolean {
  return HAND_OVERS.test(Type);
}

type Ways = Omit<Walk, "circles">;
const NO_WAYS: Ways = { reached: [], ends: [], deadEnds: [] };

/** Follows each way from a block on. */
export function follow(blocks: Blocks, start: Reached, leave: Leave, tokens: Tokens): Ways {
  const ways = {
    reached: [] as Reached[],
    ends: [] as Walk["ends"][number][],
    deadEnds: [] as Walk["deadEnds"][number][],
  };
  const seen = new Set<string>();
  const queue = [start];
  for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
    const key = `${at.block.Identifier} ${at.hasWaited} ${at.hasTried}`;
    if (seen.has(key)) continue;
    seen.add(key);
    ways.reached.push(at);
    const { branches, end } = leave(at.block);
    if (end !== null) ways.ends.push({ ...at, end });
    for (const branch of branches) {
      const next = blocks.get(branch.next ?? "");
      if (next === undefined) ways.deadEnds.push({ ...at, branch: branch.name });
      else queue.push(goOn(at, branch, next, tokens));
    }
  }
  return ways;
}

function goOn(
  { block, hasTried, hasWaited, way }: Reached,
  { name }: Branch,
  next: FlowAction,
  tokens: Tokens,
): Reached {
  return {
    block: next,
    way: [...way, { block, branch: name }],
    hasWaited: hasWaited || isOurWait(block) || isLongWait(block, tokens),
    hasTried: hasTried || isLink(block),
  };
}

/** Whether the block waits for a fixed time in which each transcript gets ready. */
function isLongWait(block: FlowAction, { readyAfterSeconds }: Tokens): boolean {
  return block.Type === "Wait" && Number.parseInt(readWaitTime(block), 10) >= readyAfterSeconds;
}

function listOnce(reached: readonly Reached[]): readonly FlowAction[] {
  return [...new Set(reached.map(({ block }) => block))];
}

function comesBack(block: FlowAction, blocks: Blocks, leave: (action: FlowAction) => readonly Branch[]): boolean {
  const seen = new Set<FlowAction>();
  const open = [block];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (waitsForPerson(at)) continue;
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
