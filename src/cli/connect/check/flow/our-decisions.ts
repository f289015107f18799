import { CONTINUE_ATTRIBUTE, FIXED_ATTRIBUTES } from "../../../../core/chat/continuation.ts";
import { type FlowAction, isLink, isOurWait, readAttributeName, readParameter } from "./parse-flow.ts";
import { type Tokens } from "./take-branches.ts";

/** Whether what a token says, or whether a link succeeds, decides how a chat leaves the block. */
export function isDecidedByUs(block: FlowAction, tokens: Tokens): boolean {
  return isLink(block) || isOurWait(block) || isChoice(block, tokens);
}

function isChoice(block: FlowAction, tokens: Tokens): boolean {
  const attribute = readAttributeName(readParameter(block, "ComparisonValue"));
  return block.Type === "Compare" && attribute !== null && listRead(tokens).includes(attribute);
}

/** The attributes that decide whether and when a chat is linked, and to what. */
export function listRead({ contact }: Tokens): readonly string[] {
  return [contact, ...FIXED_ATTRIBUTES];
}

/** Whether a branch of this block that leads nowhere is our concern. */
export function isToldAsDeadEnd(block: FlowAction): boolean {
  const isOurChoice =
    block.Type === "Compare" && readAttributeName(readParameter(block, "ComparisonValue")) === CONTINUE_ATTRIBUTE;
  return isLink(block) || isOurWait(block) || isOurChoice;
}
