import { describeByVisit, describeWay } from "./describe-way.ts";
import { type FlowAction, type FlowContent } from "./parse-flow.ts";
import { isDecidedByUs, isToldAsDeadEnd } from "./our-decisions.ts";
import { takeBranches, type Tokens, type Visit } from "./take-branches.ts";
import { beginAt, type Blocks, follow, type Leave, mapBlocks, type Reached, type Walks } from "./walk-flow.ts";

/** Blocks that do one thing: their Error branch is no way that a chat usually takes. */
const PLAIN = /^(?:MessageParticipant|Update\w+|Wait|TagContact)$/;
/** A bot or a view serves a visitor too, and a module may lead to a queue. */
const SERVING = /^(?:GetParticipantInput|ConnectParticipantWithLexBot|ShowView|InvokeFlowModule)$/;
/** A customer who left, or a time that passed: such a branch of Wait may well end the chat. */
const WAITED = new Set(["Success", "WaitCompleted", "Error"]);

/**
 * Finds where the chat of some visitor ends, and no way leads it to an agent, a bot or another flow: from the start, or from
 * a branch that a token or a link decides.
 *
 * A branch that other data decides, such as the opening hours, may end the chat.
 *
 * @returns A line each.
 */
export function findCutOffs(flow: FlowContent, walks: Walks, tokens: Tokens): readonly string[] {
  const blocks = mapBlocks(flow);
  return describeByVisit(
    walks.flatMap(([visit, { reached }]) => {
      const leave: Leave = (action) => leavePlainly(action, visit, tokens);
      const find = (start: Reached) => findEnd(blocks, start, leave, tokens);
      const start = blocks.get(flow.StartAction);
      const atOnce = start === undefined ? null : find(beginAt(start));
      const ends = atOnce === null ? listOutcomes(blocks, reached, visit, tokens).map(find) : [atOnce];
      return ends.filter((end) => end !== null).map((end) => [describeWay(end), visit] as const);
    }),
  );
}

function leavePlainly(action: FlowAction, visit: Visit, tokens: Tokens): ReturnType<Leave> {
  const { branches, end } = takeBranches(action, visit, tokens);
  if (!PLAIN.test(action.Type)) return { branches, end };
  const plain = branches.filter(({ name }) => name !== "Error");
  return { branches: plain.some(({ next }) => next !== null) ? plain : branches, end };
}

/** The blocks to which the branches lead that a token or a link decides. */
function listOutcomes(blocks: Blocks, reached: readonly Reached[], visit: Visit, tokens: Tokens): readonly Reached[] {
  const deciding = new Set(reached.map(({ block }) => block).filter((block) => isDecidedByUs(block, tokens)));
  return [...deciding].flatMap((block) =>
    takeBranches(block, visit, tokens)
      .branches.filter(({ name }) => block.Type !== "Wait" || WAITED.has(name))
      .flatMap(({ name, next }) => {
        const target = blocks.get(next ?? "");
        return target === undefined ? [] : [beginAt(target, [{ block, branch: name }])];
      }),
  );
}

/** @returns Where the chat ends; `null` where it may reach somebody, or where it ends is told as a dead end. */
function findEnd(blocks: Blocks, start: Reached, leave: Leave, tokens: Tokens): Reached | null {
  const { deadEnds, ends, reached } = follow(blocks, start, leave, tokens);
  if (ends.some(({ end }) => end !== "ended") || reached.some(({ block }) => SERVING.test(block.Type))) return null;
  return deadEnds.some(({ block }) => isToldAsDeadEnd(block)) ? null : (ends[0] ?? deadEnds[0] ?? null);
}
